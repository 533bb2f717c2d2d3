"""Nothing that a finding holds is parsed by Teams."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.briefs import brief_of
from notifier.destinations.teams_card import SIZE_LIMIT, message, plain_message, shown, size
from notifier.items.event import read
from tests.findings import leaked_lambda_credentials, low_finding
from tests.surroundings import AROUND
from tests.unit.notifier.attacks import ATTACKS, attacked
from tests.unit.notifier.briefs import brief_in
from tests.unit.notifier.limits import check_teams, elements, texts


def body(document: object) -> list[dict[str, Any]]:
    """What the card for an event shows."""
    found: list[dict[str, Any]] = json.loads(message(brief_in(document)))["attachments"][0]["content"]["body"]
    return found


def words(element: dict[str, Any]) -> str:
    return "".join(run["text"] for run in element["inlines"])


@pytest.mark.parametrize("attack", ATTACKS)
def test_c8_nothing_in_the_card_is_parsed(attack: str) -> None:
    brief = brief_in(attacked(attack))
    check_teams(message(brief))
    check_teams(plain_message(brief))


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("<>/at{}$@[]()!*_`~ {DATE\\\n\u202e|"), max_size=40))
def test_c8_any_text_is_inert_in_the_card(attack: str) -> None:
    check_teams(message(brief_in(attacked(attack))))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${x}", "$ {x}"), ("{{DATE(x)}}", "{ {DATE(x)}}"), ("<at>x</at>", "< at>x< /at>"), ("@{x}", "@ {x}"),
        ("<AT id=1>", "< AT id=1>"), ("<attach> {x} $x", "<attach> {x} $x"), ("{{{x", "{ { {x"),
    ],
)  # fmt: skip
def test_c8_what_would_act_is_broken_by_a_space(text: str, expected: str) -> None:
    assert shown(text) == expected
    assert shown(expected) == expected


def test_the_size_is_counted_as_teams_does() -> None:
    # MicrosoftDocs/msteams-docs#11274: the document is text inside another one, and each quotation mark is escaped.
    assert size('{"a": "b"}') == len(r'"{\"a\": \"b\"}"')


@pytest.mark.parametrize("filler", ["x", '"', "日", "🔴", "\\", "\u202e", "{"])
def test_a_card_that_is_too_long_is_shortened_and_says_so(filler: str) -> None:
    sections = [{"name": f"{number}{filler * 200}"} for number in range(4)]
    document = attacked(filler * 300)
    document["detail"]["resource"] |= {f"kind{number}Details": sections for number in range(40)}
    for made in (message(brief_in(document)), plain_message(brief_in(document))):
        check_teams(made)
    assert body(document)


def test_a_shortened_card_says_that_it_is() -> None:
    document = attacked("日" * 300)
    document["detail"]["resource"] |= {f"kind{n}Details": [{"name": "日" * 200}] * 4 for n in range(12)}
    shown_last = words(body(document)[-1])
    made = message(brief_in(document))
    assert size(made) == len(json.dumps(made)) <= SIZE_LIMIT
    assert shown_last == "Shortened; all of it is in GuardDuty."


@pytest.mark.parametrize("character", ["\U0001f534", "日", '"', "\n", "\\"])
def test_c16_the_plain_card_always_fits_whatever_its_characters_take(character: str) -> None:
    (item,) = read(character * 10_000)
    check_teams(plain_message(brief_of(item, AROUND)))
    check_teams(message(brief_of(item, AROUND)))


def test_the_card_begins_with_what_happened_and_what_to_do() -> None:
    shown_first = body(leaked_lambda_credentials())
    assert [words(element) for element in shown_first[:3]] == [
        "High 8.0 · Credentials of payments-api used outside AWS",
        "Temporary credentials of the Lambda function payments-api were used from 203.0.113.9 (ExampleNet, "
        "Netherlands), outside AWS.",
        "203.0.113.9 is not one of your egress ranges.",
    ]
    assert shown_first[0]["inlines"][0]["color"] == "attention"
    titles = [words(element) for element in shown_first if element["type"] == "RichTextBlock"]
    assert titles.index("What to do now") < titles.index("Workload")


def test_links_are_buttons_into_the_console() -> None:
    actions = [e for e in elements(body(leaked_lambda_credentials())) if e["type"] == "Action.OpenUrl"]
    assert "Finding in GuardDuty" in [action["title"] for action in actions]
    assert len(actions) >= 5


def test_the_card_does_not_say_twice_what_its_heading_says() -> None:
    shown_first = [words(element) for element in body(low_finding())[:2]]
    assert shown_first[0].endswith("is being probed.")
    assert shown_first[1].startswith("Account 111122223333")


def test_every_word_of_the_brief_is_in_the_card() -> None:
    brief = brief_in(leaked_lambda_credentials())
    everything = "\n".join(texts(json.loads(message(brief))))
    for section in brief.sections:
        for fact in section.facts:
            assert shown(fact.value) in everything
