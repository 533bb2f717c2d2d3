"""The limits of the destinations, checked on what would be sent."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from notifier.brief import Brief
from notifier.destinations import (
    chat_notification,
    pagerduty_event,
    slack_card,
    sns,
    teams_card,
    text,
    webhook_document,
)
from tests.json_schema import problems

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "webhook.schema.json").read_text(encoding="utf-8"))
ROUTING_KEY = "0123456789abcdef0123456789abcdef"

CONSOLES = ("https://console.aws.amazon.com/", "https://console.amazonaws-us-gov.com/", "https://console.amazonaws.cn/")


def check(brief: Brief) -> None:
    """Render `brief` for every destination and check what each documents as its limits."""
    check_slack(slack_card.message(brief))
    check_mail(sns.mail_of(brief))
    check_teams(teams_card.message(brief))
    check_pagerduty(pagerduty_event.message(brief, routing_key=ROUTING_KEY))
    # Archived or not, so that the long form is made of every finding.
    check_pagerduty(pagerduty_event.message(replace(brief, closes=not brief.closes), routing_key=ROUTING_KEY))
    check_webhook(webhook_document.message(brief))
    check_chat(chat_notification.message(brief))


def check_plain(brief: Brief) -> None:
    """The same for the plain forms."""
    check_slack(slack_card.plain_message(brief))
    check_mail(sns.plain_mail_of(brief))
    check_teams(teams_card.plain_message(brief))
    check_pagerduty(pagerduty_event.plain_message(brief, routing_key=ROUTING_KEY))
    check_webhook(webhook_document.plain_message(brief))
    check_chat(chat_notification.plain_message(brief))


def check_mail(mail: sns.Mail) -> None:
    """What the SNS API reference says about Publish."""
    assert 0 < len(mail.subject) <= 100
    assert mail.subject.isascii()
    assert mail.subject.isprintable()
    assert 0 < len(mail.body.encode()) < 200_000
    assert mail.body.replace("\n", "").isprintable()
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


def check_teams(message: str) -> None:
    """What learn.microsoft.com says about cards in Teams, and what users measured of its size."""
    # As Teams counts it: the document as text inside another document (MicrosoftDocs/msteams-docs#11274).
    assert len(json.dumps(message).encode()) <= 27 * 1024
    payload = json.loads(message)
    assert set(payload) == {"type", "attachments"}
    (attachment,) = payload["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.5")
    assert card["msteams"] == {"width": "Full"}, "no entities: nothing can be a mention"
    assert card["body"]
    for element in elements(card["body"]):
        match element["type"]:
            case "RichTextBlock":
                assert element["inlines"]
            case "TextRun":
                assert element["text"]
                assert not re.search(r"\$\{|\{\{|@\{|(?i:</?at\b)", element["text"])
                assert "selectAction" not in element
            case "ActionSet":
                assert element["actions"]
            case "Action.OpenUrl":
                assert ours(element["url"]), element["url"]
            case other:
                raise AssertionError(f"{other}: everything is in text runs, nothing is parsed")


def check_pagerduty(message: str) -> None:
    """What PagerDuty's Events API v2 says about an event."""
    assert len(message.encode()) <= 512_000
    event = json.loads(message)
    assert event["routing_key"] == ROUTING_KEY
    assert 0 < len(event["dedup_key"]) <= 255
    if event["event_action"] == "resolve":
        assert set(event) == {"routing_key", "event_action", "dedup_key"}
        return
    assert event["event_action"] == "trigger"
    assert 0 < len(event["payload"]["summary"]) <= 1024
    assert event["payload"]["severity"] in {"critical", "error", "warning", "info"}
    assert event["payload"]["source"]
    assert "images" not in event
    assert all(ours(link["href"]) for link in event["links"])
    assert ours(event.get("client_url", CONSOLES[0]))


def check_webhook(message: str) -> None:
    """What docs/webhook.schema.json promises."""
    assert len(message.encode()) <= 256 * 1024
    document = json.loads(message)
    assert problems(document, SCHEMA) == []
    links = [element["url"] for element in elements(document) if "url" in element]
    assert all(map(ours, links))


def check_chat(message: str) -> None:
    """What the guide to Amazon Q Developer in chat applications says about a custom notification."""
    assert len(message.encode()) <= 262_144 - 1000
    notification = json.loads(message)
    assert (notification["version"], notification["source"]) == ("1.0", "custom")
    assert set(notification) == {"version", "source", "content", "metadata"}
    content = notification["content"]
    assert content["textType"] == "client-markdown"
    assert 0 < len(content["title"]) <= 250
    assert 0 < len(content["description"]) <= 8000
    assert all(content.get("nextSteps", ["x"]))
    assert all(content["keywords"])
    metadata = notification["metadata"]
    assert set(metadata) <= {"threadId", "summary", "eventType", "relatedResources", "additionalContext"}
    assert 0 < len(metadata["threadId"]) <= 255
    assert all(isinstance(value, str) for value in metadata["additionalContext"].values())
    for words in texts(notification):
        for address in re.findall(r"https?://\S+", words):
            assert ours(address), address
        assert not re.search(r"[<>]|&#?\w+;|(?<!\w)@\w", words), words
        # Between backticks nothing is parsed.
        assert not re.search(r"\]\(", re.sub(r"`[^`]*`", "", words)), words


def texts(value: object) -> Iterator[str]:
    """Every text inside a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts(item)


def ours(url: str) -> bool:
    """Whether a link leads into an AWS console."""
    host = url.removeprefix("https://").split("/")[0]
    return url.startswith("https://") and any(
        host == console[8:-1] or host.endswith(f".{console[8:-1]}") for console in CONSOLES
    )


def elements(value: object) -> Iterator[dict[str, Any]]:
    """Every object inside a document."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
