"""Commands that stop stolen credentials, each with what else it stops. For a person to run: nothing here is automatic.

Facts: IAM user guide, revoking role sessions, disabling permissions for temporary credentials; Lambda developer guide,
execution role, reserved concurrency; GuardDuty user guide, remediating compromised credentials.
"""

import hashlib

from notifier.briefs.arguments import Arguments
from notifier.briefs.commands import only_in, snippet
from notifier.briefs.identity import is_of_a_workload
from notifier.items.finding import Finding
from notifier.step import Snippet

# The cut-off is the moment at which the command runs: what was issued since the last call seen is stolen as well.
_NOW = "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
_LATEST = "$LATEST"
_PUBLIC_ACCESS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def at_once(finding: Finding, given: Arguments) -> tuple[Snippet, ...]:
    """What stops the credentials of `finding` and hits little else: it need not wait for a look at the role."""
    if given.identity == "user":
        return _of_a_user(given)
    if given.identity != "role":
        return ()
    if not given.session:
        return tuple(one for one in (_stopped(finding, given),) if one)
    whose = "workload's" if is_of_a_workload(finding) else "session's"
    narrow = _changing(
        given,
        f"CHANGES: refuses this {whose} credentials issued up to now, not those of other users of the role",
        _denied(given, _policy_of(given.session), session=given.session),
    )
    return tuple(one for one in (_stopped(finding, given), narrow, _refresh(finding, given)) if one)


def _policy_of(session: str) -> str:
    """A name for each session: another workload of the role may have leaked too.

    A policy of the same name would be replaced, which lets the first thief in again (IAM API reference, PutRolePolicy).
    """
    return f"RevokeLeakedSession-{hashlib.sha256(session.encode()).hexdigest()[:8]}"


def of_all_the_role(finding: Finding, given: Arguments) -> tuple[Snippet, ...]:
    """What stops every session of the role, whoever has it; with what has to follow, unless that was told before."""
    if given.identity != "role":
        return ()
    label = "CHANGES: refuses all credentials of the role issued up to now; its users fail until they have new ones"
    wide = _changing(given, label, _denied(given, "AWSRevokeOlderSessions"))
    after = None if given.session else _refresh(finding, given)
    return (wide, after) if after else (wide,)


def _stopped(finding: Finding, given: Arguments) -> Snippet | None:
    """The workload stands still: whoever runs code in it takes the next credentials as well."""
    if finding.lambda_function and given.region:
        return _changing(
            given,
            "CHANGES: stops the function, if it can stand still; revokes nothing, overwrites a limit, and ends by "
            "delete-function-concurrency",
            f"aws lambda put-function-concurrency --region {given.region} --function-name {given.function} "
            "--reserved-concurrent-executions 0",
        )
    if finding.ecs_task and given.region:
        return _changing(
            given,
            "CHANGES: stops the task, and what it holds in memory is gone; a service starts another, with credentials "
            "of its own",
            f"aws ecs stop-task --region {given.region} --cluster {given.cluster} --task {given.task} "
            "--query task.lastStatus --output text",
        )
    return None


def closed_bucket(given: Arguments) -> tuple[Snippet, ...]:
    """What closes a bucket to everybody outside (S3 user guide, blocking public access)."""
    if given.region is None or given.bucket is None:
        return ()
    blocked = ",".join(f"{one}=true" for one in _PUBLIC_ACCESS)
    return (
        _changing(
            given,
            "CHANGES: nobody reads the bucket without being allowed to by name; a website that is served from it stops",
            f"aws s3api put-public-access-block --region {given.region} --bucket {given.bucket} "
            f"--public-access-block-configuration {blocked}",
        ),
    )


def _of_a_user(given: Arguments) -> tuple[Snippet, ...]:
    """A user's sessions go on for up to 36 hours after the key they were made with was deactivated."""
    sessions = _changing(
        given,
        f"CHANGES{', as well' if given.long_term else ''}: refuses the sessions that were made as the user up to now, "
        "also those in the console; long-term keys are not hit",
        _denied(given, "RevokeOlderSessions"),
    )
    if not given.long_term:
        return (sessions,)
    command = (
        f"aws iam update-access-key --access-key-id {given.access_key} --status Inactive --user-name {given.user}"
        f"{given.iam_region}"
    )
    label = "CHANGES: deactivates the key; everything that uses it stops, and it can be undone"
    return (_changing(given, label, command), sessions)


def _changing(given: Arguments, label: str, command: str) -> Snippet:
    """A command that runs in the account of the finding alone, where that is known."""
    if given.account:
        command = only_in(given.account, command, region=given.regions[0] if given.regions else None)
    return snippet(label, command, changes=True)


def _refresh(finding: Finding, given: Arguments) -> Snippet | None:
    if not finding.lambda_function or not given.region:
        return None
    version = finding.lambda_function.version
    aliases = (
        "" if version in {None, _LATEST} else "; only $LATEST changes: publish a version and move the alias as well"
    )
    command = (
        f"aws lambda update-function-configuration --region {given.region} --function-name {given.function} "
        f'--description "Credentials revoked {_NOW}" --query LastUpdateStatus --output text'
    )
    return _changing(
        given,
        "CHANGES, after every refusal: running copies get new credentials only by an update; overwrites the function's "
        f"description{aliases}",
        command,
    )


def _denied(given: Arguments, policy: str, *, session: str = "") -> str:
    """A policy on the role or the user that refuses what was issued up to now, to one session or to all."""
    kind, name = ("user", given.user) if given.identity == "user" else ("role", given.role)
    # Single quotes around all of it but the time, which the shell fills in.
    condition = f'"DateLessThan":{{"aws:TokenIssueTime":"\'"{_NOW}"\'"}}'
    if session:
        # A chat program would make a mention of `@`; `?` stands for any one sign (IAM user guide, StringLike).
        operator = "StringLike" if "@" in session else "StringEquals"
        condition = f'"{operator}":{{"aws:userId":"{session.replace("@", "?")}"}},{condition}'
    statement = f'{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{{condition}}}}}'
    document = f'{{"Version":"2012-10-17","Statement":[{statement}]}}'
    return (
        f"aws iam put-{kind}-policy{given.iam_region} --{kind}-name {name} --policy-name {policy} "
        f"--policy-document '{document}'"
    )
