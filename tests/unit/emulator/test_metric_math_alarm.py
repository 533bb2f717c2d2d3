"""The emulator takes alarms over arithmetic, and refuses what CloudWatch refuses."""

from typing import Any

import pytest

from tools.emulator.metric_math_alarm import InvalidAlarmError, with_metric_math

MATH: dict[str, Any] = {
    "Metrics": [
        {"Id": "highest", "Expression": "MAX([FILL(m0,0)])", "ReturnData": True},
        {"Id": "m0", "MetricStat": {}, "ReturnData": False},
    ]
}
PLAIN: dict[str, Any] = {"MetricName": "Errors", "Namespace": "AWS/Lambda"}


class Plain:
    """The emulator's own handler, as far as it is called."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def handler(self) -> dict[str, Any]:
        return {
            "create": lambda logical_id, _properties, _stack: self._called("create", logical_id),
            "update": lambda physical_id, _old, _properties, _stack: self._called("update", physical_id),
            "delete": lambda physical_id, _properties: self._called("delete", physical_id),
        }

    def _called(self, what: str, name: str) -> tuple[str, dict[str, str]]:
        self.calls.append(what)
        return name, {}


def metrics(*changed: dict[str, Any]) -> dict[str, Any]:
    return {"Metrics": list(changed)}


def test_plain_alarms_stay_with_the_emulator() -> None:
    plain = Plain()
    both = with_metric_math(plain.handler())
    name, _ = both["create"]("A", PLAIN, "stack")
    both["update"](name, PLAIN, PLAIN, "stack")
    both["delete"](name, PLAIN)
    assert plain.calls == ["create", "update", "delete"]


def test_an_alarm_over_arithmetic_is_made_changed_and_removed() -> None:
    plain = Plain()
    both = with_metric_math(plain.handler())
    name, _ = both["create"]("A", MATH, "stack")
    assert both["update"](name, MATH, MATH, "stack") == (name, {})
    both["delete"](name, MATH)
    assert plain.calls == []


def test_an_alarm_may_change_its_kind() -> None:
    plain = Plain()
    both = with_metric_math(plain.handler())
    name, _ = both["create"]("A", MATH, "stack")
    other, _ = both["update"](name, MATH, PLAIN, "stack")
    both["update"](other, PLAIN, MATH, "stack")
    assert plain.calls == ["create", "delete"]


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({**MATH, "MetricName": "x"}, "not both"),
        (metrics(*({"Id": f"m{n}", "ReturnData": n == 0} for n in range(11))), "more than 10"),
        (metrics({"Id": "m0"}, {"Id": "m0", "ReturnData": False}), "must be distinct"),
        (metrics({"Id": "M0"}), "begin with a small letter"),
        (metrics({"Id": "m0"}, {"Id": "m1"}), "exactly one of Metrics"),
        (metrics({"Id": "e", "Expression": "MAX([m7])"}), r"uses \['m7'\], unknown Ids"),
    ],
)
def test_fails_on_what_cloudwatch_refuses(properties: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidAlarmError, match=message):
        with_metric_math(Plain().handler())["create"]("A", properties, "stack")
