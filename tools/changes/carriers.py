"""What carries findings: every property that could stop one on its way, and that no other section judges."""

from collections.abc import Iterator, Mapping
from itertools import chain

from tools.changes.change import BLIND, NOTHING, Change, Judgement, Topic
from tools.changes.comparison import Comparison
from tools.templates.assembly import Resource
from tools.templates.plain_values import UnjudgedError, mapping, mappings
from tools.templates.wording import listing, quoted

_NAMES = frozenset({"Description", "Tags"})
# By type: properties that other sections judge, and those that stop nothing. A name that changes makes another
# resource, which is told among the replacements. Of every other property nobody knows that it stops nothing.
_TYPES: Mapping[str, tuple[str, frozenset[str]]] = {
    "AWS::Events::Archive": ("the archive", _NAMES | {"ArchiveName", "SourceArn"}),
    "AWS::Events::EventBus": ("the bus", _NAMES | {"Name", "Policy"}),
    "AWS::Events::Rule": (
        "the rule",
        _NAMES | {"EventBusName", "EventPattern", "Name", "ScheduleExpression", "State", "Targets"},
    ),
    "AWS::KMS::Key": (
        "the key",
        _NAMES | {"EnableKeyRotation", "KeyPolicy", "PendingWindowInDays", "RotationPeriodInDays"},
    ),
    "AWS::Lambda::EventSourceMapping": (
        "the reader",
        _NAMES | {"Enabled", "EventSourceArn", "FilterCriteria", "FunctionName"},
    ),
    "AWS::Lambda::Function": (
        "the function",
        _NAMES
        | {"Architectures", "Code", "Environment", "EphemeralStorage", "FunctionName", "MemorySize"}
        | {"ReservedConcurrentExecutions", "TracingConfig"},
    ),
    "AWS::SNS::Subscription": (
        "the subscription",
        _NAMES | {"Endpoint", "FilterPolicy", "Protocol", "RedrivePolicy", "TopicArn"},
    ),
    "AWS::SNS::Topic": ("the topic", _NAMES | {"DisplayName", "TopicName"}),
    "AWS::SQS::Queue": ("the queue", _NAMES | {"QueueName"}),
    "AWS::StepFunctions::StateMachine": ("the state machine", _NAMES | {"StateMachineName"}),
}
_TARGET = frozenset({"Id", "Arn"})
"""Of a target of a rule: what the routes are judged by."""

_KEPT_FOR: Mapping[tuple[str, str], tuple[str, float]] = {
    ("AWS::SQS::Queue", "MessageRetentionPeriod"): ("seconds", 345_600),
    ("AWS::Events::Archive", "RetentionDays"): ("days", float("inf")),
}
"""How long something is kept: the unit, and for how long where the template does not say (CloudFormation)."""


def carried(type_: str) -> bool:
    """Whether findings pass through a resource of this type."""
    return type_ in _TYPES


def carrier_changes(comparison: Comparison) -> Iterator[Change]:
    """Every such property that changes of a resource that stays."""
    for stack in comparison.lasting:
        for pair in stack.resources(lambda type_: type_ in _TYPES):
            if pair.base and pair.new and pair.differs:
                for judged in _judged(pair.base, pair.new):
                    yield pair.change(Topic.ROUTES, judged, among=comparison.places)


def _judged(base: Resource, new: Resource) -> Iterator[Judgement]:
    noun, judged = _TYPES[new.type]
    name = f"{noun} {quoted(new.label)}"
    changed = {one for one in {*base.properties, *new.properties} - judged if _differs(base, new, one)}
    for kept in sorted(changed & {one for type_, one in _KEPT_FOR if type_ == new.type}):
        if (says := _kept(base, new, kept)) is not None:
            changed.discard(kept)
            yield Judgement(f"{name} {says}", kinds=BLIND if " only, " in says else NOTHING)
    if new.type == "AWS::KMS::Key" and "Enabled" in changed and new.properties.get("Enabled") in (False, "false"):
        changed.discard("Enabled")
        yield Judgement(f"{name} is switched off: nothing that it encrypts can be read", kinds=BLIND)
    if new.type == "AWS::SQS::Queue" and "RedrivePolicy" in changed and not new.properties.get("RedrivePolicy"):
        changed.discard("RedrivePolicy")
        yield Judgement(f"{name} no longer keeps what fails", kinds=BLIND)
    if new.type == "AWS::Events::Rule":
        changed |= set(_targets(base, new))
    if changed:
        doubt = ", and whether everything still passes cannot be told"
        yield Judgement(f"{name} changes ({listing(changed)})", doubt, unknown=BLIND)


def _differs(base: Resource, new: Resource, name: str) -> bool:
    return base.properties.get(name) != new.properties.get(name)


def _kept(base: Resource, new: Resource, name: str) -> str | None:
    """In words, where both sides can be read as numbers."""
    unit, unsaid = _KEPT_FOR[new.type, name]
    try:
        before, after = (float(str(side.properties.get(name, unsaid))) for side in (base, new))
    except ValueError:
        return None
    if name == "RetentionDays":
        # 0 is for ever, as it is where nothing is said (EventBridge API reference, CreateArchive).
        before, after = before or unsaid, after or unsaid
    only = " only" if after < before else ""
    return f"keeps what it has {_span(after, unit)}{only}, {_span(before, unit)} before"


def _span(number: float, unit: str) -> str:
    return "for ever" if number == float("inf") else f"for {number:,.0f} {unit}"


def _targets(base: Resource, new: Resource) -> Iterator[str]:
    """What else changes of a target that stays: what it is told, how often it is tried, and with whose rights."""
    try:
        before, after = (
            {str(one.get("Id")): one for one in mappings(side.properties.get("Targets"), "its targets")}
            for side in (base, new)
        )
    except UnjudgedError:
        return  # told by the routes
    for id_ in sorted(before.keys() & after.keys()):
        for member in sorted({*chain(before[id_], after[id_])} - _TARGET):
            old, now = before[id_].get(member), after[id_].get(member)
            if old != now and not (member == "DeadLetterConfig" and _kept_or_not(old, now)):
                yield f"{member} of {id_}"


def _kept_or_not(old: object, now: object) -> bool:
    """Whether it only comes or goes, which the routes tell."""
    try:
        return not mapping(old, "it") or not mapping(now, "it")
    except UnjudgedError:
        return False
