"""The emulator takes alarms over arithmetic, and refuses what CloudWatch refuses."""

from typing import Any

import pytest

from tools.emulator.metric_math_alarm import InvalidAlarmError, with_metric_math

STAT = {
    "Metric": {"Namespace": "AWS/GuardDuty", "MetricName": "Hidden", "Dimensions": [{"Name": "F", "Value": "x"}]},
    "Period": 3600,
    "Stat": "Sum",
}
MATH: dict[str, Any] = {
    "Threshold": 100,
    "Metrics": [
        {"Id": "highest", "Expression": "MAX([FILL(m0,0)])", "ReturnData": True},
        {"Id": "m0", "MetricStat": STAT, "ReturnData": False},
    ],
}
PLAIN: dict[str, Any] = {"MetricName": "Errors", "Namespace": "AWS/Lambda"}


class Plain:
    """The emulator's own handler: keeps what it is given."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}

    def handler(self) -> dict[str, Any]:
        return {"create": self._create, "update": self._update, "delete": self._delete}

    def _create(self, logical_id: str, properties: dict[str, Any], _stack: str) -> tuple[str, dict[str, str]]:
        assert "Metrics" not in properties
        self.kept[logical_id] = properties
        return logical_id, {}

    def _update(
        self, physical_id: str, _old: dict[str, Any], properties: dict[str, Any], stack: str
    ) -> tuple[str, dict[str, str]]:
        return self._create(physical_id, properties, stack)

    def _delete(self, physical_id: str, _properties: dict[str, Any]) -> None:
        del self.kept[physical_id]


def metrics(*changed: dict[str, Any]) -> dict[str, Any]:
    return {"Metrics": list(changed)}


def test_a_plain_alarm_goes_to_the_emulator_as_it_is() -> None:
    plain = Plain()
    with_metric_math(plain.handler())["create"]("A", PLAIN, "stack")
    assert plain.kept == {"A": PLAIN}


def test_an_alarm_over_arithmetic_is_kept_as_one_on_its_first_metric() -> None:
    plain = Plain()
    both = with_metric_math(plain.handler())
    name, _ = both["create"]("A", MATH, "stack")
    expected = {
        "Threshold": 100,
        "Namespace": "AWS/GuardDuty",
        "MetricName": "Hidden",
        "Dimensions": [{"Name": "F", "Value": "x"}],
        "Statistic": "Sum",
        "Period": 3600,
    }
    assert plain.kept == {"A": expected}
    both["update"](name, MATH, PLAIN, "stack")
    assert plain.kept == {"A": PLAIN}
    both["update"](name, PLAIN, MATH, "stack")
    assert plain.kept == {"A": expected}
    both["delete"](name, MATH)
    assert plain.kept == {}


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
