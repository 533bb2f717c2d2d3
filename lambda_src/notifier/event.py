"""What a queue message holds: findings, reports and notices of ours, or something else that somebody must hear of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from notifier.finding import Envelope, Finding
from notifier.heartbeat import DETAIL_TYPE as HEARTBEAT
from notifier.heartbeat import Heartbeat
from notifier.notice import DETAIL_TYPE, SOURCE, Notice
from notifier.report import DETAIL_TYPE as REPORT
from notifier.report import Report
from notifier.service_event import notice_of
from notifier.watched_call import DETAIL_TYPE as API_CALL
from notifier.watched_call import SOURCES, WatchedCall
from notifier.wire import Block, block, camel, decode, moment, text

FINDING = "GuardDuty Finding"

# One event carries one finding; a document with a list of them is somebody's own doing.
_MOST = 10
_UNWRAPPED = 6

# A document with two of these is a finding, even if `type` alone could be anything.
_MARKS = ("type", "severity", "accountId", "service", "resource", "schemaVersion", "detectorId")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecognised:
    """A message that is no finding.

    Attributes:
        reason: Why not, as a clause without a full stop.
        detail_type: What EventBridge called it, if it did.
        raw: The text as it came.
    """

    reason: str
    raw: str
    detail_type: str | None = None
    envelope: Envelope | None = None


Item: TypeAlias = Finding | Report | Notice | WatchedCall | Heartbeat | Unrecognised
"""Whatever a message can hold."""


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
    envelope = Envelope(
        event_id=text(event.get("id")),
        account=text(event.get("account")),
        region=text(event.get("region")),
        time=moment(event.get("time")),
        replay_name=text(event.get("replay-name")),
    )
    detail_type = text(event.get("detail-type"))
    detail = event.get("detail")
    if isinstance(detail, str):
        detail = _decoded(detail)
    if detail_type == DETAIL_TYPE and event.get("source") == SOURCE and isinstance(detail, Mapping):
        return Notice.from_detail(detail, event_id=envelope.event_id)
    if (other := _beside_findings(event.get("source"), detail_type, detail, envelope, raw)) is not None:
        return other
    if detail_type not in {None, FINDING}:
        known = isinstance(detail, Mapping) and event.get("source") in {None, "aws.guardduty"}
        if known and (
            notice := notice_of(
                detail_type or "",
                block(detail),
                account=envelope.account,
                region=envelope.region,
                event_id=envelope.event_id,
            )
        ):
            return notice
        return Unrecognised(
            reason="GuardDuty sent an event that is not a finding", detail_type=detail_type, raw=raw, envelope=envelope
        )
    if not isinstance(detail, Mapping) or not detail:
        return Unrecognised(reason="the event holds no finding", detail_type=detail_type, raw=raw, envelope=envelope)
    finding = _as_finding(detail)
    # Called a finding by EventBridge, so it is one, however little of it can be read.
    return Finding.from_detail(detail if finding is None else finding, envelope=envelope)


def _beside_findings(
    source: object, detail_type: str | None, detail: object, envelope: Envelope, raw: str
) -> Heartbeat | Report | WatchedCall | Unrecognised | None:
    """What takes the same way as findings and is none."""
    if detail_type == FINDING and source == SOURCE:
        # The rules of findings let our own source in, for the heartbeat: whoever may put events could write a finding.
        reason = "it is called a finding, and GuardDuty did not send it"
        return Unrecognised(reason=reason, detail_type=detail_type, raw=raw, envelope=envelope)
    if not isinstance(detail, Mapping):
        return None
    if detail_type == HEARTBEAT and source == SOURCE:
        return Heartbeat.from_detail(detail, region=envelope.region)
    if detail_type == REPORT and source == SOURCE:
        return Report.from_detail(detail, administrator=envelope.account)
    if detail_type == API_CALL and isinstance(source, str) and source.startswith(SOURCES):
        return WatchedCall.from_detail(detail, envelope=envelope)
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
