"""Who is told of findings: rules, whom they notify, and what they let pass."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from infra.constructs.watch_patterns import API_CALL
from tools.changes.change import BLIND, NOTHING, Change, Judgement, ResourceId, Topic
from tools.changes.comparison import Comparison, ResourcePair, StackPair
from tools.changes.patterns import Conditions, Effect, compared, conditions, described, takes_everything
from tools.templates.assembly import Resource, Stack
from tools.templates.plain_values import UnjudgedError, mappings, text
from tools.templates.policy_statements import shown
from tools.templates.wording import listing, quoted

RULE = "AWS::Events::Rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """A rule, as far as it matters who hears of what.

    Attributes:
        bus: Where it listens; empty for the Region's default bus.
        targets: Id of each target, and where that leads.
        kept: Ids of the targets whose failures are kept in a dead-letter queue.
    """

    bus: str
    on: bool
    schedule: str
    pattern: Conditions
    targets: Mapping[str, str]
    kept: frozenset[str]


def route_changes(comparison: Comparison) -> Iterator[Change]:
    """Every change of rules and of the destinations they name."""
    for stack in comparison.lasting:
        for pair in stack.resources(lambda type_: type_ == RULE):
            if pair.differs:
                own_bus = "EventBusName" in pair.either.properties
                for judged in _judged(pair, stack):
                    yield _change(judged, stack, about=[pair.id], among=_among(comparison, own_bus=own_bus))
        among = _among(comparison, own_bus=True)
        if not _with_rules([stack], own_bus=True):
            among |= _among(comparison, own_bus=False)
        for judged in _destinations(stack):
            yield _change(judged, stack, about=[], among=among)


def _among(comparison: Comparison, *, own_bus: bool) -> frozenset[str]:
    """The Regions with rules on buses of our own, or on default buses."""
    return _with_rules(comparison.stacks, own_bus=own_bus)


def _with_rules(stacks: Iterable[StackPair], *, own_bus: bool) -> frozenset[str]:
    return frozenset(
        pair.place
        for stack in stacks
        for pair in stack.resources(lambda type_: type_ == RULE)
        if ("EventBusName" in pair.either.properties) == own_bus
    )


def _change(judged: Judgement, stack: StackPair, *, about: list[ResourceId], among: frozenset[str]) -> Change:
    # One home for all findings needs no mention: its routes carry every Region's.
    place = "" if among == {stack.place} else stack.place
    return judged.change(Topic.ROUTES, place=place, among=among, about=about)


def _judged(pair: ResourcePair, stack: StackPair) -> Iterator[Judgement]:
    try:
        old = _read(pair.base, stack.base) if pair.base and stack.base else None
        new = _read(pair.new, stack.new) if pair.new and stack.new else None
    except UnjudgedError as doubt:
        yield Judgement(
            f"the rule {_name(pair.either)} changes, and who hears of what cannot be told: {doubt}", unknown=BLIND
        )
        return
    if old and new and (old.on or new.on):
        yield from _differs(f"{_noun(new)} {_name(pair.either)}", old, new)
    elif old and old.on and not new:
        yield Judgement(f"{_noun(old)} {_name(pair.either)} is gone: it notified {_to(old)} of {_of(old)}", kinds=BLIND)
    elif new and not old:
        how = "notifies" if new.on else "is switched off, and would notify"
        yield Judgement(f"{_noun(new)} {_name(pair.either)} is new: it {how} {_to(new)} of {_of(new)}")


def _differs(name: str, old: _Rule, new: _Rule) -> Iterator[Judgement]:
    if old.on != new.on:
        says = (
            f"is switched on: {_to(new)} hears of {_of(new)}" if new.on else f"is switched off: it notified {_to(old)}"
        )
        yield Judgement(f"{name} {says}", kinds=NOTHING if new.on else BLIND)
    if old.bus != new.bus:
        yield Judgement(f"{name} listens to {_bus(new)} instead of {_bus(old)}", unknown=BLIND)
    if old.schedule != new.schedule:
        yield Judgement(f"{name} runs {quoted(new.schedule)} instead of {quoted(old.schedule)}", unknown=BLIND)
    for target in sorted({*old.targets, *new.targets}):
        if target not in new.targets:
            yield Judgement(f"{name} stops notifying {quoted(target)}", kinds=BLIND)
        elif target not in old.targets:
            yield Judgement(f"{name} starts notifying {quoted(target)}")
        elif old.targets[target] != new.targets[target]:
            leads = f"{quoted(new.targets[target])} instead of {quoted(old.targets[target])}"
            yield Judgement(f"{name} leads to {leads} for {quoted(target)}", unknown=BLIND)
        elif target in old.kept - new.kept:
            yield Judgement(f"{name} no longer keeps what it cannot deliver to {quoted(target)}", kinds=BLIND)
    for condition in compared(old.pattern, new.pattern):
        yield Judgement(
            f"{name} {condition.says}",
            kinds=BLIND if Effect.NARROWER in condition.effects else NOTHING,
            unknown=BLIND if Effect.UNKNOWN in condition.effects else NOTHING,
        )


def _destinations(stack: StackPair) -> Iterator[Judgement]:
    """Targets that no rule of the stack names any more, or that one names for the first time."""
    before, after = _named(stack.base), _named(stack.new)
    if before is None or after is None:
        return
    for name in sorted(before - after):
        yield Judgement(f"no rule notifies {quoted(name)} any more", kinds=BLIND)
    for name in sorted(after - before):
        yield Judgement(f"the destination {quoted(name)} is new")


def _named(stack: Stack | None) -> set[str] | None:
    found: set[str] = set()
    for resource in stack.resources.values() if stack else ():
        if resource.type == RULE:
            try:
                rule = _read(resource, stack)
            except UnjudgedError:
                return None
            found |= set(rule.targets) if rule.on else set()
    return found


def _read(resource: Resource, stack: Stack | None) -> _Rule:
    properties = resource.properties

    def call(value: object) -> str:
        def name(id_: str) -> str | None:
            return stack.resources[id_].label if stack and id_ in stack.resources else None

        return shown(value, name=name)

    targets = mappings(properties.get("Targets"), "its targets")
    ids = [text(target.get("Id"), "the id of a target") for target in targets]
    return _Rule(
        bus=call(properties.get("EventBusName", "")),
        on=text(properties.get("State", "ENABLED"), "its state") != "DISABLED",
        schedule=text(properties.get("ScheduleExpression", ""), "its schedule"),
        pattern=conditions(properties.get("EventPattern")),
        targets={id_: call(target.get("Arn")) for id_, target in zip(ids, targets, strict=True)},
        kept=frozenset(id_ for id_, target in zip(ids, targets, strict=True) if target.get("DeadLetterConfig")),
    )


def _name(resource: Resource) -> str:
    name = resource.properties.get("Name")
    return quoted(name if isinstance(name, str) else resource.label)


def _noun(rule: _Rule) -> str:
    if rule.schedule:
        return "the schedule"
    if rule.pattern.get("detail-type") == (API_CALL,):
        return "the rule of the watch"
    if not rule.bus:
        return "the forwarding rule"
    return "the catch-all route" if takes_everything(rule.pattern) else "the route"


def _to(rule: _Rule) -> str:
    return listing(rule.targets) if rule.targets else "nobody"


def _of(rule: _Rule) -> str:
    if rule.schedule:
        return f"its time, {quoted(rule.schedule)}"
    brought = rule.pattern.get("detail-type") == (API_CALL,) and takes_everything(rule.pattern)
    return "every change that the watch of a Region brings" if brought else described(rule.pattern)


def _bus(rule: _Rule) -> str:
    return f"the bus {quoted(rule.bus)}" if rule.bus else "the default bus"
