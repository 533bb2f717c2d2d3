"""What happened, in one plain sentence."""

from notifier.inert import bounded, inert
from notifier.items.action import Caller
from notifier.items.finding import Finding
from notifier.items.resource import EcsTask

_NAME = 100
_ADDRESS = 60
_EVERYWHERE = 48
"""Characters of a subject that are shown even in a mail, beside severity, account and Region."""

_TYPE_PREFIXES = (
    # By prefix: AWS renamed InstanceCredentialExfiltration in 2021 and exact matches went silent.
    "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration",
    "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration",
)


def is_leaked_credentials(finding_type: str | None) -> bool:
    """Whether the type says that a workload's credentials were used elsewhere."""
    return (finding_type or "").startswith(_TYPE_PREFIXES)


def headline_of(finding: Finding, *, limit: int) -> str:
    """A sentence of our own for leaked credentials; else GuardDuty's title, made inert."""
    if is_leaked_credentials(finding.type):
        sentence = f"{_credentials(finding)} of {_owner(finding)} were used {_where(finding)}."
        return ("Sample, nothing happened: " if finding.sample else "") + sentence
    named = finding.title or finding.type or "GuardDuty reported a finding without a title or a type"
    shown = inert(unlinked(named, finding), limit=limit - 1)
    return shown if shown.endswith((".", "…", "!", "?")) else f"{shown}."


def subject_of(finding: Finding, *, limit: int) -> str:
    """The same in a few words."""
    prefix = "Sample: " if finding.sample else ""
    if is_leaked_credentials(finding.type):
        place = {"OutsideAWS": " outside AWS", "InsideAWS": " elsewhere in AWS"}.get(_suffix(finding), "")
        text = f"Credentials of {_short_owner(finding)} used{place}"
        return bounded((prefix, text), limit=limit)
    title = (finding.title or finding.type or "Finding without a title").removeprefix("[SAMPLE]").strip()
    resource = _resource(finding)
    if resource and resource in title[_EVERYWHERE:]:
        title = f"{resource}: {title}"
    return prefix + inert(unlinked(title, finding), limit=limit - len(prefix))


def _resource(finding: Finding) -> str | None:
    """What the finding is about, by the name that its title has for it."""
    named = (finding.instance_id, *(one.name for one in finding.resources))
    return next((name for name in named if name and len(name) <= _EVERYWHERE), None)


def unlinked(text: str, finding: Finding) -> str:
    """`text` with the domains that the finding is about as `evil[.]example`: mail programs make links of bare ones."""
    facts = finding.action.facts if finding.action else ()
    for domain in sorted((value for name, value in facts if name.startswith("domain")), key=len, reverse=True):
        text = text.replace(domain, domain.replace(".", "[.]"))
    return text


def caller_in_words(caller: Caller | None) -> str:
    """`203.0.113.9 (ExampleNet, Netherlands)`, or what is known of it."""
    if caller is None or caller.address is None:
        return named_caller(caller) or "an unknown address"
    about = [inert(part, limit=_ADDRESS) for part in (caller.network, caller.country) if part]
    return inert(caller.address, limit=_ADDRESS) + (f" ({', '.join(about)})" if about else "")


def named_caller(caller: Caller | None) -> str | None:
    """Who called by its name, which GuardDuty may give in place of an address."""
    if caller and caller.domain:
        return inert(caller.domain, limit=_NAME)
    return f"the AWS service {inert(caller.service, limit=_NAME)}" if caller and caller.service else None


def task_name(task: EcsTask) -> str | None:
    """Family and revision (`checkout:42`), which people know; else the task's id."""
    return last_part(task.definition) or last_part(task.arn)


def last_part(arn: str | None) -> str | None:
    """What follows the last slash of an ARN."""
    return (arn or "").rsplit("/", 1)[-1] or None


def _credentials(finding: Finding) -> str:
    # Long-term keys (AKIA…) are not what these types are about; should one appear, do not call it temporary.
    key = finding.access_key.access_key_id if finding.access_key else None
    return "Credentials" if key and not key.startswith("ASIA") else "Temporary credentials"


def _owner(finding: Finding) -> str:
    """The workload the credentials were made for, by whichever block is filled in."""
    instance = finding.instance_id
    if instance and (finding.type or "").startswith(_TYPE_PREFIXES[1]):
        return f"the EC2 instance {inert(instance, limit=_NAME)}"
    if finding.lambda_function and finding.lambda_function.name:
        return f"the Lambda function {inert(finding.lambda_function.name, limit=_NAME)}"
    if task := finding.ecs_task:
        cluster = f" in the cluster {inert(task.cluster, limit=_NAME)}" if task.cluster else ""
        return f"{f'the ECS task {inert(name, limit=_NAME)}' if (name := task_name(task)) else 'an ECS task'}{cluster}"
    if finding.access_key and finding.access_key.user_name:
        return f"a workload with the role {inert(finding.access_key.user_name, limit=_NAME)}"
    return "a workload that the finding does not name"


def _short_owner(finding: Finding) -> str:
    instance = finding.instance_id
    if instance and (finding.type or "").startswith(_TYPE_PREFIXES[1]):
        return inert(instance, limit=_NAME)
    if finding.lambda_function and finding.lambda_function.name:
        return inert(finding.lambda_function.name, limit=_NAME)
    if finding.ecs_task and (name := task_name(finding.ecs_task)):
        return f"ECS task {inert(name, limit=_NAME)}"
    if finding.access_key and finding.access_key.user_name:
        return f"role {inert(finding.access_key.user_name, limit=_NAME)}"
    return "a workload"


def _where(finding: Finding) -> str:
    words = f"from {caller_in_words(finding.caller)}"
    if _suffix(finding) == "OutsideAWS":
        return f"{words}, outside AWS"
    if _suffix(finding) == "InsideAWS":
        account = finding.caller.account if finding.caller else None
        other = f" by the AWS account {inert(account, limit=_ADDRESS)}" if account else ""
        return f"{words}{other}, inside AWS but not where they belong"
    return f"{words}, not where they belong"


def _suffix(finding: Finding) -> str:
    return (finding.type or "").rpartition(".")[2]
