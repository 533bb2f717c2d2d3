"""Nothing that a finding holds acts in the Markdown of Slack or Teams."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.briefs import brief_of
from notifier.destinations.chat_notification import code, message, plain_message, words
from notifier.items.event import read
from tests.findings import OUTSIDE_AWS, leaked_lambda_credentials
from tests.surroundings import AROUND
from tests.unit.notifier.attacks import ATTACKS, attacked
from tests.unit.notifier.briefs import brief_in
from tests.unit.notifier.limits import check_chat

BRIEF = brief_in(leaked_lambda_credentials())


def content(document: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(message(brief_in(document)))["content"]
    return found


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("payments_api_role", "payments_api_role", id="a-name-stays"),
        pytest.param("_x_ __x__", "\u02cdx\u02cd \u02cd\u02cdx\u02cd\u02cd", id="underscores-at-an-edge"),
        pytest.param("*bold* ~gone~ `code`", "\u2217bold\u2217 \u223cgone\u223c 'code'", id="formatting"),
        pytest.param("<!channel>", "\u2039!channel\u203a", id="slack-mention"),
        pytest.param("&lt;!channel&gt; a & b", "& lt;!channel& gt; a & b", id="entity"),
        pytest.param("[AWS](https[:]//evil.example)", "[AWS] (https[:]//evil.example)", id="link"),
        pytest.param("![x][y]", "![x] [y]", id="image-by-reference"),
        pytest.param("@channel a@b", "@ channel a@b", id="mention"),
        pytest.param("a :fire: b", "a \u2236fire: b", id="emoji"),
        pytest.param("Recon:EC2/PortProbe", "Recon:EC2/PortProbe", id="a-type-stays"),
    ],
)
def test_c7_running_text_cannot_format(text: str, shown: str) -> None:
    assert words(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a_b*c~", "`a_b*c~`"), ("a`b", "`a'b`"), ("<!here>", "`\u2039!here\u203a`"), ("", "` `")],
)
def test_a_value_stands_as_it_is_between_backticks(text: str, shown: str) -> None:
    assert code(text) == shown


ACTS = re.compile(r"[<>]|\]\(|\]\[|&#?\w+;|(?<!\w)@\w|(?<![^\W_])_|_(?![^\W_])|\*|~|:[a-z]+:")


@settings(max_examples=200)
@given(st.text(st.sampled_from("<>&;lt[]()!*_`~@:#|\\ ab\u2039"), max_size=40))
def test_c7_nothing_that_acts_is_left_in_any_text(text: str) -> None:
    assert not ACTS.search(words(text))
    assert "`" not in words(text)
    assert "`" not in code(text)[1:-1]


@pytest.mark.parametrize("attack", ATTACKS)
def test_c7_nothing_in_the_notification_is_parsed(attack: str) -> None:
    for made in (message(brief_in(attacked(attack))), plain_message(brief_in(attacked(attack)))):
        check_chat(made)
        for line in json.loads(made)["content"]["description"].split("\n"):
            assert line.count("`") % 2 == 0, "what is opened on a line is closed on it"


def test_the_notification_begins_with_what_happened_and_says_what_to_do() -> None:
    shown = content(leaked_lambda_credentials())
    assert shown["title"] == "🔴 High 8.0 · Credentials of payments-api used outside AWS"
    assert shown["description"].startswith("Temporary credentials of the Lambda function payments-api were used from")
    assert "Role: `arn:aws:iam::111122223333:role/service-role/payments-api-role`" in shown["description"]
    assert shown["nextSteps"][0].startswith("Decide whether 203.0.113.9 is yours.")
    assert "Finding in GuardDuty: https://console.aws.amazon.com/guardduty/" in shown["nextSteps"][0]
    assert shown["keywords"] == ["High", "111122223333", "eu-west-1", "sandbox"]


def test_messages_about_one_case_are_one_thread() -> None:
    threads = {
        json.loads(message(brief_in(leaked_lambda_credentials(region=region, finding_id=id_))))["metadata"]["threadId"]
        for region, id_ in (("eu-west-1", "1" * 32), ("us-east-1", "2" * 32))
    }
    assert threads == {f"111122223333|{OUTSIDE_AWS}|ASIAIOSFODNN7EXAMPLE"}


def test_a_link_holds_no_sign_of_formatting() -> None:
    shown = content(leaked_lambda_credentials(function="_a~b*"))
    urls = [part for step in shown["nextSteps"] for part in step.split() if part.startswith("https://")]
    assert urls
    assert not any(set("_~*") & set(url) for url in urls)


def test_a_notification_that_is_too_long_is_shortened_and_says_so() -> None:
    section = BRIEF.sections[0]._replace(facts=BRIEF.sections[0].facts * 20)
    made = message(replace(BRIEF, sections=(section,) * 6))
    check_chat(made)
    assert json.loads(made)["content"]["description"].endswith(
        "Shortened; all of it is in GuardDuty. Commands that are not here are in the runbook."
    )


def test_what_is_no_finding_is_shown_preformatted() -> None:
    (item,) = read("{broken ``` <!here>")
    made = message(brief_of(item, AROUND))
    check_chat(made)
    assert "```\n{broken ''' \u2039!here\u203a\n```" in json.loads(made)["content"]["description"]
