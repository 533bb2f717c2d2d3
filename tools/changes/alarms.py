"""Alarms that go, or that may ring later or not at all."""

from collections.abc import Iterator

from tools.changes.change import BLIND, Change, Judgement, ResourceId, Topic
from tools.changes.comparison import Comparison, StackPair
from tools.changes.floods import ALARM, watch_as_before, watches_filters
from tools.changes.highest import measures_as_much
from tools.templates.assembly import Resource
from tools.templates.wording import counted, listing, quoted

METRIC_FILTER = "AWS::Logs::MetricFilter"

# What a change of them does not silence.
_HARMLESS = frozenset({"AlarmDescription", "AlarmName", "Tags", "OKActions", "InsufficientDataActions"})


def alarm_changes(comparison: Comparison) -> Iterator[Change]:
    """Every alarm that goes, or that tells fewer people or less."""
    for stack in comparison.lasting:
        for judged, about in _judged(stack):
            yield stack.change(Topic.FEATURES, judged, among=comparison.places, about=about)


def _judged(stack: StackPair) -> Iterator[tuple[Judgement, list[ResourceId]]]:
    pairs = [pair for pair in stack.resources(lambda type_: type_ == ALARM) if pair.differs]
    if watch_as_before(stack):
        # A filter more or less only shares them out among alarms in another way.
        pairs = [pair for pair in pairs if not (watches_filters(pair.base) and watches_filters(pair.new))]
    gone = [pair for pair in pairs if pair.new is None]
    if gone:
        names = listing(pair.either.label for pair in gone)
        verb = "is" if len(gone) == 1 else "are"
        says = f"{counted(len(gone), 'alarm')} {verb} gone ({names})"
        yield Judgement(says, kinds=BLIND), [pair.id for pair in gone]
    for pair in pairs:
        if pair.base and pair.new:
            for judged in _altered(quoted(pair.either.label), pair.base, pair.new):
                yield judged, [pair.id]
    for pair in stack.resources(lambda type_: type_ == METRIC_FILTER):
        if pair.base and pair.differs:
            says = f"the metric filter {quoted(pair.either.label)} {'changes' if pair.new else 'is gone'}"
            yield Judgement(says, ", and whether an alarm hears less cannot be told", unknown=BLIND), [pair.id]


def _altered(label: str, base: Resource, new: Resource) -> Iterator[Judgement]:
    names = {*base.properties, *new.properties} - _HARMLESS
    changed = {name for name in names if base.properties.get(name) != new.properties.get(name)}
    if measures_as_much(base, new):
        changed.discard("Metrics")
    if "ActionsEnabled" in changed and new.properties.get("ActionsEnabled") in (False, "false"):
        yield Judgement(f"the alarm {label} tells nobody any more", kinds=BLIND)
        changed.discard("ActionsEnabled")
    if "AlarmActions" in changed and not new.properties.get("AlarmActions"):
        yield Judgement(f"the alarm {label} tells nobody any more", kinds=BLIND)
        changed.discard("AlarmActions")
    if changed:
        doubt = ", and whether it still rings as it did cannot be told"
        yield Judgement(f"the alarm {label} changes ({listing(changed)})", doubt, unknown=BLIND)
