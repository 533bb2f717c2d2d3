"""Beside the rules: functions that read queues, schedules, and people who subscribe to topics."""

from collections.abc import Callable, Iterator

from tools.changes.change import BLIND, NOTHING, Change, Judgement, Topic
from tools.changes.comparison import Comparison, ResourcePair, StackPair
from tools.changes.uses import MAIL
from tools.templates.assembly import Resource, Stack
from tools.templates.policy_statements import shown
from tools.templates.wording import quoted

SUBSCRIPTION = "AWS::SNS::Subscription"
READER = "AWS::Lambda::EventSourceMapping"
FUNCTION = "AWS::Lambda::Function"
SCHEDULE = "AWS::Scheduler::Schedule"


def delivery_changes(comparison: Comparison) -> Iterator[Change]:
    """Every subscription, reader of a queue, schedule, and stopped function."""
    handlers: dict[str, Callable[[ResourcePair, StackPair], Iterator[Judgement]]] = {
        SUBSCRIPTION: _subscription,
        READER: _reader,
        FUNCTION: _function,
        SCHEDULE: _schedule,
    }
    among = frozenset(
        pair.place for stack in comparison.stacks for pair in stack.resources(lambda type_: type_ == SUBSCRIPTION)
    )
    for stack in comparison.lasting:
        for pair in stack.resources(lambda type_: type_ in handlers):
            if pair.differs:
                for judged in handlers[pair.either.type](pair, stack):
                    yield pair.change(Topic.ROUTES, judged, among=among)


def _subscription(pair: ResourcePair, stack: StackPair) -> Iterator[Judgement]:
    old, new = _subscribed(pair.base, stack.base), _subscribed(pair.new, stack.new)
    if old != new:
        if old:
            yield Judgement(f"{old[0]} no longer gets what the topic {old[1]} carries", kinds=BLIND)
        if new:
            confirmed = ", once confirmed," if _of(pair.new, "Protocol") in MAIL else ""
            yield Judgement(f"{new[0]} newly gets{confirmed} what the topic {new[1]} carries")
        return
    if not new:
        return
    before, after = _of(pair.base, "FilterPolicy"), _of(pair.new, "FilterPolicy")
    if before != after:
        what = "what another filter policy lets through" if after else "everything"
        says = f"{new[0]} gets {what} of the topic {new[1]}"
        changed = bool(before and after)
        yield Judgement(says, kinds=BLIND if after and not changed else NOTHING, unknown=BLIND if changed else NOTHING)
    kept, now = _of(pair.base, "RedrivePolicy"), _of(pair.new, "RedrivePolicy")
    if kept and not now:
        yield Judgement(f"what cannot be delivered to {new[0]} from the topic {new[1]} is no longer kept", kinds=BLIND)
    elif kept and kept != now:
        yield Judgement(
            f"what cannot be delivered to {new[0]} from the topic {new[1]} is kept elsewhere", unknown=BLIND
        )


def _reader(pair: ResourcePair, stack: StackPair) -> Iterator[Judgement]:
    old, new = _read(pair.base, stack.base), _read(pair.new, stack.new)
    before, after = _of(pair.base, "FilterCriteria"), _of(pair.new, "FilterCriteria")
    if old and not new:
        yield Judgement(f"the function {old[0]} no longer reads {old[1]}", kinds=BLIND)
    elif new and not old:
        before = {one[0] for one in _readers(stack.base) if one[1] == new[1]}
        others = sorted(before & {one[0] for one in _readers(stack.new)} - {new[0]})
        if others:
            beside = f"beside {', '.join(others)}: each gets a part of what comes"
            yield Judgement(f"the function {new[0]} newly reads {new[1]} {beside}", kinds=BLIND)
        else:
            yield Judgement(f"the function {new[0]} newly reads {new[1]}")
    elif old and new and old != new:
        yield Judgement(f"the function {new[0]} reads {new[1]} where {old[0]} read {old[1]}", unknown=BLIND)
    elif new and before != after:
        changed = bool(before and after)
        what = "what other filter criteria let through" if after else "everything"
        says = f"the function {new[0]} reads {what} of {new[1]}"
        yield Judgement(says, kinds=BLIND if after and not changed else NOTHING, unknown=BLIND if changed else NOTHING)


def _schedule(pair: ResourcePair, _stack: StackPair) -> Iterator[Judgement]:
    name = f"the schedule {quoted(pair.either.label)}"
    was, is_ = (side is not None and side.properties.get("State") != "DISABLED" for side in (pair.base, pair.new))
    if was and not is_:
        yield Judgement(f"{name} no longer runs", kinds=BLIND)
    elif is_ and not was:
        yield Judgement(f"{name} newly runs")
    elif is_:
        yield Judgement(f"{name} changes, and whether it still tells what it told cannot be told", unknown=BLIND)


def _function(pair: ResourcePair, _stack: StackPair) -> Iterator[Judgement]:
    if pair.new is None:
        return
    before, after = (_of(side, "ReservedConcurrentExecutions") for side in (pair.base, pair.new))
    if after == 0 and before != 0:
        yield Judgement(
            f"the function {quoted(pair.either.label)} may not run: its reserved concurrency is 0", kinds=BLIND
        )
    elif before == 0 and after != 0:
        yield Judgement(f"the function {quoted(pair.either.label)} may run again")


def _subscribed(resource: Resource | None, stack: Stack | None) -> tuple[str, str] | None:
    if resource is None or stack is None:
        return None
    return _called(resource.properties.get("Endpoint"), stack), _called(resource.properties.get("TopicArn"), stack)


def _read(resource: Resource | None, stack: Stack | None) -> tuple[str, str] | None:
    if resource is None or stack is None or resource.properties.get("Enabled") in (False, "false"):
        return None
    function = _called(resource.properties.get("FunctionName"), stack)
    return function, _called(resource.properties.get("EventSourceArn"), stack)


def _readers(stack: Stack | None) -> Iterator[tuple[str, str]]:
    for resource in stack.resources.values() if stack else ():
        if resource.type == READER and (read := _read(resource, stack)) is not None:
            yield read


def _of(resource: Resource | None, name: str) -> object:
    return resource.properties.get(name) if resource else None


def _called(value: object, stack: Stack) -> str:
    def name(id_: str) -> str | None:
        return stack.resources[id_].label if id_ in stack.resources else None

    return quoted(shown(value, name=name))
