"""PagerDuty's Events API v2: what it refuses, in PagerDuty's words (developer.pagerduty.com/docs/events-api-v2)."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import ClassVar

from tools.emulator.stand_in import Answer, RefusedError, Request, StandIn

MAX_EVENT = 512_000
MAX_SUMMARY = 1024
MAX_DEDUP_KEY = 255
SEVERITIES = ("critical", "error", "warning", "info")
ACTIONS = ("trigger", "acknowledge", "resolve")


class PagerDuty(StandIn):
    """events.pagerduty.com with one integration."""

    hosts: ClassVar[tuple[str, ...]] = ("events.pagerduty.com", "events.eu.pagerduty.com")

    def secret_of(self, edition: int) -> str:
        """See `StandIn`."""
        return f"{edition:032x}"

    def judged(self, request: Request) -> tuple[dict[str, object], Answer]:
        """See `StandIn`."""
        if (request.method, request.path) != ("POST", "/v2/enqueue"):
            raise RefusedError(Answer(status=404, reason=f"no such call: {request.method} {request.path}"))
        if len(request.body) > MAX_EVENT:
            raise _invalid(f"the event has {len(request.body)} bytes; at most {MAX_EVENT}")
        try:
            event = json.loads(request.body)
        except ValueError as error:
            raise _invalid(f"not JSON: {error}") from error
        if problems := list(_problems(event)):
            raise _invalid(*problems)
        if event["routing_key"] not in self.known:
            raise _invalid("'routing_key' is not the key of an integration")
        said = {"status": "success", "message": "Event processed", "dedup_key": event.get("dedup_key", "made-up")}
        return event, Answer(status=202, body=json.dumps(said))

    def too_many(self) -> Answer:
        """See `StandIn`."""
        said = {"status": "throttle exceeded", "message": "Requests for this service are arriving too quickly."}
        return Answer(status=429, body=json.dumps(said))

    def alerts(self) -> dict[str, str]:
        """The last action of each alert, by its key: events with the same key are one alert."""
        return {str(event["dedup_key"]): str(event["event_action"]) for event in self.messages()}


def _problems(event: object) -> Iterator[str]:
    if not isinstance(event, Mapping):
        yield "the event must be an object"
        return
    if not isinstance(event.get("routing_key"), str):
        yield "'routing_key' must be a text"
    key = event.get("dedup_key")
    if key is not None and (not isinstance(key, str) or not 1 <= len(key) <= MAX_DEDUP_KEY):
        yield f"'dedup_key' must be 1 to {MAX_DEDUP_KEY} characters"
    match event.get("event_action"):
        case "trigger":
            yield from _payload_problems(event.get("payload"))
        case "acknowledge" | "resolve":
            if key is None:
                yield "'dedup_key' is missing: what is it that ends?"
        case other:
            yield f"'event_action' must be one of {', '.join(ACTIONS)}, got {other!r}"
    links = event.get("links", [])
    if not isinstance(links, list) or not all(isinstance(one, Mapping) and _is_text(one.get("href")) for one in links):
        yield "'links' must be a list of objects with 'href'"


def _payload_problems(payload: object) -> Iterator[str]:
    if not isinstance(payload, Mapping):
        yield "'payload' is missing"
        return
    for name in ("summary", "source"):
        if not _is_text(payload.get(name)):
            yield f"'payload.{name}' is missing or blank"
    if len(str(payload.get("summary", ""))) > MAX_SUMMARY:
        yield f"'payload.summary' has more than {MAX_SUMMARY} characters"
    if payload.get("severity") not in SEVERITIES:
        yield f"'payload.severity' must be one of {', '.join(SEVERITIES)}"
    try:
        datetime.fromisoformat(payload.get("timestamp", "2026-11-23T00:00:00Z"))
    except (TypeError, ValueError):
        yield "'payload.timestamp' is no time in ISO 8601"


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _invalid(*problems: str) -> RefusedError:
    said = {"status": "invalid event", "message": "Event object is invalid", "errors": problems}
    return RefusedError(Answer(status=400, body=json.dumps(said), reason="; ".join(problems)))
