"""Alarms over arithmetic on metrics, which the emulator's CloudFormation refuses."""

import re
from collections.abc import Mapping
from typing import Any

Properties = Mapping[str, Any]
Created = tuple[str, dict[str, str]]

METRICS = 10
"""Metrics, and as many expressions, that one alarm takes (CloudWatch user guide, limits of metric math alarms)."""

_ID = re.compile(r"[a-z][A-Za-z0-9_]*")


class InvalidAlarmError(ValueError):
    """What PutMetricAlarm would refuse."""


def checked(properties: Properties) -> None:
    """Refuse what PutMetricAlarm refuses of `Metrics`; nothing evaluates the arithmetic here.

    Raises:
        InvalidAlarmError: With what was given and what is allowed.
    """
    if "MetricName" in properties or "Namespace" in properties:
        raise InvalidAlarmError("an alarm has either MetricName and Namespace or Metrics, not both")
    metrics = properties["Metrics"]
    ids = [str(one.get("Id")) for one in metrics]
    expressions = [one for one in metrics if "Expression" in one]
    if len(metrics) - len(expressions) > METRICS or len(expressions) > METRICS:
        raise InvalidAlarmError(f"Metrics holds more than {METRICS} metrics or {METRICS} expressions")
    if len(set(ids)) < len(ids) or not all(map(_ID.fullmatch, ids)):
        raise InvalidAlarmError(f"the Ids in Metrics must be distinct and begin with a small letter, got {ids}")
    if sum(bool(one.get("ReturnData", True)) for one in metrics) != 1:
        raise InvalidAlarmError("exactly one of Metrics must have ReturnData true")
    for one in expressions:
        known = {name for name in ids if name != one["Id"]}
        used = set(re.findall(r"\b[a-z]\w*", one["Expression"]))
        if used - known:
            raise InvalidAlarmError(f"the expression {one['Expression']} uses {sorted(used - known)}, unknown Ids")


def with_metric_math(known: Mapping[str, Any]) -> dict[str, Any]:
    """The emulator's own handler for alarms, which then takes an alarm over arithmetic as one on its first metric.

    It is listed and described like any other; what it would say of the metrics, nobody asks here.
    """

    def create(logical_id: str, properties: Properties, stack: str) -> Created:
        created: Created = known["create"](logical_id, _plain(properties), stack)
        return created

    def update(physical_id: str, old: Properties, properties: Properties, *more: Any) -> Created:  # noqa: ANN401
        updated: Created = known["update"](physical_id, _plain(old), _plain(properties), *more)
        return updated

    def delete(physical_id: str, properties: Properties) -> None:
        known["delete"](physical_id, properties if "Metrics" not in properties else _plain(properties))

    return {**known, "create": create, "update": update, "delete": delete}


def _plain(properties: Properties) -> Properties:
    if "Metrics" not in properties:
        return properties
    checked(properties)
    first = next(one["MetricStat"] for one in properties["Metrics"] if "MetricStat" in one)
    return {
        **{key: value for key, value in properties.items() if key != "Metrics"},
        "Namespace": first["Metric"]["Namespace"],
        "MetricName": first["Metric"]["MetricName"],
        "Dimensions": first["Metric"].get("Dimensions", []),
        "Statistic": first["Stat"],
        "Period": first["Period"],
    }
