"""A report is a second message about a case: in its own words, inert, told once, and never lost in a flood."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.config.regions import GUARDDUTY_REGIONS
from notifier.brief import Brief
from notifier.briefs import brief_of, plain_brief
from notifier.briefs.report import FOLLOW_UP
from notifier.briefs.surroundings import Surroundings
from notifier.destinations import slack_card
from notifier.destinations.pagerduty import PagerDutySender
from notifier.destinations.text import subject
from notifier.items.case import case_of
from notifier.items.event import read
from notifier.items.item import Item
from notifier.items.notice import Notice
from notifier.items.report import Report
from notifier.ledger.sight import Sight
from notifier.links import is_region
from notifier.step import Snippet
from notifier.urgency import urgency
from tests.findings import leaked_lambda_credentials, low_finding
from tests.surroundings import AROUND
from tests.unit.notifier.limits import check, check_plain, elements
from tests.unit.notifier.memory import Memory

FINDING = leaked_lambda_credentials()["detail"]
DETAIL: dict[str, Any] = {
    "version": "1",
    "reportId": "0f" * 20 + "-86400-20780",
    "type": FINDING["type"],
    "accountId": FINDING["accountId"],
    "severity": FINDING["severity"],
    "region": "eu-west-1",
    "partition": "aws",
    "findingId": FINDING["id"],
    "accessKeyId": FINDING["resource"]["accessKeyDetails"]["accessKeyId"],
    "principalId": FINDING["resource"]["accessKeyDetails"]["principalId"],
    "lastSeen": "2026-11-23T04:12:07Z",
    "subject": "Investigated: 4 calls from outside",
    "headline": "The key was used from 1 outside address.",
    "notes": ["Not everything could be looked at."],
    "sections": [{"title": "Outside: 203.0.113.9", "facts": [{"label": "Calls", "value": "s3:ListBuckets (1)"}]}],
    "steps": ["Stop the leak.", "Undo what was changed."],
    "unread": None,
}


def event(**changes: Any) -> dict[str, Any]:
    return {
        "source": "detection-stack",
        "detail-type": "Investigation Report",
        "account": "999900001111",
        "region": "eu-west-1",
        "detail": {**DETAIL, **changes},
    }


def item(**changes: Any) -> Item:
    (found,) = read(json.dumps(event(**changes)))
    return found


def brief(**changes: Any) -> Brief:
    return brief_of(item(**changes), Surroundings(deployment="sandbox", detective={"eu-west-1"}))


def test_it_is_of_the_case_and_the_severity_of_its_finding() -> None:
    (finding,) = read(json.dumps(leaked_lambda_credentials()))
    assert isinstance(item(), Report)
    assert case_of(item()) == case_of(finding)
    made = brief()
    assert (made.follow_up, made.notice, made.recognised) == (True, False, True)
    assert made.severity_label == "High 8.0"
    assert subject(made) == "[High 8.0] Investigated: 4 calls from outside - 111122223333 eu-west-1"
    assert made.notes == (FOLLOW_UP, "Not everything could be looked at.")


def test_a_finding_without_a_key_has_its_report_in_its_own_case() -> None:
    (finding,) = read(json.dumps(low_finding()))
    its = low_finding()["detail"]
    told = item(type=its["type"], accountId=its["accountId"], findingId=its["id"], accessKeyId="")
    assert case_of(told) == case_of(finding)


def test_its_first_step_leads_to_the_administrators_console_and_to_the_accounts_history() -> None:
    labels = [link.label for link in brief().steps[0].links]
    assert labels == [
        "Finding in GuardDuty",
        "Role in Detective",
        "Investigations in Detective",
        "CloudTrail event history of the key in eu-west-1",
    ]
    assert brief(region="evil.example/#").links() == ()


def test_the_history_is_a_link_for_each_region_in_which_the_key_was_used_from_outside() -> None:
    """Calls of IAM and STS are in another Region's history than the finding."""
    found = brief(regions=["eu-west-1", "us-east-1", "evil.example/#", "eu-central-1", "eu-north-1"])
    assert [link.label for link in found.steps[0].links][3:] == [
        f"CloudTrail event history of the key in {region}" for region in ("eu-west-1", "us-east-1", "eu-central-1")
    ]


LEFT = "Read the event history of the Regions that were not read in full."
COMMAND = (
    "aws cloudtrail lookup-events --region {region} --lookup-attributes "
    "AttributeKey=AccessKeyId,AttributeValue=ASIAIOSFODNN7EXAMPLE --start-time 2026-11-22T03:52:10Z --query "
    "'Events[].CloudTrailEvent' --output json | jq -ac '.[]|fromjson|[.eventTime,.sourceIPAddress,.eventSource,"
    ".eventName,.errorCode,.userAgent,.requestParameters.roleArn,.responseElements.credentials.accessKeyId]'"
)
WHOSE = "aws sts get-caller-identity --region eu-west-1 --output text"


def left(*regions: object, step: object = 0, since: object = "2026-11-22T03:52:10+00:00") -> dict[str, Any]:
    """The members of a report that leaves Regions to read."""
    return {"steps": [LEFT], "unread": {"step": step, "since": since, "regions": list(regions)}}


def test_regions_that_were_not_read_are_a_command_to_paste() -> None:
    made = brief(**left("af-south-1", "us-east-1", step=1) | {"steps": ["Stop the leak.", LEFT, "Look further."]})
    assert [step.text for step in made.steps] == ["Stop the leak.", LEFT, "Look further."]
    assert (made.steps[0].snippets, made.steps[2].snippets) == ((), ())
    assert made.steps[1].snippets == (
        Snippet(
            "What the key did in the Regions that were not read in full: time, address, call; last the role it assumed "
            "and the new key (reads only; the first line shows whether you are in 111122223333)",
            f"{WHOSE}\nfor region in af-south-1 us-east-1; do {COMMAND.format(region='$region')}; done",
        ),
    )
    check(made)


def test_one_region_is_no_loop_and_the_first_step_keeps_its_command_beside_its_links() -> None:
    (step,) = brief(**left("us-east-1")).steps
    assert [snippet.text for snippet in step.snippets] == [f"{WHOSE}\n{COMMAND.format(region='us-east-1')}"]
    assert step.links
    (step,) = brief(**left("us-east-1", "us-east-1")).steps
    assert [snippet.text for snippet in step.snippets] == [f"{WHOSE}\n{COMMAND.format(region='us-east-1')}"]
    (step,) = brief(**left("us-east-1", since="")).steps
    assert "--start-time" not in step.snippets[0].text


def test_the_command_is_over_every_region_that_there_is() -> None:
    regions = [one for one in GUARDDUTY_REGIONS if is_region(one)]
    assert len(regions) > 33
    (step,) = brief(**left(*regions)).steps
    assert f"for region in {' '.join(regions)}; do " in step.snippets[0].text


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(left("us-east-1", "evil-1"), id="one-that-is-no-region"),
        pytest.param(left("us-east-1; reboot"), id="a-second-command"),
        pytest.param(left("$(reboot)"), id="a-substitution"),
        pytest.param(left("us-east-1\nreboot"), id="a-line-end"),
        pytest.param(left("-us-east-1"), id="an-option"),
        pytest.param(left("us-east-1", ["us-west-2"]), id="one-that-is-no-text"),
        pytest.param(left(), id="no-region"),
        pytest.param(left(*(f"eu-{'x' * number}-1" for number in range(1, 102))), id="more-than-there-are"),
        pytest.param(left("us-east-1", step=1), id="for-another-step"),
        pytest.param(left("us-east-1", step=-1), id="for-no-step"),
        pytest.param(left("us-east-1") | {"unread": "us-east-1"}, id="text"),
        pytest.param(left("us-east-1", since="2026-11-22; reboot"), id="a-time-of-another-form"),
        pytest.param(left("us-east-1") | {"accessKeyId": "ASIA;reboot"}, id="no-key"),
        pytest.param(left("us-east-1") | {"accessKeyId": ""}, id="no-key-at-all"),
    ],
)
def test_what_is_not_exactly_of_that_form_is_no_command(change: dict[str, Any]) -> None:
    """Whoever may put events on the bus may write a report."""
    (step,) = brief(**change).steps
    assert step.snippets == ()
    assert step.text == LEFT


def test_without_an_account_or_a_region_of_the_finding_the_command_is_whole() -> None:
    (step,) = brief(**left("us-east-1"), accountId="'x'").steps
    assert step.snippets[0].text == COMMAND.format(region="us-east-1")
    (step,) = brief(**left("us-east-1"), region="'x'").steps
    assert step.snippets[0].text.splitlines()[0] == "aws sts get-caller-identity --output text"


def test_it_wakes_nobody_twice_and_is_no_notice() -> None:
    assert PagerDutySender.takes(PagerDutySender.__new__(PagerDutySender), brief())
    assert not isinstance(item(), Notice)
    assert urgency(json.dumps(low_finding())) > urgency(json.dumps(event())) > 0


def test_the_same_report_is_one_whatever_event_brings_it() -> None:
    first, again, other = (Sight.of(item(reportId=name)) for name in ("one", "one", "two"))
    assert first == again
    assert first != other
    assert Sight.of(item(reportId=None)) is None


@pytest.mark.parametrize("change", [{name: None} for name in DETAIL] + [{name: {"a": [1]}} for name in DETAIL])
def test_whatever_is_missing_or_odd_it_is_shown(change: dict[str, Any]) -> None:
    made = brief(**change)
    assert made.follow_up
    check(made)
    check_plain(made)
    check_plain(plain_brief(item(**change), AROUND))


@given(text=st.text(max_size=600))
def test_what_the_thief_wrote_is_inert_everywhere(text: str) -> None:
    facts = [{"label": "User agent", "value": text}, {"label": text, "value": "x"}]
    made = brief(subject=text, headline=text, notes=[text], steps=[text], sections=[{"title": text, "facts": facts}])
    check(made)


@pytest.mark.parametrize("token", ["xoxb-123456789012-abcdefghijkl", "ghp_" + "a1" * 18, "IQoJ" + "b" * 60])
def test_a_token_in_a_user_agent_is_hidden_and_the_name_of_a_call_is_not(token: str) -> None:
    facts = [
        {"label": "User agent", "value": f"curl {token}"},
        {"label": "Calls", "value": "secretsmanager:GetSecretValue (3)"},
    ]
    (section,) = brief(sections=[{"title": "Outside", "facts": facts}]).sections
    assert [fact.value for fact in section.facts] == ["curl (hidden)", "secretsmanager:GetSecretValue (3)"]


@pytest.mark.parametrize("label", ["User agent", "New user agent"])
def test_a_named_secret_in_a_user_agent_is_hidden_and_what_else_is_said_of_secrets_is_not(label: str) -> None:
    agent = "curl/8 Authorization: Bearer abcdefghij123456 AWS_SECRET=wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLE"
    facts = [
        {"label": label, "value": agent},
        {"label": "On", "value": "secret: payments-database"},
    ]
    (section,) = brief(sections=[{"title": "Outside", "facts": facts}]).sections
    assert [fact.value for fact in section.facts] == [
        "curl/8 Authorization: Bearer (hidden) AWS_SECRET=(hidden)",
        "secret: payments-database",
    ]


def test_the_longest_notes_are_told_in_full_in_texts_that_slack_takes() -> None:
    notes = [f"{number} {'x' * 2000}" for number in range(40)]
    check(brief(notes=notes, steps=["x" * 2000] * 40))
    made = brief(notes=notes)
    check(made)
    shown = "".join(one["text"] for one in elements(json.loads(slack_card.message(made))) if one.get("type") == "text")
    assert len(made.notes) > 5
    assert [note for note in made.notes if note not in shown] == []


def test_somebody_elses_event_of_that_name_is_no_report() -> None:
    (found,) = read(json.dumps(event() | {"source": "somebody.else"}))
    assert not isinstance(found, Report)


def test_in_a_flood_it_waits_for_room_instead_of_becoming_a_number() -> None:
    memory = Memory(per_minute=3)
    reports = [event(reportId=f"report-{number}", subject=f"Report {number}") for number in range(10)]
    memory.queue(*reports)
    memory.run(functions=1)
    sent = [brief.subject for brief in memory.sender.sent]
    assert sorted(sent) == sorted(f"Report {number}" for number in range(10))
    minutes = [int(at // 60) for at in memory.sender.times]
    assert max(map(minutes.count, minutes)) <= 3
    assert (memory.sqs.dead, memory.sqs.expired) == ([], [])


def test_the_finding_and_its_report_are_each_told_once() -> None:
    memory = Memory()
    told = memory.hear(leaked_lambda_credentials(), event(), leaked_lambda_credentials(), event())
    assert [brief.follow_up for brief in told] == [False, True]
    assert told[0].case == told[1].case
