"""Alarms on a flood of hidden findings follow the filters; only a filter that nobody watches any more is news."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.tools.changes.assemblies import guardduty_filter, home, resource, said
from tools.changes.change import Topic

Content = dict[str, Any]


def runaway(*filters: str, limit: int = 100, period: int = 3600, **more: Any) -> Content:
    queries = [
        {
            "Id": f"m{number}",
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/GuardDuty",
                    "MetricName": "FindingsSuppressedByFilter",
                    "Dimensions": [{"Name": "FilterName", "Value": name}],
                },
                "Period": period,
                "Stat": "Sum",
            },
            "ReturnData": False,
        }
        for number, name in enumerate(filters)
    ]
    highest = ",".join(f"FILL(m{number},0)" for number in range(len(filters)))
    expression = {"Id": "highest", "Expression": f"MAX([{highest}])", "ReturnData": True}
    properties = {"AlarmActions": ["topic"], "Threshold": limit, "Metrics": [expression, *queries], **more}
    return resource("AWS::CloudWatch::Alarm", **properties)


def template(*filters: str, observing: tuple[str, ...] = (), **alarms: Content) -> dict[str, Content]:
    made = {
        name: guardduty_filter(equals=["198.51.100.7"], Name=name, action="NOOP" if name in observing else "ARCHIVE")
        for name in filters
    }
    return {"Steady": resource("AWS::SNS::Topic"), **made, **alarms}


def features(tmp_path: Path, base: dict[str, Content], new: dict[str, Content]) -> list[str]:
    return said(tmp_path, home(base), home(new), topic=Topic.FEATURES)


@pytest.mark.parametrize(
    ("base", "new"),
    [
        pytest.param(template("a", A=runaway("a")), template("a", "b", A=runaway("a", "b")), id="one-more"),
        pytest.param(template("a", "b", A=runaway("a", "b")), template("a", A=runaway("a")), id="one-less"),
        pytest.param(template("a", A=runaway("a")), template(), id="none-left"),
        pytest.param(template("a", A=runaway("a")), template("a", observing=("a",)), id="only-observes"),
        pytest.param(
            template("a", "b", A=runaway("a", "b")),
            template("a", "b", A=runaway("a"), B=runaway("b")),
            id="shared-out-otherwise",
        ),
    ],
)
def test_alarms_that_follow_the_filters_silence_nothing(
    tmp_path: Path, base: dict[str, Content], new: dict[str, Content]
) -> None:
    assert features(tmp_path, base, new) == []


@pytest.mark.parametrize(
    ("new", "says"),
    [
        pytest.param(template("a", "b", A=runaway("a")), "blind?: the alarm A changes (Metrics)", id="unwatched"),
        pytest.param(template("a", "b"), "blind: one alarm is gone (A)", id="gone"),
        pytest.param(
            template("a", "b", A=runaway("a", "b", limit=5000)), "blind?: the alarm A changes (Threshold)", id="later"
        ),
        pytest.param(
            template("a", "b", A=runaway("a", "b", period=60)), "blind?: the alarm A changes (Metrics)", id="period"
        ),
        pytest.param(
            template("a", "b", A=runaway("a", "b", AlarmActions=[])),
            "blind: the alarm A tells nobody any more",
            id="nobody",
        ),
    ],
)
def test_a_filter_that_is_watched_less_is_told(tmp_path: Path, new: dict[str, Content], says: str) -> None:
    (sentence,) = features(tmp_path, template("a", "b", A=runaway("a", "b")), new)
    assert sentence.startswith(says)


def test_a_lowest_instead_of_the_highest_is_no_such_alarm(tmp_path: Path) -> None:
    base, new = (template(*names, A=runaway(*names)) for names in (("a",), ("a", "b")))
    for one in (base, new):
        expression = one["A"]["Properties"]["Metrics"][0]
        expression["Expression"] = expression["Expression"].replace("MAX", "MIN")
    (sentence,) = features(tmp_path, base, new)
    assert sentence.startswith("blind?: the alarm A changes (Metrics)")


def degraded(*destinations: str, rings: str = "GreaterThanThreshold", limit: int = 0) -> Content:
    alarm = runaway(*destinations, limit=limit, ComparisonOperator=rings)
    for name, query in zip(destinations, alarm["Properties"]["Metrics"][1:], strict=True):
        dimensions = [{"Name": "Destination", "Value": name}]
        query["MetricStat"]["Metric"] = {"Namespace": "x", "MetricName": "Outcomes", "Dimensions": dimensions}
    return alarm


def test_an_alarm_on_one_metric_more_rings_whenever_it_rang(tmp_path: Path) -> None:
    def told(base: Content, new: Content) -> int:
        return len(features(tmp_path / str(len(list(tmp_path.iterdir()))), template(A=base), template(A=new)))

    assert told(degraded("mail"), degraded("chat", "mail")) == 0
    assert told(degraded("chat", "mail"), degraded("mail")) == 1
    assert told(degraded("mail"), degraded("chat")) == 1
    assert told(degraded("mail"), degraded("chat", "mail", limit=7)) == 1
    below = "LessThanThreshold"
    assert told(degraded("mail", rings=below), degraded("chat", "mail", rings=below)) == 1
