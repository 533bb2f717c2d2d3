"""Commands that stop stolen credentials, each with what else it stops. For a person to run: nothing here is automatic.

Facts: IAM user guide, revoking role sessions, disabling permissions for temporary credentials; Lambda developer guide,
execution role, reserved concurrency; GuardDuty user guide, remediating compromised credentials.
"""

from typing import Literal

from notifier.briefs.arguments import Arguments
from notifier.briefs.commands import account_now, snippet
from notifier.items.finding import Finding
from notifier.step import Snippet

# The cut-off is the moment at which the command runs: what was issued since the last call seen is stolen as well.
_NOW = "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
_LATEST = "$LATEST"
_INSTEAD = ", instead of that, where more than this workload's may have leaked"


def containment(finding: Finding, given: Arguments) -> tuple[Snippet, ...]:
    """What stops the credentials of `finding`, the narrowest first."""
    if given.identity == "user":
        return _of_a_user(given)
    if given.identity != "role":
        return ()
    made: list[Snippet] = []
    if finding.lambda_function and given.region:
        made.append(
            _changing(
                given,
                "CHANGES, first, if the function can stand still: no copy of it starts any more, so that no new "
                "credentials leave. It revokes none; overwrites a limit; ends by delete-function-concurrency",
                f"aws lambda put-function-concurrency --region {given.region} --function-name {given.function} "
                "--reserved-concurrent-executions 0",
            )
        )
    if given.session:
        made.append(
            _changing(
                given,
                "CHANGES, the narrow way: refuses this workload's credentials issued up to now, not those of other "
                "users of the role",
                _denied("role", given.role, "RevokeLeakedSession", session=given.session),
            )
        )
    made.append(
        _changing(
            given,
            f"CHANGES{_INSTEAD if given.session else ''}: refuses all credentials of the role issued up to now; every "
            "user of the role fails until it has new ones",
            _denied("role", given.role, "AWSRevokeOlderSessions"),
        )
    )
    if finding.lambda_function and given.region:
        made.append(_refresh(finding, given, after="either" if given.session else "it"))
    return tuple(made)


def _of_a_user(given: Arguments) -> tuple[Snippet, ...]:
    """A user's sessions go on for up to 36 hours after the key they were made with was deactivated."""
    sessions = _changing(
        given,
        f"CHANGES{', as well' if given.long_term else ''}: refuses the sessions that were made as the user up to now, "
        "also those in the console; long-term keys are not hit",
        _denied("user", given.user, "RevokeOlderSessions"),
    )
    if not given.long_term:
        return (sessions,)
    command = f"aws iam update-access-key --access-key-id {given.access_key} --status Inactive --user-name {given.user}"
    label = "CHANGES: deactivates the key; everything that uses it stops, and it can be undone"
    return (_changing(given, label, command), sessions)


def _changing(given: Arguments, label: str, command: str) -> Snippet:
    """A command that runs in the account of the finding alone: another may have a role or function of the same name."""
    if given.account is None:
        return snippet(label, command)
    return snippet(
        f"{label}. Only in {given.account}",
        f"{account_now(given)} | grep '^{given.account}' && {command}",
    )


def _refresh(finding: Finding, given: Arguments, *, after: str) -> Snippet:
    version = finding.lambda_function.version if finding.lambda_function else None
    aliases = (
        "" if version in {None, _LATEST} else "; only $LATEST changes: publish a version and move the alias as well"
    )
    command = (
        f"aws lambda update-function-configuration --region {given.region} --function-name {given.function} "
        f'--description "Credentials revoked {_NOW}"'
    )
    return _changing(
        given,
        f"CHANGES, right after {after}: gives the running copies of the function new credentials (they keep the "
        f"refused ones until an update); overwrites its description{aliases}",
        command,
    )


def _denied(kind: Literal["role", "user"], name: str, policy: str, *, session: str = "") -> str:
    # Single quotes around all of it but the time, which the shell fills in.
    condition = f'"DateLessThan":{{"aws:TokenIssueTime":"\'"{_NOW}"\'"}}'
    if session:
        condition = f'"StringEquals":{{"aws:userId":"{session}"}},{condition}'
    statement = f'{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{{condition}}}}}'
    document = f'{{"Version":"2012-10-17","Statement":[{statement}]}}'
    return f"aws iam put-{kind}-policy --{kind}-name {name} --policy-name {policy} --policy-document '{document}'"
