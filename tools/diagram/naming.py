"""What the picture calls a resource, by what its template says."""

import re
from collections.abc import Iterable, Mapping

from tools.templates.assembly import Resource
from tools.templates.plain_values import tags

_PLAIN = {"Queue", "Rule", "Topic", "Function", "Table", "Machine", "Default", "Resource", "Worker"}
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NUMBERED = re.compile(r"-\d+$")


def title_of(resource: Resource, kind: str) -> str:
    """The bold words beside the icon."""
    if kind in _TITLES:
        return _TITLES[kind]
    match kind, resource.properties:
        case "function", {"Handler": str(handler)} if handler.startswith("organization."):
            # One code serves delegation and enrolment; the construct says which.
            return _sentence(resource.label.partition("/")[0])
        case "function", {"Handler": str(handler)}:
            package, module, *_ = handler.split(".")
            return _sentence(package if module == "handler" else f"{package} {module}")
        case "bus", {"Name": str(name)}:
            return name
        case "schedule", _:
            return _sentence(_own(resource.label))
    return _own(resource.label)


def detail_of(resource: Resource, kind: str) -> str:
    """The small words under it."""
    properties = resource.properties
    match kind, properties:
        case "archive", {"RetentionDays": days}:
            return f"{days} days, for replay"
        case "schedule", {"ScheduleExpression": str(expression)}:
            return _cadence(expression)
    return _DETAILS.get(kind, "")


def rule_names(names: Iterable[str]) -> str:
    """Rules in few words: those that differ by a number only are counted."""
    counted: dict[str, int] = {}
    for name in names:
        plain = _NUMBERED.sub("", name)
        counted[plain] = counted.get(plain, 0) + 1
    return ", ".join(name if count == 1 else f"{name} ({count})" for name, count in counted.items())


def filters_told(filters: list[Resource]) -> str:
    """What the filters of a Region do together."""
    hiding = sum(one.properties.get("Action") == "ARCHIVE" for one in filters)
    entries = {tags(one.properties.get("Tags")).get("egress-entry", one.label) for one in filters}
    owners = next(iter(entries)) if len(entries) == 1 else f"{len(entries)} entries"
    doing = (
        "archives" if hiding == len(filters) else "only counts" if not hiding else f"{hiding} of {len(filters)} archive"
    )
    return f"{owners}: {doing}"


def days_kept(queues: list[Resource]) -> str:
    """For how many days queues keep a message; of several figures the shortest and the longest."""
    # Four days if the template does not say (SQS API reference, MessageRetentionPeriod).
    days = sorted({int(str(one.properties.get("MessageRetentionPeriod", 345_600))) // 86_400 for one in queues})
    return "-".join(str(one) for one in dict.fromkeys((days[0], days[-1])))


def cadence_name(schedule: Resource) -> str:
    """`hourly` for what the template calls HourlySchedule."""
    return _own(schedule.label).removesuffix("Schedule").lower()


def rule_name(rule: Resource) -> str:
    """Its name, or what the template calls it."""
    name = rule.properties.get("Name")
    return name if isinstance(name, str) else _own(rule.label)


def secret_name(arn: str) -> str:
    """The name in the ARN that a policy gives, which ends with `-??????`."""
    return arn.rpartition(":secret:")[2].removesuffix("-??????")


_TITLES: Mapping[str, str] = {
    "archive": "Archive", "detective": "Detective", "guardduty": "GuardDuty", "key": "KMS key",
}  # fmt: skip
_DETAILS: Mapping[str, str] = {
    "guardduty": "detector",
    "detective": "behavior graph",
    "function": "Lambda function",
    "bus": "event bus",
    "queue": "SQS queue",
    "topic": "SNS topic",
    "table": "DynamoDB",
    "machine": "Step Functions",
    "key": "encrypts queues, topics",
    "stack set": "StackSet",
    "role": "IAM role",
    "identity provider": "OpenID Connect",
}


def _own(label: str) -> str:
    """The last part of a construct's path that says more than its type."""
    parts = label.split("/")
    told = [part for part in parts if part not in _PLAIN] or parts
    return re.sub(r"^(To|Topic|Route)-", "", told[-1])


def _sentence(text: str) -> str:
    return _WORD.sub(" ", text.replace("_", " ")).capitalize()


def _cadence(expression: str) -> str:
    return {"rate(1 hour)": "every hour", "rate(1 day)": "every day"}.get(expression, expression)
