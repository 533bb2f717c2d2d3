"""The limits of the destinations, checked on what would be sent."""

import json
from collections.abc import Iterator
from typing import Any

from notifier import text
from notifier.brief import Brief
from notifier.destinations import slack_card, sns

CONSOLES = ("https://console.aws.amazon.com/", "https://console.amazonaws-us-gov.com/", "https://console.amazonaws.cn/")


def check(brief: Brief) -> None:
    """Render `brief` for every destination and check what Slack and SNS document as limits."""
    check_slack(slack_card.message(brief))
    check_mail(sns.mail_of(brief))


def check_plain(brief: Brief) -> None:
    """The same for the plain forms."""
    check_slack(slack_card.plain_message(brief))
    check_mail(sns.plain_mail_of(brief))


def check_mail(mail: sns.Mail) -> None:
    """What the SNS API reference says about Publish."""
    assert 0 < len(mail.subject) <= 100
    assert mail.subject.isascii()
    assert mail.subject.isprintable()
    assert 0 < len(mail.body.encode()) < 200_000
    assert all(char.isprintable() or char == "\n" for char in mail.body)
    assert len(mail.body) <= text.BODY_LIMIT


def check_slack(message: str) -> None:
    """What docs.slack.dev says about a message of blocks."""
    assert len(message) <= slack_card.TOTAL_LIMIT
    payload: dict[str, Any] = json.loads(message)
    assert 0 < len(payload["text"]) <= 3000
    assert payload["unfurl_links"] is payload["unfurl_media"] is payload["link_names"] is False
    blocks = payload.get("blocks", [])
    assert len(blocks) <= 50
    for block in blocks:
        assert block["type"] in {"header", "section", "context", "divider", "rich_text"}
    for element in elements(blocks):
        if element.get("type") == "plain_text":
            assert 0 < len(element["text"]) <= 3000
        elif element.get("type") == "header":
            assert len(element["text"]["text"].encode("utf-16-le")) // 2 <= 150
        elif element.get("type") == "text":
            assert 0 < len(element["text"]) <= 3000
        elif element.get("type") == "link":
            assert ours(element["url"]), element["url"]
            assert len(element["url"]) <= 3000
        assert element.get("type") != "mrkdwn", "everything is text, nothing is parsed"


def ours(url: str) -> bool:
    """Whether a link leads into an AWS console."""
    host = url.removeprefix("https://").split("/")[0]
    return url.startswith("https://") and any(
        host == console[8:-1] or host.endswith(f".{console[8:-1]}") for console in CONSOLES
    )


def elements(value: object) -> Iterator[dict[str, Any]]:
    """Every object inside a document."""
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from elements(item)
    elif isinstance(value, list):
        for item in value:
            yield from elements(item)
