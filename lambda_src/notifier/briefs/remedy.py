"""In which order stolen credentials are stopped, in words; the commands for it are in `containment`."""

from notifier.briefs.arguments import Arguments
from notifier.briefs.identity import Identity, is_of_a_workload
from notifier.items.finding import Finding

_BY_OTHERS: dict[Identity, str] = {
    "service-role": (
        "the role is linked to an AWS service and cannot be changed. Stop what runs with it, and open a support case"
    ),
    "permission-set": (
        "the role belongs to a permission set of IAM Identity Center and cannot be changed in IAM. In Identity Center "
        "disable the user and end the user's sessions; those of the role go on until a policy of the permission set, "
        "or of the organization, refuses what was issued before now (aws:TokenIssueTime)"
    ),
    "federated": (
        "it is a session that an IAM user made with GetFederationToken; the event history names the user. Refuse that "
        "user's sessions (a policy on aws:TokenIssueTime), and deactivate the user's key"
    ),
    "root": (
        "it is the root user's. Sign in as the root user, deactivate and delete the key, change the password, look at "
        "the MFA devices, and open a support case"
    ),
}
"""What nobody can do by a command of the finding's account."""

_LONG_TERM = (
    "it is a long-term key. Deactivate it, and refuse the sessions that were made with it; give whoever needs one "
    "another, and delete it when nothing has failed"
)
_SESSION = (
    "it is a session of an IAM user. Refuse the user's sessions, and deactivate the long-term key or change the "
    "password that it was made with"
)


def at_once(finding: Finding, given: Arguments) -> str:
    """How the credentials of `finding` are stopped, if they were stolen; without a full stop.

    Whoever still runs code in the workload takes the next credentials as well, so that it stops first if it can.
    """
    if given.identity in _BY_OTHERS:
        return _BY_OTHERS[given.identity]
    if given.identity == "user":
        return _LONG_TERM if given.long_term else _SESSION
    if not given.session:
        key = finding.access_key
        named = key and key.principal_id and ":" in key.principal_id
        why = (
            "The name of the session is not safe to paste" if named else "The finding does not say which session leaked"
        )
        return f"{_stopped(finding)}. {why}: all of the role's are refused below"
    if finding.lambda_function:
        return f"{_stopped(finding)}, refuse its sessions, and refresh it"
    if not is_of_a_workload(finding):
        return f"{_stopped(finding)}, and refuse this session's credentials"
    fails = "; the instance fails too, until its metadata service has new credentials" if finding.instance_id else ""
    return f"{_stopped(finding)}, and refuse its sessions{fails}"


def afterwards(finding: Finding, given: Arguments) -> str:
    """What is left to do when the credentials are stopped; empty where that was all.

    The search for the way by which they left may take days, and nothing waits for it.
    """
    if given.identity != "role":
        return ""
    revoke = "Refuse all sessions of the role"
    if given.session:
        whose = "workload's" if is_of_a_workload(finding) else "session's"
        revoke = f"Where more than this {whose} credentials may have leaked, refuse all sessions of the role"
    if finding.lambda_function:
        return (
            f"{revoke}, and refresh the function after it. Find how the credentials left it (environment variables, "
            "logs, dependencies) and close that: until then new ones leave as well, so refuse those in the end too."
        )
    if not is_of_a_workload(finding):
        return (
            f"{revoke}. Find how the credentials got away from whoever or whatever holds the session and close that "
            "before it has new ones."
        )
    return f"{revoke}. Find how the credentials left the workload and close that, then start a clean one."


def _stopped(finding: Finding) -> str:
    if finding.lambda_function:
        return "stop the function if it can stand still"
    if finding.ecs_task:
        return "stop the task after saving what you need of it"
    if not is_of_a_workload(finding):
        return "keep whoever or whatever holds the session from assuming the role again"
    kept = "after saving what you need of it"
    return f"isolate the instance {kept}, by the runbook" if finding.instance_id else f"isolate the workload {kept}"
