"""The nodes of one stack: one for a resource, or for several that a reader takes for one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tools.diagram.frames import StackGroup
from tools.diagram.kinds import kind_of
from tools.diagram.model import Node
from tools.diagram.naming import cadence_name, days_kept, detail_of, filters_told, rule_name, rule_names, title_of
from tools.diagram.references import bus_at, resource_at
from tools.templates.assembly import Resource, Stack
from tools.templates.policy_statements import as_list

_QUEUE = "AWS::SQS::Queue"
_ALARMING = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::Logs::MetricFilter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The nodes of a stack, and in which of them each resource is, by logical id."""

    nodes: tuple[Node, ...]
    ids: Mapping[str, str]


def standing_in(stack: Stack, group: StackGroup) -> Standing:
    """Read a stack.

    What becomes one node: the alarms of a stack with the topic that only they publish to, and with the dead-letter
    queues of a stack that has no other queues; its suppression filters, its trusted lists, its dead-letter queues;
    rules with the same bus and the same targets; schedules that wake the same function. A role that a service assumes
    belongs to what runs as it, and is none.

    Raises:
        UndrawableError: It holds a type of which nobody has said how it is drawn.
    """
    nodes: list[Node] = []
    ids: dict[str, str] = {}
    for key, (kind, members) in _groups(stack).items():
        node = _node(f"{group.name}/{key}", kind, members, within=group.name)
        nodes.append(node)
        ids.update(dict.fromkeys((one.logical_id for one in members), node.id))
    return Standing(nodes=tuple(nodes), ids=ids)


def dead_letter_queues(stack: Stack) -> frozenset[str]:
    """The logical ids of the queues that only take what cannot be delivered."""
    found = {one.logical_id for resource in stack.resources.values() for one in given_up_to(resource, stack)}
    return frozenset(found)


def is_schedule(rule: Resource) -> bool:
    """Whether a rule wakes by the clock, and takes no events."""
    return "ScheduleExpression" in rule.properties and "EventPattern" not in rule.properties


def targets_of(rule: Resource) -> Iterator[Mapping[str, object]]:
    """Its targets as the template has them."""
    return (one for one in as_list(rule.properties.get("Targets", [])) if isinstance(one, Mapping))


def _groups(stack: Stack) -> dict[str, tuple[str, list[Resource]]]:
    groups: dict[str, tuple[str, list[Resource]]] = {}
    rules: dict[object, str] = {}
    letters, rung = dead_letter_queues(stack), _rung(stack)
    redriven = any("RedrivePolicy" in one.properties for one in stack.resources.values() if one.type == _QUEUE)
    for resource in stack.resources.values():
        kind = kind_of(resource.type, where=f"{stack.name}: {resource.label}")
        if kind is None and resource.type not in _ALARMING:
            continue
        key, kind = resource.label, kind or "alarms"
        if kind == "role" and _assumed_by_a_service(resource):
            continue
        if kind == "queue" and resource.logical_id in letters:
            key = kind = "dead letters" if redriven else "alarms"
        elif resource.logical_id in rung:
            # What only alarms publish to is theirs.
            key = kind = "alarms"
        elif kind in {"alarms", "filter", "trusted list"}:
            key = kind
        elif kind == "rule":
            kind = "schedule" if is_schedule(resource) else kind
            leads = (bus_at(resource.properties.get("EventBusName"), stack), kind, _leads(resource))
            key = rules.setdefault(leads, key)
        groups.setdefault(key, (kind, []))[1].append(resource)
    return {key: group for key, group in groups.items() if any(kind_of(one.type, where="") for one in group[1])}


def _node(id_: str, kind: str, members: list[Resource], *, within: str) -> Node:
    first, number = members[0], len(members)
    title, detail = title_of(first, kind), detail_of(first, kind)
    match kind:
        case "alarms":
            number = sum(one.type == "AWS::CloudWatch::Alarm" for one in members)
            title, detail = _several(number, "alarm"), _beside_alarms([one.type for one in members])
        case "dead letters":
            title, detail = _several(number, "dead-letter queue"), f"SQS, kept {days_kept(members)} days"
        case "filter":
            title, detail = _several(number, "suppression filter"), filters_told(members)
        case "trusted list":
            title, detail = "Trusted list", "hides every type"
        case "rule":
            carrying, beside = _by_what_they_carry(members)
            title, detail = rule_names(carrying), f"+ {rule_names(beside)}" if beside else "rule"
        case "schedule" if number > 1:
            title, detail = f"{number} schedules", ", ".join(cadence_name(one) for one in members)
    return Node(id=id_, kind=kind, title=title, detail=detail, within=within, holds=number)


def _beside_alarms(types: list[str]) -> str:
    queues = types.count(_QUEUE)
    told = (
        (queues > 0, _several(queues, "dead-letter queue")),
        ("AWS::SNS::Topic" in types, "SNS topic"),
        ("AWS::CloudWatch::Dashboard" in types, "dashboard"),
    )
    return ", ".join(words for there, words in told if there)


def _by_what_they_carry(rules: list[Resource]) -> tuple[list[str], list[str]]:
    """The names of those that carry findings, and of the others; of all if none does."""
    finding = [one for one in rules if "GuardDuty Finding" in str(one.properties.get("EventPattern"))]
    others = [rule_name(one) for one in rules if one not in finding]
    return ([rule_name(one) for one in finding], others) if finding else (others, [])


def _rung(stack: Stack) -> frozenset[str]:
    """The logical ids of the topics to which alarms publish."""
    return frozenset(
        topic.logical_id
        for one in stack.resources.values()
        for action in as_list(one.properties.get("AlarmActions", []))
        if (topic := resource_at(action, stack)) is not None
    )


def _leads(rule: Resource) -> tuple[str, ...]:
    return tuple(str(one.get("Arn")) for one in targets_of(rule))


def _several(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _assumed_by_a_service(role: Resource) -> bool:
    document = role.properties.get("AssumeRolePolicyDocument")
    statements = as_list(document.get("Statement", [])) if isinstance(document, Mapping) else []
    return all(
        isinstance(one, Mapping) and isinstance(who := one.get("Principal"), Mapping) and set(who) == {"Service"}
        for one in statements
    )


def given_up_to(resource: Resource, stack: Stack) -> Iterator[Resource]:
    """The queues that take what this cannot deliver."""
    configurations = [resource.properties.get("RedrivePolicy"), resource.properties.get("DeadLetterConfig")]
    if resource.type == "AWS::Events::Rule":
        configurations += [one.get("DeadLetterConfig") for one in targets_of(resource)]
    if resource.type == "AWS::Scheduler::Schedule":
        target = resource.properties.get("Target")
        configurations += [target.get("DeadLetterConfig")] if isinstance(target, Mapping) else []
    for one in configurations:
        if isinstance(one, Mapping):
            for key in ("deadLetterTargetArn", "Arn", "TargetArn"):
                found = resource_at(one.get(key), stack)
                if found is not None:
                    yield found
