"""A rule of EventBridge as a template has it: where it listens, what it takes, and where each target leads."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tools.journey.destination import Destination, readers_of
from tools.templates.assembly import Resource, Stack
from tools.templates.plain_values import UnjudgedError, mapping, mappings, text
from tools.templates.policy_statements import shown

RULE = "AWS::Events::Rule"
_BUS_ARN = re.compile(r"arn:[^:]+:events:(?P<region>[^:]+):(?P<account>[^:]+):event-bus/(?P<name>[^/]+)")
_ALTERING = ("Input", "InputPath", "InputTransformer")


@dataclass(frozen=True, slots=True)
class Bus:
    """An event bus of an account and Region."""

    account: str
    region: str
    name: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Something that takes the event and is neither a bus nor a destination: a function, a topic, a queue of no one."""

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a rule leads.

    Attributes:
        leads: A bus, the destinations behind a queue, or something else.
        altered: The event is changed on the way.
    """

    id: str
    leads: Bus | tuple[Destination, ...] | Elsewhere
    altered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule with an event pattern.

    Attributes:
        pattern: The conditions that are written out in the template; all of them have to hold.
        computed: The fields of the others, whose values CloudFormation fills in.
    """

    name: str
    bus: Bus
    on: bool
    pattern: Mapping[str, object]
    computed: tuple[str, ...]
    targets: tuple[Target, ...]

    @property
    def leads_to(self) -> tuple[str, ...]:
        """The destinations that it names."""
        return tuple(one.name for target in self.targets if isinstance(target.leads, tuple) for one in target.leads)


def read_rule(resource: Resource, stack: Stack) -> Rule | None:
    """Read a rule; None for one that only runs by the clock.

    Raises:
        UnjudgedError: Something about it is not written out in the template; names rule and what.
    """
    properties = resource.properties
    what = f"the rule {resource.label}"
    if "EventPattern" not in properties and "ScheduleExpression" in properties:
        return None
    name = properties.get("Name", resource.label)
    pattern = _pattern(properties.get("EventPattern"), what, stack)
    return Rule(
        name=text(name, f"{what}: its name"),
        bus=bus_of(properties.get("EventBusName", "default"), stack),
        on=text(properties.get("State", "ENABLED"), f"{what}: its state") != "DISABLED",
        pattern=_written_out(pattern),
        computed=tuple(".".join(path) for path in _computed(pattern)),
        targets=tuple(_target(one, stack, what) for one in mappings(properties.get("Targets"), f"{what}: its targets")),
    )


def bus_of(value: object, stack: Stack) -> Bus:
    """The bus that a property names, by name, by ARN, or by reference.

    Raises:
        UnjudgedError: It names none of these.
    """
    match value:
        case {"Ref": str(id_)} | {"Fn::GetAtt": [str(id_), "Arn" | "Name"]} if id_ in stack.resources:
            resource = stack.resources[id_]
            name = text(resource.properties.get("Name"), f"the name of the bus {resource.label}")
            return Bus(account=stack.account, region=stack.region, name=name)
    said = shown(value, name=lambda _: None)
    if (arn := _BUS_ARN.fullmatch(said)) is not None:
        # Pseudo parameters stand for the place of the stack itself.
        account = stack.account if arn["account"].startswith("<") else arn["account"]
        region = stack.region if arn["region"].startswith("<") else arn["region"]
        return Bus(account=account, region=region, name=arn["name"])
    if isinstance(value, str) and ":" not in value:
        return Bus(account=stack.account, region=stack.region, name=value)
    raise UnjudgedError(f"{stack.name}: which bus {said} is cannot be told")


def _pattern(value: object, what: str, stack: Stack) -> Mapping[str, object]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise UnjudgedError(f"{what}: its event pattern is not JSON") from None
    return mapping(_placed(mapping(value, f"{what}: its event pattern"), stack), what)


def _placed(value: object, stack: Stack) -> object:
    """With the account and the Region of the stack, where the template leaves them to CloudFormation."""
    if isinstance(value, list):
        return [_placed(one, stack) for one in value]
    if not isinstance(value, Mapping):
        return value
    here = {"AWS::AccountId": stack.account, "AWS::Region": stack.region}.get(str(value.get("Ref")))
    return here if here and len(value) == 1 else {name: _placed(one, stack) for name, one in value.items()}


def _written_out(pattern: Mapping[str, object]) -> Mapping[str, object]:
    """The pattern without the conditions that hold a function of CloudFormation."""
    kept: dict[str, object] = {}
    for name, asked in pattern.items():
        if isinstance(asked, Mapping):
            if inner := _written_out(asked):
                kept[name] = inner
        elif not _is_computed(asked):
            kept[name] = asked
    return kept


def _computed(pattern: Mapping[str, object]) -> Iterator[tuple[str, ...]]:
    for name, asked in pattern.items():
        if isinstance(asked, Mapping) and not _is_function(asked):
            yield from ((name, *path) for path in _computed(asked))
        elif _is_computed(asked):
            yield (name,)


def _is_computed(asked: object) -> bool:
    if isinstance(asked, Mapping):
        return _is_function(asked) or any(map(_is_computed, asked.values()))
    return isinstance(asked, list | tuple) and any(map(_is_computed, asked))


def _is_function(asked: Mapping[str, object]) -> bool:
    return any(name == "Ref" or name.startswith("Fn::") for name in asked)


def _target(target: Mapping[str, object], stack: Stack, what: str) -> Target:
    arn = target.get("Arn")
    said = shown(arn, name=lambda id_: stack.resources[id_].label if id_ in stack.resources else None)
    return Target(
        id=text(target.get("Id"), f"{what}: the id of a target"),
        leads=_leads(arn, said, stack),
        altered=any(name in target for name in _ALTERING),
    )


def _leads(arn: object, said: str, stack: Stack) -> Bus | tuple[Destination, ...] | Elsewhere:
    match arn:
        case {"Fn::GetAtt": [str(id_), "Arn"]} | {"Ref": str(id_)} if id_ in stack.resources:
            resource = stack.resources[id_]
            kind = resource.type.rpartition("::")[2].lower()
            if resource.type == "AWS::Events::EventBus":
                return bus_of(arn, stack)
            if resource.type == "AWS::SQS::Queue":
                return readers_of(resource, stack) or Elsewhere(f"the queue {resource.label}, which nobody reads")
            return Elsewhere(f"the {kind} {resource.label}")
    return bus_of(arn, stack) if _BUS_ARN.fullmatch(shown(arn, name=lambda _: None)) else Elsewhere(said)
