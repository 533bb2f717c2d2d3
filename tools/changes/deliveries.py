"""Beside the rules: functions that read queues, schedules, and people who subscribe to topics."""

from collections.abc import Callable, Iterator

from tools.changes.change import Change, Kind, Topic
from tools.changes.comparison import Comparison, ResourcePair, StackPair
from tools.changes.uses import MAIL
from tools.templates.assembly import Resource, Stack
from tools.templates.policy_statements import shown
from tools.templates.wording import quoted

SUBSCRIPTION = "AWS::SNS::Subscription"
READER = "AWS::Lambda::EventSourceMapping"
FUNCTION = "AWS::Lambda::Function"
SCHEDULE = "AWS::Scheduler::Schedule"
_BLIND = frozenset({Kind.BLIND})
_NONE: frozenset[Kind] = frozenset()

_Words = tuple[str, frozenset[Kind], frozenset[Kind]]


def delivery_changes(comparison: Comparison) -> Iterator[Change]:
    """Every subscription, reader of a queue, schedule, and stopped function."""
    handlers: dict[str, Callable[[ResourcePair, StackPair], Iterator[_Words]]] = {
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
                for says, kinds, unknown in handlers[pair.either.type](pair, stack):
                    yield Change(
                        topic=Topic.ROUTES,
                        says=says,
                        places=frozenset({pair.place}),
                        among=among,
                        kinds=kinds,
                        unknown=unknown,
                        about=frozenset({pair.id}),
                    )


def _subscription(pair: ResourcePair, stack: StackPair) -> Iterator[_Words]:
    old, new = _subscribed(pair.base, stack.base), _subscribed(pair.new, stack.new)
    if old != new:
        if old:
            yield f"{old[0]} no longer gets what the topic {old[1]} carries", _BLIND, _NONE
        if new:
            confirmed = ", once confirmed," if _of(pair.new, "Protocol") in MAIL else ""
            yield f"{new[0]} newly gets{confirmed} what the topic {new[1]} carries", _NONE, _NONE
        return
    if not new:
        return
    before, after = _of(pair.base, "FilterPolicy"), _of(pair.new, "FilterPolicy")
    if before != after:
        what = "what another filter policy lets through" if after else "everything"
        says = f"{new[0]} gets {what} of the topic {new[1]}"
        changed = bool(before and after)
        yield says, _BLIND if after and not changed else _NONE, _BLIND if changed else _NONE
    kept, now = _of(pair.base, "RedrivePolicy"), _of(pair.new, "RedrivePolicy")
    if kept and not now:
        yield f"what cannot be delivered to {new[0]} from the topic {new[1]} is no longer kept", _BLIND, _NONE
    elif kept and kept != now:
        yield f"what cannot be delivered to {new[0]} from the topic {new[1]} is kept elsewhere", _NONE, _BLIND


def _reader(pair: ResourcePair, stack: StackPair) -> Iterator[_Words]:
    old, new = _read(pair.base, stack.base), _read(pair.new, stack.new)
    before, after = _of(pair.base, "FilterCriteria"), _of(pair.new, "FilterCriteria")
    if old and not new:
        yield f"the function {old[0]} no longer reads {old[1]}", _BLIND, _NONE
    elif new and not old:
        before = {one[0] for one in _readers(stack.base) if one[1] == new[1]}
        others = sorted(before & {one[0] for one in _readers(stack.new)} - {new[0]})
        if others:
            beside = f"beside {', '.join(others)}: each gets a part of what comes"
            yield f"the function {new[0]} newly reads {new[1]} {beside}", _BLIND, _NONE
        else:
            yield f"the function {new[0]} newly reads {new[1]}", _NONE, _NONE
    elif old and new and old != new:
        yield f"the function {new[0]} reads {new[1]} where {old[0]} read {old[1]}", _NONE, _BLIND
    elif new and before != after:
        changed = bool(before and after)
        what = "what other filter criteria let through" if after else "everything"
        says = f"the function {new[0]} reads {what} of {new[1]}"
        yield says, _BLIND if after and not changed else _NONE, _BLIND if changed else _NONE


def _schedule(pair: ResourcePair, _stack: StackPair) -> Iterator[_Words]:
    name = f"the schedule {quoted(pair.either.label)}"
    was, is_ = (side is not None and side.properties.get("State") != "DISABLED" for side in (pair.base, pair.new))
    if was and not is_:
        yield f"{name} no longer runs", _BLIND, _NONE
    elif is_ and not was:
        yield f"{name} newly runs", _NONE, _NONE
    elif is_:
        yield f"{name} changes, and whether it still tells what it told cannot be told", _NONE, _BLIND


def _function(pair: ResourcePair, _stack: StackPair) -> Iterator[_Words]:
    if pair.new is None:
        return
    before, after = (_of(side, "ReservedConcurrentExecutions") for side in (pair.base, pair.new))
    if after == 0 and before != 0:
        yield f"the function {quoted(pair.either.label)} may not run: its reserved concurrency is 0", _BLIND, _NONE
    elif before == 0 and after != 0:
        yield f"the function {quoted(pair.either.label)} may run again", _NONE, _NONE


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
