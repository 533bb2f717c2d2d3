"""Calls that only read and yet take something away: other credentials, or secrets."""

from investigation.wire import Block, block, text

TAKES = {
    "sts.amazonaws.com": {"AssumeRole", "AssumeRoot", "GetFederationToken", "GetSessionToken", "GetWebIdentityToken"},
    "iam.amazonaws.com": {
        "CreateAccessKey",
        "CreateLoginProfile",
        "CreateServiceSpecificCredential",
        "ResetServiceSpecificCredential",
        "UpdateLoginProfile",
    },
}
"""Calls that hand out credentials, which go on when those that made the call are revoked (STS and IAM API references).
CloudTrail calls those of STS read-only. Calls that are not signed with a key are in no key's history."""

SECRETS = {"GetSecretValue", "BatchGetSecretValue"}
"""Calls that return secrets (Secrets Manager API reference); CloudTrail calls them read-only too."""

PARAMETERS = {"GetParameter", "GetParameterHistory", "GetParameters", "GetParametersByPath"}
"""Calls that return parameters; secrets, where their decryption was asked for (Systems Manager API reference)."""

_KEY, _WHOM = 40, 160


def takes_credentials(event: Block) -> bool:
    """Whether a call that succeeded handed out credentials."""
    return text(event.get("eventName")) in TAKES.get(_source(event), ())


def reads_secret(event: Block) -> bool:
    """Whether a call that succeeded returned a secret; a parameter is one where its decryption was asked for."""
    source, name = _source(event), text(event.get("eventName"))
    if source == "secretsmanager.amazonaws.com":
        return name in SECRETS
    decrypted = str(block(event.get("requestParameters")).get("withDecryption")).lower() == "true"
    return source == "ssm.amazonaws.com" and name in PARAMETERS and decrypted


def whose(event: Block) -> str:
    """Whom the credentials are of: a role's ARN, a user's name; empty where the call does not say."""
    asked = block(event.get("requestParameters"))
    said = [text(asked.get(member), limit=_WHOM) for member in _ASKED]
    said += [text(one.get("userName"), limit=_WHOM) for one in _made(event)]
    return next(filter(None, said), "")


def named(event: Block) -> str:
    """Which credentials were handed out: `ASIA… of arn:aws:iam::111122223333:role/admin (AssumeRole)`."""
    key = next(filter(None, (text(one.get(member), limit=_KEY) for one in _made(event) for member in _KEYS)), "")
    whom = whose(event)
    return f"{key or 'credentials'}{' of ' if whom else ''}{whom} ({text(event.get('eventName'))})"


def _made(event: Block) -> list[Block]:
    answer = block(event.get("responseElements"))
    return [block(answer, one) for one in _ANSWERS]


_ANSWERS = ("credentials", "accessKey", "serviceSpecificCredential", "loginProfile")
_KEYS = ("accessKeyId", "serviceSpecificCredentialId")
_ASKED = ("roleArn", "targetPrincipal", "userName", "name")


def _source(event: Block) -> str:
    return text(event.get("eventSource")).removesuffix(".cn")
