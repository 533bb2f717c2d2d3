"""What PagerDuty is told."""

import json
from dataclasses import replace
from typing import Any

import pytest

from notifier.briefs import brief_of
from notifier.destinations.pagerduty_event import message, plain_message
from notifier.items.event import read
from notifier.items.severity import severity_of
from tests.findings import OUTSIDE_AWS, leaked_lambda_credentials
from tests.surroundings import AROUND
from tests.unit.notifier.attacks import ATTACKS, attacked
from tests.unit.notifier.briefs import brief_in
from tests.unit.notifier.limits import ROUTING_KEY, check_pagerduty, texts

BRIEF = brief_in(leaked_lambda_credentials())


def event(document: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(message(brief_in(document), routing_key=ROUTING_KEY))
    return found


@pytest.mark.parametrize(
    ("severity", "word"),
    [
        (10, "critical"), (9, "critical"), (8.95, "error"), (7, "error"), (6.9, "warning"), (4, "warning"),
        (3.9, "info"), (0.1, "info"), (None, "critical"), ("8", "critical"), (0, "critical"), (-1, "critical"),
        (True, "critical"), (float("nan"), "critical"), (float("inf"), "critical"), ([8], "critical"),
    ],
)  # fmt: skip
def test_c3_every_severity_has_a_word_and_what_cannot_be_judged_the_highest(severity: object, word: str) -> None:
    assert (
        json.loads(message(replace(BRIEF, severity=severity_of(severity)), routing_key=ROUTING_KEY))["payload"][
            "severity"
        ]
        == word
    )


def test_a_message_that_is_no_finding_wakes_somebody() -> None:
    (item,) = read("{broken")
    sent = json.loads(message(brief_of(item, AROUND), routing_key=ROUTING_KEY))
    assert sent["payload"]["severity"] == "critical"
    assert sent["payload"]["custom_details"]["What came"] == ["{broken"]


def test_the_event_says_what_where_and_what_to_do() -> None:
    sent = event(leaked_lambda_credentials())
    assert sent["payload"]["summary"] == (
        "Temporary credentials of the Lambda function payments-api were used from 203.0.113.9 (ExampleNet, "
        "Netherlands), outside AWS. Account 111122223333, eu-west-1."
    )
    assert sent["dedup_key"] == f"111122223333|{OUTSIDE_AWS}|ASIAIOSFODNN7EXAMPLE"
    assert sent["payload"]["timestamp"] == "2026-11-23T04:14:58.402000+00:00"
    assert sent["payload"]["class"] == OUTSIDE_AWS
    assert sent["client_url"] == sent["links"][0]["href"]
    assert sent["payload"]["custom_details"]["What to do now"][0].startswith("1. Decide whether 203.0.113.9 is yours.")
    assert sent["payload"]["custom_details"]["Workload"]["Function"] == "payments-api (version $LATEST)"


def test_findings_about_one_key_fold_into_one_alert() -> None:
    keys = {
        event(leaked_lambda_credentials(region=region, finding_id=id_, severity=severity))["dedup_key"]
        for region, id_, severity in (("eu-west-1", "1" * 32, 8), ("us-east-1", "2" * 32, 5))
    }
    assert len(keys) == 1


@pytest.mark.parametrize("attack", ATTACKS)
def test_c9_only_our_links_are_links(attack: str) -> None:
    brief = brief_in(attacked(attack))
    for made in (message(brief, routing_key=ROUTING_KEY), plain_message(brief, routing_key=ROUTING_KEY)):
        check_pagerduty(made)
        for text in texts(json.loads(made)):
            assert "://evil" not in text
            assert all(char.isprintable() for char in text)


def test_two_resources_with_one_label_are_both_told() -> None:
    document = leaked_lambda_credentials()
    document["detail"]["resource"]["s3BucketDetails"] = [{"name": "first"}, {"name": "second"}]
    (shown,) = event(document)["payload"]["custom_details"]["Other resources"].values()
    assert "first" in shown
    assert "second" in shown


def test_sections_with_one_title_are_both_told() -> None:
    section = BRIEF.sections[0]
    twice = replace(BRIEF, sections=(section, section, section._replace(title="Severity")))
    details = json.loads(message(twice, routing_key=ROUTING_KEY))["payload"]["custom_details"]
    assert details["Workload"] == details["Workload (more)"] == details["Severity (more)"]
    assert details["Severity"] == "High 8.0"


def test_details_that_are_too_large_are_left_out_and_that_is_said() -> None:
    section = BRIEF.sections[0]._replace(facts=(BRIEF.sections[0].facts[0]._replace(value="x" * 600_000),))
    made = message(replace(BRIEF, sections=(section,)), routing_key=ROUTING_KEY)
    check_pagerduty(made)
    details = json.loads(made)["payload"]["custom_details"]
    assert details["Shortened"] == "All of it is in GuardDuty."
    assert "What to do now" in details


def test_c16_a_long_summary_is_cut_between_letters_and_marked() -> None:
    sent = json.loads(message(replace(BRIEF, headline="e\u0301" * 2000), routing_key=ROUTING_KEY))
    assert len(sent["payload"]["summary"]) <= 1024
    assert sent["payload"]["summary"].endswith("e\u0301…")
