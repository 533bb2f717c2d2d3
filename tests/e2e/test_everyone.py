"""A finding reaches a destination of every kind, in its own form, and the service takes it."""

import copy
import json
from datetime import UTC, datetime

import pytest

from tests.e2e.everyone import MAIL, PAGER, REGION, SIEM, SLACK, TEAMS, Everyone
from tests.json_schema import problems
from tests.unit.notifier.limits import SCHEMA
from tools.emulator.deployed import review

pytestmark = pytest.mark.e2e

ONCE = dict.fromkeys((MAIL, SLACK, TEAMS, PAGER, SIEM), 1)


def test_leaked_credentials_reach_every_kind_of_destination_in_its_own_form(everyone: Everyone) -> None:
    finding = everyone.leak()
    function, account = finding["detail"]["resource"]["lambdaDetails"]["functionName"], finding["detail"]["accountId"]
    everyone.emit(finding)
    assert everyone.heard(function, ONCE)
    for name in everyone.everybody - {MAIL}:
        assert account in everyone.body(name, function), name
    document, event = (json.loads(everyone.body(name, function)) for name in (SIEM, PAGER))
    assert problems(document, SCHEMA) == []
    assert document["finding"]["id"] == finding["detail"]["id"]
    assert (event["event_action"], event["payload"]["severity"]) == ("trigger", "error")
    assert event["dedup_key"] == document["case"]


def test_a_sample_finding_goes_to_everybody_but_the_pager(everyone: Everyone) -> None:
    finding = everyone.leak(sample=True)
    before = len(everyone.aws.pagerduty.requests())
    everyone.emit(finding)
    function = finding["detail"]["resource"]["lambdaDetails"]["functionName"]
    assert everyone.heard(function, {name: 1 for name in ONCE if name != PAGER})
    assert len(everyone.aws.pagerduty.requests()) == before


def test_a_notice_about_suppression_goes_to_everybody_but_the_pager(everyone: Everyone) -> None:
    hidden = everyone.leak(address="198.51.100.3")
    finding = copy.deepcopy(hidden["detail"])
    finding["service"]["archived"] = True
    # Found after its filter was made.
    finding["updatedAt"] = datetime.now(UTC).isoformat()
    everyone.aws.keep_finding(REGION, finding)
    before = len(everyone.aws.pagerduty.requests())
    review(everyone.aws, REGION, "hourly")
    assert everyone.heard(finding["resource"]["accessKeyDetails"]["userName"], {n: 1 for n in ONCE if n != PAGER})
    assert len(everyone.aws.pagerduty.requests()) == before
