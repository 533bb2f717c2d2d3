"""A payload is refused where Slack would refuse it, with Slack's code."""

import json
from typing import Any

import pytest

from tools.emulator.slack_rules import checked_payload
from tools.emulator.stand_in import RefusedError


def text(content: str, kind: str = "mrkdwn") -> dict[str, Any]:
    return {"type": kind, "text": content}


def header(content: str) -> dict[str, Any]:
    return {"type": "header", "text": text(content, "plain_text")}


def section(content: str) -> dict[str, Any]:
    return {"type": "section", "text": text(content)}


def button(**changes: Any) -> dict[str, Any]:
    return {"type": "button", "text": text("Open", "plain_text"), "url": "https://example.com", **changes}


def rich_text(content: str) -> dict[str, Any]:
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": content}]}],
    }


def check(**payload: Any) -> dict[str, object]:
    return checked_payload(json.dumps(payload).encode())


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(header("x" * 150), id="header"),
        pytest.param(section("x" * 3000), id="section"),
        pytest.param({"type": "section", "fields": [text("x" * 1000)] * 10}, id="fields"),
        pytest.param({"type": "context", "elements": [text("x")] * 10}, id="context"),
        pytest.param({"type": "actions", "elements": [button()] * 25}, id="actions"),
        pytest.param({"type": "divider"}, id="divider"),
        pytest.param(rich_text("x"), id="rich-text"),
    ],
)
def test_what_slack_takes(block: dict[str, Any]) -> None:
    assert check(text="x", blocks=[block])["blocks"] == [block]


def test_a_text_alone_is_a_message() -> None:
    assert check(text="x" * 40_000)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param(b"payload=x", "invalid_payload: not JSON", id="not-json"),
        pytest.param(b"\xff", "invalid_payload: not JSON", id="not-text"),
        pytest.param(b"[]", "invalid_payload: must be an object, got list", id="a-list"),
        pytest.param(b"{}", "no_text: neither text nor blocks", id="empty"),
        pytest.param(b'{"text": 1}', "invalid_payload: text must be a text", id="number"),
        pytest.param(b'{"text": "x", "blocks": {}}', "invalid_payload: .* blocks a list", id="blocks-not-a-list"),
    ],
)
def test_fails_on_what_is_no_message(body: bytes, message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        checked_payload(body)


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        pytest.param([{"type": "divider"}] * 51, "51 blocks; at most 50", id="too-many"),
        pytest.param([header("x" * 151)], r"blocks\[0\]\.text: must be 1 to 150 characters, got 151", id="header"),
        pytest.param([{"type": "header", "text": text("x")}], "of type plain_text", id="markdown-in-header"),
        pytest.param([section("x" * 3001)], "must be 1 to 3000 characters, got 3001", id="section"),
        pytest.param([section("")], "must be 1 to 3000 characters, got 0", id="empty-section"),
        pytest.param([{"type": "section"}], "a section needs text or fields", id="bare-section"),
        pytest.param([{"type": "section", "fields": [text("x")] * 11}], "1 to 10 elements, got 11", id="fields"),
        pytest.param([{"type": "section", "fields": [text("x" * 2001)]}], "1 to 2000 characters", id="long-field"),
        pytest.param([{"type": "context", "elements": []}], "must hold 1 to 10 elements, got 0", id="context"),
        pytest.param([{"type": "actions", "elements": [button()] * 26}], "1 to 25 elements, got 26", id="actions"),
        pytest.param(
            [{"type": "actions", "elements": [button(text=text("x" * 76, "plain_text"))]}], "1 to 75", id="button-text"
        ),
        pytest.param(
            [{"type": "actions", "elements": [button(url="https://" + "x" * 3000)]}], "must be an https URL", id="url"
        ),
        pytest.param([{"type": "actions", "elements": [button(url="ftp://x")]}], "must be an https URL", id="scheme"),
        pytest.param([{"type": "poll"}], r"blocks\[0\]: unsupported type 'poll'", id="unknown"),
        pytest.param(["x"], "must be an object", id="not-a-block"),
        pytest.param([{"type": "rich_text", "elements": [{"type": "text"}]}], "must be one of rich_text", id="rich"),
        pytest.param([{**section("x"), "block_id": "a"}] * 2, "block_id 'a' must be .* unique", id="same-id"),
    ],
)
def test_fails_on_blocks_that_slack_refuses(blocks: list[Any], message: str) -> None:
    with pytest.raises(RefusedError, match=message) as refusal:
        check(text="x", blocks=blocks)
    assert refusal.value.answer.body == "invalid_blocks"


def test_fails_on_blocks_that_are_too_long_together() -> None:
    with pytest.raises(RefusedError, match="msg_blocks_too_long: 15000 characters in all; at most 13200"):
        check(text="x", blocks=[section("x" * 3000)] * 5)


def test_fails_on_a_text_that_is_too_long() -> None:
    with pytest.raises(RefusedError, match="msg_too_long: text has 40001 characters"):
        check(text="x" * 40_001)
