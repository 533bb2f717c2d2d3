"""Alarms that go, or that may ring later or not at all."""

from collections.abc import Iterator

from tools.changes.change import Change, Kind, Topic
from tools.changes.comparison import Comparison, ResourcePair, StackPair
from tools.changes.floods import ALARM, watch_as_before, watches_filters
from tools.changes.highest import measures_as_much
from tools.templates.assembly import Resource
from tools.templates.wording import counted, listing, quoted

METRIC_FILTER = "AWS::Logs::MetricFilter"
_BLIND = frozenset({Kind.BLIND})
_NONE: frozenset[Kind] = frozenset()

# What a change of them does not silence.
_HARMLESS = frozenset({"AlarmDescription", "AlarmName", "Tags", "OKActions", "InsufficientDataActions"})


def alarm_changes(comparison: Comparison) -> Iterator[Change]:
    """Every alarm that goes, or that tells fewer people or less."""
    for stack in comparison.lasting:
        pairs = [pair for pair in stack.resources(lambda type_: type_ == ALARM) if pair.differs]
        if watch_as_before(stack):
            # A filter more or less only shares them out among alarms in another way.
            pairs = [pair for pair in pairs if not (watches_filters(pair.base) and watches_filters(pair.new))]
        gone = [pair for pair in pairs if pair.new is None]
        if gone:
            names = listing(pair.either.label for pair in gone)
            verb = "is" if len(gone) == 1 else "are"
            yield _change(f"{counted(len(gone), 'alarm')} {verb} gone ({names})", gone, stack, comparison, kinds=_BLIND)
        for pair in pairs:
            if pair.base and pair.new:
                yield from _altered(pair, pair.base, pair.new, stack, comparison)
        for pair in stack.resources(lambda type_: type_ == METRIC_FILTER):
            if pair.base and pair.differs:
                says = f"the metric filter {quoted(pair.either.label)} {'changes' if pair.new else 'is gone'}"
                doubt = ", and whether an alarm hears less cannot be told"
                yield _change(says, [pair], stack, comparison, rest=doubt, unknown=_BLIND)


def _altered(
    pair: ResourcePair, base: Resource, new: Resource, stack: StackPair, comparison: Comparison
) -> Iterator[Change]:
    names = {*base.properties, *new.properties} - _HARMLESS
    changed = {name for name in names if base.properties.get(name) != new.properties.get(name)}
    if measures_as_much(base, new):
        changed.discard("Metrics")
    label = quoted(pair.either.label)
    if "ActionsEnabled" in changed and new.properties.get("ActionsEnabled") in (False, "false"):
        yield _change(f"the alarm {label} tells nobody any more", [pair], stack, comparison, kinds=_BLIND)
        changed.discard("ActionsEnabled")
    if "AlarmActions" in changed and not new.properties.get("AlarmActions"):
        yield _change(f"the alarm {label} tells nobody any more", [pair], stack, comparison, kinds=_BLIND)
        changed.discard("AlarmActions")
    if changed:
        doubt = ", and whether it still rings as it did cannot be told"
        says = f"the alarm {label} changes ({listing(changed)})"
        yield _change(says, [pair], stack, comparison, rest=doubt, unknown=_BLIND)


def _change(
    says: str,
    pairs: list[ResourcePair],
    stack: StackPair,
    comparison: Comparison,
    *,
    rest: str = "",
    kinds: frozenset[Kind] = _NONE,
    unknown: frozenset[Kind] = _NONE,
) -> Change:
    return Change(
        topic=Topic.FEATURES,
        says=says,
        rest=rest,
        places=frozenset({stack.place}),
        among=comparison.places,
        kinds=kinds,
        unknown=unknown,
        about=frozenset(pair.id for pair in pairs),
    )
