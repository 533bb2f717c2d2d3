"""A notice of our own is shown in its own words, and what others named in it can do nothing."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.brief import Brief
from notifier.briefs import brief_of, plain_brief
from notifier.destinations import chat_notification, slack_card, teams_card, webhook_document
from notifier.destinations.pagerduty import PagerDutySender
from notifier.destinations.text import body as plain_text
from notifier.destinations.text import plain_body, subject
from notifier.items.event import read
from notifier.items.notice import Notice
from notifier.items.unrecognised import Unrecognised
from tests.surroundings import AROUND
from tests.unit.notifier.limits import check, check_plain

DETAIL: dict[str, Any] = {
    "version": "1",
    "kind": "new-pair",
    "to": ["security-mail"],
    "subject": "Role payments is new behind frankfurt-dc",
    "headline": "A finding about credentials of the role payments, used from the egress addresses of frankfurt-dc, was "
    "hidden for the first time.",
    "notes": ["It is told once."],
    "sections": [{"title": "Hidden", "facts": [{"label": "Role", "value": "payments"}]}],
    "steps": ["Ask network-ops.", "Narrow the entry."],
    "accountId": "111122223333",
    "region": "eu-west-1",
    "findingId": "1ab2c3d4e5f60718293a4b5c6d7e8f90",
}


def brief(**changes: Any) -> Brief:
    event = {"source": "detection-stack", "detail-type": "Suppression Notice", "detail": {**DETAIL, **changes}}
    (item,) = read(json.dumps(event))
    assert isinstance(item, Notice)
    return brief_of(item, AROUND)


def test_a_notice_is_no_finding_and_says_so() -> None:
    made = brief()
    assert made.notice
    assert (made.severity_label, made.severity.number) == ("Notice", None)
    assert subject(made) == "[Notice] Role payments is new behind frankfurt-dc - 111122223333 eu-west-1"


def test_its_first_step_opens_the_finding_by_a_link_that_we_made() -> None:
    (link,) = brief().steps[0].links
    assert link.url == (
        "https://console.aws.amazon.com/guardduty/home?region=eu-west-1"
        "#/findings?search=id%3D1ab2c3d4e5f60718293a4b5c6d7e8f90"
    )
    assert brief(region="evil.example/#").link is None


@pytest.mark.parametrize("kind", ["slack", "sns", "teams", "chat", "webhook"])
def test_every_destination_says_which_entry_the_facts_are_of(kind: str) -> None:
    entries = [{"title": name, "facts": [{"label": "Hidden", "value": "2 findings"}]} for name in ("osaka", "essen")]
    told = {
        "slack": slack_card.message,
        "sns": plain_text,
        "teams": teams_card.message,
        "chat": chat_notification.message,
        "webhook": webhook_document.message,
    }[kind](brief(sections=entries))
    shown = told.lower()
    assert shown.index("osaka") < shown.index("essen")


@pytest.mark.parametrize("change", [{name: None} for name in DETAIL] + [{name: {"a": [1]}} for name in DETAIL])
def test_whatever_is_missing_or_odd_the_notice_is_shown(change: dict[str, Any]) -> None:
    made = brief(**change)
    check(made)
    check_plain(made)


@given(text=st.text(max_size=600))
def test_names_that_others_chose_are_inert_everywhere(text: str) -> None:
    made = brief(subject=text, headline=text, notes=[text], steps=[text], sections=[{"title": text, "facts": []}])
    for line in (made.subject, made.headline, *made.notes, *(step.text for step in made.steps)):
        assert line.isprintable()
        assert "://" not in line


def test_the_plain_form_has_the_words_too() -> None:
    (item,) = read(json.dumps({"source": "detection-stack", "detail-type": "Suppression Notice", "detail": DETAIL}))
    assert DETAIL["headline"] in plain_body(plain_brief(item, AROUND))


def test_a_long_digest_keeps_within_what_a_message_holds() -> None:
    facts = [{"label": f"fact {number}", "value": "x" * 300} for number in range(80)]
    made = brief(sections=[{"title": f"entry-{number}", "facts": facts} for number in range(90)])
    check(made)
    assert "Shortened." in teams_card.message(made)
    assert "Shortened." in chat_notification.message(made)


def test_a_digest_is_shown_as_far_as_it_fits() -> None:
    sections = [{"title": f"entry-{number}", "facts": DETAIL["sections"][0]["facts"] * 8} for number in range(55)]
    shown = [message(brief(sections=sections)) for message in (teams_card.message, chat_notification.message)]
    assert all("entry-9" in message and "entry-54" not in message for message in shown)


def test_a_notice_is_a_case_by_what_it_is_about_and_wakes_nobody() -> None:
    assert brief(headline="Other words.").case == brief().case
    assert brief(region="us-east-1").case != brief().case
    pager = PagerDutySender(routing_key_secret="s", service_region="us")
    assert not pager.takes(brief())


def test_the_same_words_from_another_source_are_no_notice_of_ours() -> None:
    (item,) = read(json.dumps({"source": "somebody", "detail-type": "Suppression Notice", "detail": DETAIL}))
    assert isinstance(item, Unrecognised)
