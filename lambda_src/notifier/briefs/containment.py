"""Commands that stop stolen credentials, each with what else it stops. For a person to run: nothing here is automatic.

Facts: IAM user guide, revoking role sessions; Lambda developer guide, execution role; GuardDuty user guide, remediating
compromised credentials.
"""

from notifier.briefs.arguments import Arguments
from notifier.briefs.commands import snippet
from notifier.items.finding import Finding
from notifier.step import Snippet

# The cut-off is the moment at which the command runs: what was issued since the last call seen is stolen as well.
_NOW = "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
_LATEST = "$LATEST"
_INSTEAD = ", instead of that, where more than this workload's may have leaked"


def containment(finding: Finding, given: Arguments) -> tuple[Snippet, ...]:
    """What stops the credentials of `finding`, the narrowest first."""
    if given.long_term:
        command = (
            f"aws iam update-access-key --access-key-id {given.access_key} --status Inactive --user-name {given.user}"
        )
        return (snippet("CHANGES: deactivates the key; everything that uses it stops, and it can be undone", command),)
    if given.service_linked:
        return ()
    made: list[Snippet] = []
    if given.session:
        made.append(
            snippet(
                "CHANGES, the narrow way: refuses this workload's credentials issued up to now, not those of other "
                "users of the role",
                _denied(given.role, "RevokeLeakedSession", session=given.session),
            )
        )
    made.append(
        snippet(
            f"CHANGES{_INSTEAD if made else ''}: refuses all credentials of the role issued up to now; every user of "
            "the role fails until it has new ones",
            _denied(given.role, "AWSRevokeOlderSessions"),
        )
    )
    if finding.lambda_function and given.region:
        made.append(_refresh(finding, given, after="either" if given.session else "it"))
    return tuple(made)


def _refresh(finding: Finding, given: Arguments, *, after: str) -> Snippet:
    version = finding.lambda_function.version if finding.lambda_function else None
    aliases = (
        "" if version in {None, _LATEST} else "; only $LATEST changes: publish a version and move the alias as well"
    )
    command = (
        f"aws lambda update-function-configuration --region {given.region} --function-name {given.function} "
        f'--description "Credentials revoked {_NOW}"'
    )
    return snippet(
        f"CHANGES, right after {after}: gives the running copies of the function new credentials (they keep the "
        f"refused ones until an update); overwrites its description{aliases}",
        command,
    )


def _denied(role: str, policy: str, *, session: str = "") -> str:
    # Single quotes around all of it but the time, which the shell fills in.
    condition = f'"DateLessThan":{{"aws:TokenIssueTime":"\'"{_NOW}"\'"}}'
    if session:
        condition = f'"StringEquals":{{"aws:userId":"{session}"}},{condition}'
    statement = f'{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{{condition}}}}}'
    document = f'{{"Version":"2012-10-17","Statement":[{statement}]}}'
    return f"aws iam put-role-policy --role-name {role} --policy-name {policy} --policy-document '{document}'"
