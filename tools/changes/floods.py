"""Alarms on filters that hide a flood: which filters are watched, however they are shared out among alarms."""

import json
from collections.abc import Iterator, Mapping

from tools.changes.comparison import StackPair
from tools.changes.highest import measured
from tools.templates.assembly import Resource, Stack
from tools.templates.plain_values import UnjudgedError, mapping, mappings, text

ALARM = "AWS::CloudWatch::Alarm"
_FILTER = "AWS::GuardDuty::Filter"

# What an alarm is called and says does not decide when it rings.
_WORDS = frozenset({"AlarmDescription", "AlarmName", "Metrics", "Tags", "OKActions", "InsufficientDataActions"})


def watch_as_before(stack: StackPair) -> bool:
    """Whether every filter that was watched, and still hides something, is watched on the same terms."""
    if stack.new is None:
        return False
    after = set(_watched(stack.new))
    hiding = set(_hiding(stack.new))
    return all(one in after for one in (_watched(stack.base) if stack.base else ()) if one[0] in hiding)


def watches_filters(alarm: Resource | None) -> bool:
    """Whether it is nothing but an alarm on the highest of some filters' metrics; so is one that is not there."""
    return alarm is None or _terms(alarm) is not None


def _watched(stack: Stack) -> Iterator[tuple[str, str]]:
    """Filter and terms of each metric in such an alarm."""
    for resource in stack.resources.values():
        if resource.type == ALARM:
            yield from (_terms(resource) or {}).items()


def _hiding(stack: Stack) -> Iterator[str]:
    for resource in stack.resources.values():
        name = resource.properties.get("Name")
        if resource.type == _FILTER and resource.properties.get("Action") != "NOOP" and isinstance(name, str):
            yield name


def _terms(alarm: Resource) -> Mapping[str, str] | None:
    """Filter to the terms on which it is watched; None for any other alarm."""
    metrics = measured(alarm)
    if metrics is None:
        return None
    try:
        common = {name: value for name, value in alarm.properties.items() if name not in _WORDS}
        return dict(_metric(one, common) for one in metrics)
    except (UnjudgedError, ValueError):
        return None


def _metric(query: Mapping[str, object], common: Mapping[str, object]) -> tuple[str, str]:
    measured = mapping(query.get("MetricStat"), "MetricStat")
    metric = mapping(measured.get("Metric"), "Metric")
    (dimension,) = mappings(metric.get("Dimensions"), "Dimensions")
    if metric.get("Namespace") != "AWS/GuardDuty" or dimension.get("Name") != "FilterName":
        raise UnjudgedError("not a metric of a filter")
    rest = {name: value for name, value in measured.items() if name != "Metric"}
    terms = json.dumps([common, rest, metric.get("MetricName"), query.get("ReturnData")], sort_keys=True)
    return text(dimension.get("Value"), "FilterName"), terms
