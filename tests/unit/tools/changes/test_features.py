"""What GuardDuty and Detective do after the change, and which alarms may not ring any more."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.tools.changes.assemblies import detector, home, resource, said
from tools.changes.change import Topic

Content = dict[str, Any]


def feature(name: str, status: str, **parts: str) -> Content:
    inner = [{"Name": part, "Status": state} for part, state in parts.items()]
    return {"Name": name, "Status": status, **({"AdditionalConfiguration": inner} if inner else {})}


def with_features(*features: Content) -> Content:
    return detector(Features=list(features))


ON, OFF = feature("S3_DATA_EVENTS", "ENABLED"), feature("S3_DATA_EVENTS", "DISABLED")
GRAPH = resource("AWS::Detective::Graph")


def kept(one: Content, policy: str) -> Content:
    return one | {"DeletionPolicy": policy}


def alarm(**more: Any) -> Content:
    return resource("AWS::CloudWatch::Alarm", **{"AlarmActions": ["topic"], "Threshold": 0, **more})


@pytest.mark.parametrize(
    ("base", "new", "says"),
    [
        pytest.param(with_features(ON), with_features(OFF), "blind: S3_DATA_EVENTS is switched off", id="off"),
        pytest.param(with_features(OFF), with_features(ON), "S3_DATA_EVENTS is switched on", id="on"),
        pytest.param(
            with_features(feature("RUNTIME_MONITORING", "ENABLED", EC2_AGENT_MANAGEMENT="ENABLED")),
            with_features(feature("RUNTIME_MONITORING", "ENABLED", EC2_AGENT_MANAGEMENT="DISABLED")),
            "blind: RUNTIME_MONITORING EC2_AGENT_MANAGEMENT is switched off",
            id="part-off",
        ),
        pytest.param(
            with_features(ON),
            with_features(),
            "blind?: S3_DATA_EVENTS is no longer stated, and whether it stays on cannot be told",
            id="not-stated",
        ),
        pytest.param(
            with_features(),
            with_features(OFF),
            "blind: S3_DATA_EVENTS is switched off, and was not stated before",
            id="stated-as-off",
        ),
        pytest.param(
            with_features(ON),
            detector(Features={"Ref": "Features"}),
            "blind?: the GuardDuty detector changes, and whether we see less cannot be told: its features is not a "
            "plain list",
            id="computed",
        ),
        pytest.param(
            detector(FindingPublishingFrequency="FIFTEEN_MINUTES"),
            detector(FindingPublishingFrequency="SIX_HOURS"),
            "blind: repeated findings are published every SIX_HOURS instead of FIFTEEN_MINUTES",
            id="slower",
        ),
        pytest.param(
            detector(FindingPublishingFrequency="SIX_HOURS"),
            detector(FindingPublishingFrequency="FIFTEEN_MINUTES"),
            "repeated findings are published every FIFTEEN_MINUTES instead of SIX_HOURS",
            id="quicker",
        ),
        pytest.param(detector(), detector(Enable=False), "blind: GuardDuty is switched off", id="guardduty-off"),
        pytest.param(kept(detector(), "Delete"), None, "blind: the GuardDuty detector is gone", id="detector-gone"),
        pytest.param(
            detector(),
            None,
            "blind: the GuardDuty detector leaves the stack; it is kept, and stays on",
            id="detector-kept",
        ),
        pytest.param(GRAPH, None, "blind: the Detective graph is gone", id="graph-gone"),
        pytest.param(
            kept(GRAPH, "RetainExceptOnCreate"),
            None,
            "blind: the Detective graph leaves the stack; it is kept, and stays on",
            id="graph-kept",
        ),
        pytest.param(None, GRAPH, "the Detective graph is new", id="graph-new"),
        pytest.param(
            resource("AWS::GuardDuty::PublishingDestination"),
            None,
            "blind: It (AWS::GuardDuty::PublishingDestination) is gone",
            id="anything-of-guardduty",
        ),
        pytest.param(
            resource("AWS::Logs::MetricFilter"),
            None,
            "blind?: the metric filter It is gone, and whether an alarm hears less cannot be told",
            id="metric-filter",
        ),
        pytest.param(alarm(), None, "blind: one alarm is gone (It)", id="alarm-gone"),
        pytest.param(alarm(), alarm(ActionsEnabled=False), "blind: the alarm It tells nobody any more", id="muted"),
        pytest.param(alarm(), alarm(AlarmActions=[]), "blind: the alarm It tells nobody any more", id="nobody"),
        pytest.param(
            alarm(),
            alarm(Threshold=100),
            "blind?: the alarm It changes (Threshold), and whether it still rings as it did cannot be told",
            id="threshold",
        ),
    ],
)
def test_each_difference_is_one_sentence(tmp_path: Path, base: Content | None, new: Content | None, says: str) -> None:
    steady = {"Steady": resource("AWS::SNS::Topic")}
    before, after = ({**steady, **({"It": one} if one else {})} for one in (base, new))
    found = said(tmp_path, home(before), home(after), topic=Topic.FEATURES)
    assert [one.replace(" in eu-west-1", "") for one in found] == [says]


def test_another_description_of_an_alarm_silences_nothing(tmp_path: Path) -> None:
    base, new = (home({"A": alarm(AlarmDescription=text)}) for text in ("a", "b"))
    assert said(tmp_path, base, new, topic=Topic.FEATURES) == []
