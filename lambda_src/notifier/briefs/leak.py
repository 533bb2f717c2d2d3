"""What was probably leaked, and how: in general terms, since a finding does not say it."""

from notifier.briefs.identity import identity_of, is_of_a_workload
from notifier.inert import inert
from notifier.items.finding import Finding

_NAME = 100
_ANY = "GuardDuty sees that the credentials were used elsewhere, not how they got there."


_OTHERS: dict[str, str] = {
    "user": "temporary credentials of an IAM user, made by a long-term key or a sign-in that may have leaked as well.",
    "federated": "temporary credentials that an IAM user made for somebody, from a key that may have leaked as well.",
    "permission-set": (
        "the temporary credentials of a person who signed in by IAM Identity Center, which command line tools keep in "
        "files of the person's machine."
    ),
    "root": "credentials of the root user, who may do everything in the account.",
}


def leak_of(finding: Finding) -> str:
    """Where the credentials of this kind of workload are kept, and how they usually leave it."""
    whose = identity_of(finding)
    if finding.access_key and finding.access_key.long_term and whose != "root":
        return (
            "Probably leaked: a long-term access key, which is valid until somebody deactivates it. Such keys are "
            f"found in code, images, configuration files and on laptops. {_ANY}"
        )
    if whose in _OTHERS:
        return f"Probably leaked: {_OTHERS[whose]} {_ANY}"
    if finding.lambda_function:
        # Lambda developer guide, defined runtime environment variables.
        return (
            "Probably leaked: the function's temporary credentials, which the runtime keeps in the environment "
            "variables AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. Whoever runs code in the "
            "function, or makes it show its environment (injection, a dependency, a log, an error page), has them, "
            f"and with them every other variable of the function: change the secrets in those too. {_ANY}"
        )
    if finding.ecs_task:
        # ECS developer guide, task IAM role.
        return (
            "Probably leaked: the temporary credentials of the task's role, which every container of the task gets "
            "from the metadata address 169.254.170.2. Whoever runs code in the task, or makes it send a request "
            f"there, has them. {_ANY}"
        )
    if finding.instance_id:
        # EC2 user guide, instance metadata.
        return (
            "Probably leaked: the temporary credentials of the instance's role, which everything on the instance gets "
            "from the metadata service at 169.254.169.254. Without IMDSv2 a request that the instance was made to "
            f"send is enough. {_ANY}"
        )
    return f"Probably leaked: temporary credentials{_of_whom(finding)} {_ANY}"


def _of_whom(finding: Finding) -> str:
    """The role and its session, as far as they are known: whoever assumes a role chooses the session's name."""
    key = finding.access_key
    role = key.user_name if key else None
    _, _, session = ((key and key.principal_id) or "").partition(":")
    if not role and not session:
        return "; the finding does not name whose."
    named = f" of the role {inert(role, limit=_NAME)}" if role else " of a role"
    if session:
        named += f", session {inert(session, limit=_NAME)}"
    if is_of_a_workload(finding):
        return f"{named}. They are a workload's, and the finding does not say which."
    return f"{named}. The finding does not say who or what holds the session."
