"""What a queue message holds: findings, reports and notices of ours, or something else that somebody must hear of."""

from collections.abc import Iterator, Mapping
from itertools import islice

from notifier.items.detail_types import API_CALL, AWS, FINDING, HEARTBEAT, NOTICE, OURS, REPORT
from notifier.items.finding import Envelope, Finding
from notifier.items.item import Item, reader_of
from notifier.items.unrecognised import Unrecognised
from notifier.items.wire import Block, block, camel, decode, moment, text

_READERS = {NOTICE: "notice", REPORT: "report", HEARTBEAT: "heartbeat"}
"""The module that reads an event of ours (see `reader_of`)."""

# One event carries one finding; a document with a list of them is somebody's own doing.
_MOST = 10
_UNWRAPPED = 6

# A document with two of these is a finding, even if `type` alone could be anything.
_MARKS = ("type", "severity", "accountId", "service", "resource", "schemaVersion", "detectorId")


def read(body: object) -> tuple[Item, ...]:
    """Everything that is in the body of one queue message, at least one thing; never raises for odd input.

    Besides the EventBridge event that the template sends, this recognises a bare finding, the API's PascalCase,
    `{"Findings": […]}`, and any of them wrapped by SNS, API Gateway or a second encoding as text.
    """
    raw = body if isinstance(body, str) else repr(body)
    if not isinstance(body, str) or not body.strip():
        return (Unrecognised(reason="the message is empty" if not body else "the message is not text", raw=raw),)
    try:
        document = decode(body)
    except ValueError:
        return (Unrecognised(reason="the message is not JSON", raw=raw),)
    try:
        found = tuple(islice(_unwrap(document, raw, depth=_UNWRAPPED), _MOST + 1))
    except RecursionError:
        found = ()
    if len(found) > _MOST:
        rest = Unrecognised(reason=f"the message holds more than {_MOST} findings; the rest is not shown", raw=raw)
        return (*found[:_MOST], rest)
    return found or (Unrecognised(reason="the message holds no finding", raw=raw),)


def _unwrap(document: object, raw: str, *, depth: int) -> Iterator[Item]:
    if isinstance(document, list):
        # S3 exports and CLI output come as lists.
        for item in document:
            yield from _unwrap(item, raw, depth=depth - 1)
    elif isinstance(document, str) and depth > 0:
        yield from _unwrap(_decoded(document), raw, depth=depth - 1)
    elif not isinstance(document, Mapping) or depth <= 0:
        yield Unrecognised(reason="the message is JSON, but not an event", raw=raw)
    elif "detail" in document or "detail-type" in document:
        yield _from_event(document, raw)
    elif inner := _inner(document):
        for item in inner:
            yield from _unwrap(item, raw, depth=depth - 1)
    elif (finding := _as_finding(document)) is not None:
        yield Finding.from_detail(finding)
    else:
        yield Unrecognised(reason="the message is JSON, but not a GuardDuty event", raw=raw)


def _from_event(event: Block, raw: str) -> Item:
    detail_type = text(event.get("detail-type"))
    envelope = Envelope(
        event_id=text(event.get("id")),
        account=text(event.get("account")),
        region=text(event.get("region")),
        time=moment(event.get("time")),
        replay_name=text(event.get("replay-name")),
        detail_type=detail_type,
    )
    detail = event.get("detail")
    if isinstance(detail, str):
        detail = _decoded(detail)
    source = text(event.get("source"))
    if (other := _beside_findings(source, detail_type, detail, envelope, raw)) is not None:
        return other
    if detail_type not in {None, FINDING}:
        known = isinstance(detail, Mapping) and source in {None, "aws.guardduty"}
        notice = reader_of("service_event")(block(detail), envelope) if known else None
        return notice or Unrecognised(
            reason="GuardDuty sent an event that is not a finding", detail_type=detail_type, raw=raw, envelope=envelope
        )
    if not isinstance(detail, Mapping) or not detail:
        return Unrecognised(reason="the event holds no finding", detail_type=detail_type, raw=raw, envelope=envelope)
    finding = _as_finding(detail)
    # Called a finding by EventBridge, so it is one, however little of it can be read.
    return Finding.from_detail(detail if finding is None else finding, envelope=envelope)


def _beside_findings(
    source: str | None, detail_type: str | None, detail: object, envelope: Envelope, raw: str
) -> "Item | None":
    """What takes the same way as findings and is none."""
    if detail_type == FINDING and source == OURS:
        # The rules of findings let our own source in, for the heartbeat: whoever may put events could write a finding.
        reason = "it is called a finding, and GuardDuty did not send it"
        return Unrecognised(reason=reason, detail_type=detail_type, raw=raw, envelope=envelope)
    if not isinstance(detail, Mapping):
        return None
    if source == OURS and detail_type in _READERS:
        return reader_of(_READERS[detail_type])(detail, envelope)
    if detail_type == API_CALL and source and source.startswith(AWS):
        return reader_of("watched_call")(detail, envelope)
    return None


def _inner(document: Block) -> list[object]:
    """What a wrapper holds; empty when it is none."""
    if document.get("Type") == "Notification" and "Message" in document:
        return [document["Message"]]
    for member in ("Records", "Findings", "findings"):
        if isinstance(items := document.get(member), list) and items:
            return items
    for path in (("Sns", "Message"), ("body",), ("Body",), ("Message",)):
        if isinstance(inner := block(document, *path[:-1]).get(path[-1]), str) and inner.strip():
            return [inner]
    return []


def _as_finding(document: Block) -> Block | None:
    """The document in camelCase if it looks like a finding."""
    if sum(mark in document for mark in _MARKS) > 1:
        return document
    if sum(mark[0].upper() + mark[1:] in document for mark in _MARKS) > 1:
        return block(camel(document))
    return None


def _decoded(document: str) -> object:
    try:
        return decode(document)
    except ValueError:
        return None
