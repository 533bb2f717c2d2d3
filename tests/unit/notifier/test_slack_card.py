"""Nothing that a finding holds is parsed by Slack."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.briefs import brief_of
from notifier.destinations.slack_card import escape, message, plain_message
from notifier.items.event import read
from tests.findings import leaked_lambda_credentials, low_finding
from tests.surroundings import AROUND
from tests.unit.notifier.attacks import ATTACKS, attacked
from tests.unit.notifier.briefs import brief_in
from tests.unit.notifier.limits import elements, ours


def card(event: object) -> dict[str, Any]:
    """The payload for an event."""
    found: dict[str, Any] = json.loads(message(brief_in(event)))
    return found


@pytest.mark.parametrize("attack", ATTACKS)
def test_c7_nothing_in_the_slack_card_is_parsed(attack: str) -> None:
    payload = card(attacked(attack))
    for element in elements(payload["blocks"]):
        assert element.get("type") in {
            None, "header", "section", "context", "divider", "rich_text", "rich_text_section", "rich_text_list",
            "rich_text_quote", "rich_text_preformatted", "plain_text", "text", "link",
        }  # fmt: skip
        if element.get("type") == "plain_text":
            assert element["emoji"] is False
        if element.get("type") == "link":
            assert ours(element["url"])
            assert element["text"].isascii()


@pytest.mark.parametrize("attack", ATTACKS)
def test_c7_the_fallback_text_holds_no_markup(attack: str) -> None:
    for payload in (card(attacked(attack)), json.loads(plain_message(brief_in(attacked(attack))))):
        assert "<" not in payload["text"]
        assert ">" not in payload["text"]
        assert "://evil" not in payload["text"]


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("<>&!@#|`*_~:/\n\\u202eab;ltgmp"), max_size=40))
def test_any_text_is_inert(attack: str) -> None:
    payload = card(attacked(attack))
    assert "<" not in payload["text"]
    assert all(ours(e["url"]) for e in elements(payload["blocks"]) if e.get("type") == "link")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a & b", "a &amp; b"), ("<!channel>", "&lt;!channel&gt;"), ("&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;"),
    ],
)  # fmt: skip
def test_c7_escape_escapes_exactly_once(text: str, shown: str) -> None:
    assert escape(text, limit=100) == shown


@given(st.text(st.sampled_from("&<>a"), max_size=40), st.integers(1, 60))
def test_c16_escape_never_cuts_inside_an_escape(text: str, limit: int) -> None:
    shown = escape(text, limit=limit)
    assert len(shown) <= limit
    rest = shown.removesuffix("…").replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert set(rest) <= {"a"}


def test_the_card_begins_with_what_happened_and_what_to_do() -> None:
    blocks = card(leaked_lambda_credentials())["blocks"]
    assert blocks[0]["text"]["text"] == "🔴 High 8.0 · Credentials of payments-api used outside AWS"
    assert blocks[1]["text"]["text"] == (
        "Temporary credentials of the Lambda function payments-api were used from 203.0.113.9 (ExampleNet, "
        "Netherlands), outside AWS.\n203.0.113.9 is not one of your egress ranges."
    )
    assert [block["type"] for block in blocks[2:5]] == ["context", "rich_text", "rich_text"]
    assert blocks[4]["elements"][1]["style"] == "ordered"


def test_the_card_does_not_say_twice_what_its_header_says() -> None:
    blocks = card(low_finding())["blocks"]
    assert blocks[0]["text"]["text"].endswith("is being probed.")
    assert blocks[1]["type"] == "context"


def test_a_card_that_is_too_long_is_shortened_and_says_so() -> None:
    event = attacked("日" * 300)
    payload = card(event)
    assert len(json.dumps(payload)) <= 13_000
    assert (
        payload["blocks"][-1]["elements"][0]["text"]
        == "Shortened; all of it is in GuardDuty. Commands that are not here are in the runbook."
    )


def test_an_unrecognised_message_shows_its_raw_text_preformatted() -> None:
    (item,) = read("<!channel> {broken")
    payload = json.loads(message(brief_of(item, AROUND)))
    raw = [e for e in elements(payload["blocks"]) if e.get("type") == "rich_text_preformatted"]
    assert raw[0]["elements"] == [{"type": "text", "text": "<!channel> {broken"}]
