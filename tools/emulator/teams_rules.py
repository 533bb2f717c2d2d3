"""A Workflows webhook of Microsoft Teams: what it refuses (learn.microsoft.com, Adaptive Cards for Teams)."""

import json
from collections.abc import Iterator, Mapping
from typing import ClassVar

from tools.emulator.stand_in import Answer, RefusedError, Request, StandIn

MAX_SIZE = 28 * 1024
"""Counted as a text inside another document, as Teams does: 24,453 posted bytes were refused as 28,897
(MicrosoftDocs/msteams-docs#11274)."""

ADAPTIVE_CARD = "application/vnd.microsoft.card.adaptive"
NEWEST_VERSION = (1, 5)
_NOT_FOUND, _TOO_LARGE, _BAD, _TOO_MANY = 404, 413, 400, 429

_HOLDS = {"RichTextBlock": "inlines", "ActionSet": "actions", "Container": "items"}
_LEAVES = {"TextRun": "text", "TextBlock": "text", "Action.OpenUrl": "url"}


class Teams(StandIn):
    """Power Automate's host with one workflow that posts a card to a channel."""

    hosts: ClassVar[tuple[str, ...]] = ("default0.01.environment.api.powerplatform.com",)
    # learn.microsoft.com, add an incoming webhook: more than four requests a second are throttled.
    per_second: ClassVar[int | None] = 4

    def secret_of(self, edition: int) -> str:
        """See `StandIn`."""
        path = "powerautomate/automations/direct/workflows/0123456789abcdef/triggers/manual/paths/invoke"
        query = f"api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=made-up-for-the-emulator-{edition}"
        return f"https://{self.hosts[0]}/{path}?{query}"

    def judged(self, request: Request) -> tuple[dict[str, object], Answer]:
        """See `StandIn`."""
        if f"https://{self.hosts[0]}{request.path}" not in self.known or request.method != "POST":
            raise _refused(_NOT_FOUND, "WorkflowNotFound", f"{request.method} {request.path}")
        try:
            message = json.loads(request.body)
        except ValueError as error:
            raise _refused(_BAD, "InvalidRequestContent", f"not JSON: {error}") from error
        if (size := len(json.dumps(request.body.decode()))) > MAX_SIZE:
            raise _refused(_TOO_LARGE, "RequestEntityTooLarge", f"{size} bytes as text in JSON; at most {MAX_SIZE}")
        if problems := list(_problems(message)):
            raise _refused(_BAD, "InvalidRequestContent", "; ".join(problems))
        return message, Answer(status=202)

    def too_many(self) -> Answer:
        """See `StandIn`."""
        refusal = _refused(_TOO_MANY, "TooManyRequests", f"more than {self.per_second} in a second")
        return Answer(status=_TOO_MANY, body=refusal.answer.body, headers=(("Retry-After", "1"),))


def _problems(message: object) -> Iterator[str]:
    if not isinstance(message, Mapping) or message.get("type") != "message":
        yield "must be an object of type message"
        return
    attachments = message.get("attachments")
    if not isinstance(attachments, list) or not attachments:
        yield "must have attachments"
        return
    for attachment in attachments:
        card = attachment.get("content") if isinstance(attachment, Mapping) else None
        if not isinstance(card, Mapping) or attachment.get("contentType") != ADAPTIVE_CARD:
            yield f"an attachment must be of {ADAPTIVE_CARD}"
        elif card.get("type") != "AdaptiveCard" or not _is_known(card.get("version")):
            yield f"a card must be an AdaptiveCard of a version up to {'.'.join(map(str, NEWEST_VERSION))}"
        else:
            yield from _elements("body", card.get("body"))


def _elements(where: str, elements: object) -> Iterator[str]:
    if not isinstance(elements, list) or not elements:
        yield f"{where} must hold elements"
        return
    for number, element in enumerate(elements):
        place = f"{where}[{number}]"
        kind = element.get("type") if isinstance(element, Mapping) else None
        if kind in _HOLDS:
            yield from _elements(f"{place}.{_HOLDS[kind]}", element.get(_HOLDS[kind]))
        elif kind not in _LEAVES:
            yield f"{place}: unknown type {kind!r}"
        elif not isinstance(element.get(_LEAVES[kind]), str) or not element[_LEAVES[kind]]:
            yield f"{place}: a {kind} needs {_LEAVES[kind]}"


def _is_known(version: object) -> bool:
    try:
        return tuple(int(part) for part in str(version).split(".")) <= NEWEST_VERSION
    except ValueError:
        return False


def _refused(status: int, code: str, reason: str) -> RefusedError:
    body = json.dumps({"error": {"code": code, "message": "made up for the emulator"}})
    return RefusedError(Answer(status=status, body=body, reason=f"{code}: {reason}"))
