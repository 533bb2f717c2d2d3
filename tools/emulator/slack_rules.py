"""Slack's incoming webhook: what it refuses, in Slack's words."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from tools.emulator.stand_in import Answer, RefusedError, Request, StandIn

MAX_TEXT = 40_000
MAX_BLOCKS = 50
MAX_ALL_BLOCKS = 13_200
"""Characters in all blocks together; undocumented, answered with `msg_blocks_too_long` (slackapi/bolt-js#2509)."""
MAX_HEADER = 150
MAX_SECTION = 3_000
MAX_FIELDS, MAX_FIELD = 10, 2_000
MAX_CONTEXT_ELEMENTS = 10
MAX_ACTIONS = 25
MAX_BUTTON_TEXT, MAX_BUTTON_URL = 75, 3_000
MAX_BLOCK_ID = 255
"""Limits (docs.slack.dev/reference/block-kit)."""

Block = Mapping[str, object]

_RICH_TEXT = ("rich_text_list", "rich_text_preformatted", "rich_text_quote", "rich_text_section")


class Slack(StandIn):
    """hooks.slack.com with one webhook."""

    hosts: ClassVar[tuple[str, ...]] = ("hooks.slack.com", "hooks.slack-gov.com")

    def secret_of(self, edition: int) -> str:
        """See `StandIn`."""
        return f"https://{self.hosts[0]}/services/T00000000/B{edition:08}/made-up-for-the-emulator"

    def judged(self, request: Request) -> tuple[dict[str, object], Answer]:
        """See `StandIn`."""
        if f"https://{self.hosts[0]}{request.path}" not in self.known:
            raise _refused("no_service", f"no webhook has the path {request.path}", status=404)
        if request.method != "POST":
            raise _refused("method_not_allowed", f"a webhook takes POST, got {request.method}", status=405)
        return checked_payload(request.body), Answer(status=200, body="ok")

    def too_many(self) -> Answer:
        """See `StandIn`."""
        return Answer(status=429, body="rate_limited", headers=(("Retry-After", "1"),))


def checked_payload(body: bytes) -> dict[str, object]:
    """The payload, if Slack would take it.

    Raises:
        RefusedError: With Slack's code and what is wrong.
    """
    try:
        payload = json.loads(body)
    except ValueError as error:
        raise _refused("invalid_payload", f"not JSON: {error}") from error
    if not isinstance(payload, dict):
        raise _refused("invalid_payload", f"must be an object, got {type(payload).__name__}")
    text, blocks = payload.get("text", ""), payload.get("blocks", [])
    if not isinstance(text, str) or not isinstance(blocks, list):
        raise _refused("invalid_payload", "text must be a text and blocks a list")
    if not text and not blocks:
        raise _refused("no_text", "neither text nor blocks")
    if len(text) > MAX_TEXT:
        raise _refused("msg_too_long", f"text has {len(text)} characters; at most {MAX_TEXT}")
    _check_blocks(blocks)
    return payload


def _check_blocks(blocks: Sequence[object]) -> None:
    if len(blocks) > MAX_BLOCKS:
        raise _invalid("blocks", f"{len(blocks)} blocks; at most {MAX_BLOCKS}")
    ids = [block["block_id"] for block in blocks if isinstance(block, dict) and "block_id" in block]
    for block_id in ids:
        if not isinstance(block_id, str) or not 1 <= len(block_id) <= MAX_BLOCK_ID or ids.count(block_id) > 1:
            raise _invalid("blocks", f"block_id {block_id!r} must be 1 to {MAX_BLOCK_ID} characters and unique")
    for number, block in enumerate(blocks):
        _check_block(f"blocks[{number}]", block)
    if (length := sum(map(_length, blocks))) > MAX_ALL_BLOCKS:
        raise _refused("msg_blocks_too_long", f"{length} characters in all; at most {MAX_ALL_BLOCKS}")


def _check_block(where: str, block: object) -> None:
    if not isinstance(block, dict):
        raise _invalid(where, "must be an object")
    kind = block.get("type")
    if kind not in _CHECKS:
        raise _invalid(where, f"unsupported type {kind!r}; known: {', '.join(map(str, _CHECKS))}")
    _CHECKS[kind](where, block)


def _check_header(where: str, block: Block) -> None:
    _check_text(f"{where}.text", block.get("text"), most=MAX_HEADER, kinds=("plain_text",))


def _check_section(where: str, block: Block) -> None:
    if not block.keys() & {"text", "fields"}:
        raise _invalid(where, "a section needs text or fields")
    if "text" in block:
        _check_text(f"{where}.text", block["text"], most=MAX_SECTION)
    if "fields" in block:
        for number, field in enumerate(_list(f"{where}.fields", block["fields"], most=MAX_FIELDS)):
            _check_text(f"{where}.fields[{number}]", field, most=MAX_FIELD)


def _check_context(where: str, block: Block) -> None:
    for number, element in enumerate(_list(f"{where}.elements", block.get("elements"), most=MAX_CONTEXT_ELEMENTS)):
        _check_text(f"{where}.elements[{number}]", element, most=MAX_SECTION)


def _check_actions(where: str, block: Block) -> None:
    for number, element in enumerate(_list(f"{where}.elements", block.get("elements"), most=MAX_ACTIONS)):
        _check_button(f"{where}.elements[{number}]", element)


def _check_rich_text(where: str, block: Block) -> None:
    for number, element in enumerate(_list(f"{where}.elements", block.get("elements"), most=MAX_BLOCKS)):
        if not isinstance(element, dict) or element.get("type") not in _RICH_TEXT:
            raise _invalid(f"{where}.elements[{number}]", f"must be one of {', '.join(_RICH_TEXT)}")
        _list(f"{where}.elements[{number}].elements", element.get("elements"), most=MAX_SECTION)


_CHECKS: dict[object, Callable[[str, Block], None]] = {
    "actions": _check_actions,
    "context": _check_context,
    "divider": lambda _where, _block: None,
    "header": _check_header,
    "rich_text": _check_rich_text,
    "section": _check_section,
}
"""The kinds of blocks known here; a message with another one is refused, so that nothing passes unchecked."""


def _check_button(where: str, element: object) -> None:
    if not isinstance(element, dict) or element.get("type") != "button":
        raise _invalid(where, "must be a button")
    _check_text(f"{where}.text", element.get("text"), most=MAX_BUTTON_TEXT, kinds=("plain_text",))
    url = element.get("url", "https://")
    if not isinstance(url, str) or not url.startswith("https://") or len(url) > MAX_BUTTON_URL:
        raise _invalid(f"{where}.url", f"must be an https URL of at most {MAX_BUTTON_URL} characters, got {url!r}")


def _check_text(where: str, text: object, *, most: int, kinds: Sequence[str] = ("mrkdwn", "plain_text")) -> None:
    if not isinstance(text, Mapping) or text.get("type") not in kinds:
        raise _invalid(where, f"must be a text object of type {' or '.join(kinds)}")
    content = text.get("text")
    if not isinstance(content, str) or not 1 <= len(content) <= most:
        got = len(content) if isinstance(content, str) else repr(content)
        raise _invalid(where, f"must be 1 to {most} characters, got {got}")


def _list(where: str, value: object, *, most: int, least: int = 1) -> list[object]:
    if not isinstance(value, list) or not least <= len(value) <= most:
        got = len(value) if isinstance(value, list) else repr(value)
        raise _invalid(where, f"must hold {least} to {most} elements, got {got}")
    return value


def _length(value: object) -> int:
    if isinstance(value, dict):
        return sum(
            _length(inner) if key != "text" or not isinstance(inner, str) else len(inner)
            for key, inner in value.items()
        )
    return sum(map(_length, value)) if isinstance(value, list) else 0


def _invalid(where: str, reason: str) -> RefusedError:
    return _refused("invalid_blocks", f"{where}: {reason}")


def _refused(code: str, reason: str, *, status: int = 400) -> RefusedError:
    return RefusedError(Answer(status=status, body=code, reason=f"{code}: {reason}"))
