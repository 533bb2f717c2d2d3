"""Alarms on the highest of several metrics, as ours on destinations, rules and filters are."""

from collections.abc import Mapping

from tools.templates.assembly import Resource
from tools.templates.plain_values import UnjudgedError, mappings, text


def measured(alarm: Resource) -> tuple[Mapping[str, object], ...] | None:
    """The queries among which the highest value counts, gaps as nothing; None for any other alarm."""
    try:
        expression, *metrics = mappings(alarm.properties.get("Metrics"), "Metrics")
        ids = [text(one.get("Id"), "Id") for one in metrics]
    except (UnjudgedError, ValueError):
        return None
    highest = f"MAX([{','.join(f'FILL({one},0)' for one in ids)}])"
    return tuple(metrics) if metrics and expression.get("Expression") == highest else None


def measures_as_much(base: Resource, new: Resource) -> bool:
    """Whether it is on every metric that it was on, and on more at most: then it rings whenever it rang.

    Only where it rings because something is too high; the rest of the alarm is not compared.
    """
    before, after = measured(base), measured(new)
    rises = str(new.properties.get("ComparisonOperator")).startswith("GreaterThan")
    if before is None or after is None or not rises:
        return False
    kept = [_without_id(one) for one in after]
    return all(_without_id(one) in kept for one in before)


def _without_id(query: Mapping[str, object]) -> Mapping[str, object]:
    return {name: value for name, value in query.items() if name != "Id"}
