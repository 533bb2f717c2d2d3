"""A heartbeat is a line in the log of every destination's notifier, and is sent to nobody."""

import json
import logging
from typing import Any

import pytest

from notifier.briefs import brief_of
from notifier.items.event import read
from notifier.items.expected import Expected
from notifier.items.heartbeat import Heartbeat
from notifier.items.unrecognised import Unrecognised
from notifier.urgency import urgency
from tests.surroundings import AROUND
from tests.unit.notifier.memory import Memory
from tests.watched import CLOUDFORMATION, call

BEAT: dict[str, Any] = {
    "id": "6f0e1d2c-0000-4000-8000-000000000000",
    "source": "detection-stack",
    "detail-type": "Detection Stack Heartbeat",
    "account": "111122223333",
    "region": "us-east-1",
    "time": "2026-11-23T04:00:00Z",
    "detail": {
        "schemaVersion": "2.0",
        "type": "DetectionStack:Heartbeat/Alive",
        "accountId": "heartbeat",
        "severity": 10,
        "region": "us-east-1",
        "id": "beat-1",
        "service": {"additionalInfo": {"sample": True}},
    },
}


def told(caplog: pytest.LogCaptureFixture, *events: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of the log after a delivery that sends nothing."""
    memory = Memory(expected=Expected(cloudformation_roles=("cdk-hnb659fds-cfn-exec-role-*",)))
    with caplog.at_level(logging.INFO):
        assert memory.hear(*events) == []
    return [vars(record) for record in caplog.records]


def test_it_is_logged_with_its_region_and_sent_to_nobody(caplog: pytest.LogCaptureFixture) -> None:
    (line,) = told(caplog, BEAT)
    assert (line["outcome"], line["heartbeat_region"], line["heartbeat"]) == ("heartbeat", "us-east-1", "beat-1")


def test_the_region_is_the_one_that_eventbridge_wrote(caplog: pytest.LogCaptureFixture) -> None:
    (line,) = told(caplog, {**BEAT, "region": "eu-west-1"})
    assert line["heartbeat_region"] == "eu-west-1"


@pytest.mark.parametrize("region", ["moon-1", "x" * 300, "", None])
def test_a_region_that_is_none_makes_no_metric(caplog: pytest.LogCaptureFixture, region: str | None) -> None:
    (line,) = told(caplog, {**BEAT, "region": region, "detail": {**BEAT["detail"], "region": "mars"}})
    assert (line["outcome"], line["heartbeat_region"]) == ("heartbeat", None)


def test_a_finding_that_guardduty_did_not_send_is_called_unrecognised() -> None:
    (item,) = read(json.dumps({**BEAT, "detail-type": "GuardDuty Finding"}))
    assert isinstance(item, Unrecognised)
    assert item.reason == "it is called a finding, and GuardDuty did not send it"


def test_a_heartbeat_of_another_source_is_none() -> None:
    (item,) = read(json.dumps({**BEAT, "source": "somebody"}))
    assert isinstance(item, Unrecognised)


def test_it_comes_after_everything_that_a_person_waits_for() -> None:
    assert urgency(json.dumps(BEAT)) == 0


def test_whoever_looks_at_one_at_the_desk_sees_what_it_is() -> None:
    (item,) = read(json.dumps(BEAT))
    assert isinstance(item, Heartbeat)
    made = brief_of(item, AROUND)
    assert (made.headline, made.sample, made.notice) == (
        "A heartbeat of the detection stack; nobody is sent it.", True, True,
    )  # fmt: skip


def test_an_expected_change_is_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    event = call("guardduty", "CreateFilter", {"filterName": "sandbox-frankfurt-dc-1"}, identity=CLOUDFORMATION)
    (line,) = told(caplog, event)
    assert (line["outcome"], line["call"]) == ("expected", "guardduty:CreateFilter")
