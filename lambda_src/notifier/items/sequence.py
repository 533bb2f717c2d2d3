"""An attack sequence of Extended Threat Detection, told as who did what, in which order, to what and from where."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from notifier.items.action import is_outbound
from notifier.items.hidden import without_secrets
from notifier.items.hosts import hosts_apart
from notifier.items.mark import Kind, Mark
from notifier.items.wire import Block, block, blocks, count, moment, text

_FIRST, _LAST = 3, 5
"""Signals that are told: how it began, and how far it has come."""

_EACH = 3
_VALUES, _CALLS = 6, 3

Pairs = Iterator[tuple[str, str]]


def sequence_of(sequence: Block) -> Pairs:
    """What `service.detection.sequence` says, line by line (botocore guardduty 1.44.5, Sequence)."""
    signals = sorted(blocks(sequence.get("signals")), key=_order)
    if signals:
        yield "Signals", f"{len(signals)}, in the order in which they began"
    between = len(signals) - _FIRST - _LAST
    for signal in signals[:_FIRST]:
        yield _clock(signal) or "Signal", _signal(signal)
    if between > 0:
        yield "Then", f"{between} more, which GuardDuty lists"
    for signal in signals[max(len(signals) - _LAST, _FIRST) :]:
        yield _clock(signal) or "Signal", _signal(signal)
    # What was hit and by whom comes before what made GuardDuty think so.
    for label, member, told in (
        ("Actor", "actors", _actor),
        ("Resource", "resources", _resource),
        ("Endpoint", "endpoints", _endpoint),
        ("Indicator", "sequenceIndicators", _indicator),
    ):
        found = blocks(sequence.get(member))
        for one in found[:_EACH]:
            yield label, told(one)
        if len(found) > _EACH:
            yield label, f"and {len(found) - _EACH} more"
    if kinds := _first(sequence.get("additionalSequenceTypes")):
        yield "Also of type", kinds


def marks_of(sequence: Block) -> Iterator[Mark]:
    """What a sequence may grow by: who takes part, from where, what is hit and which kinds of signals there are.

    That the same signal comes again is no growth, and neither is an actor with nothing but a number.
    """
    for endpoint in blocks(sequence.get("endpoints")):
        address, domain = text(endpoint.get("ip")), text(endpoint.get("domain")) or ""
        kind: Kind = "host" if is_outbound(block(endpoint, "connection").get("direction")) else "address"
        yield from _mark(kind, address or domain, address or hosts_apart(domain))
    for actor in blocks(sequence.get("actors")):
        user, process = block(actor, "user"), block(actor, "process")
        if key := text(user.get("credentialUid")):
            yield from _mark("key", key)
        else:
            path, uid, name = text(process.get("path")), text(user.get("uid")), text(user.get("name"))
            yield from _mark("actor", uid or name or path or text(process.get("name")), name or uid)
    for resource in blocks(sequence.get("resources")):
        named = text(resource.get("name"))
        yield from _mark("resource", text(resource.get("uid")) or named, named)
    for signal in blocks(sequence.get("signals")):
        yield from _mark("signal", text(signal.get("name")) or text(signal.get("type")))


def _mark(kind: Kind, id_: str | None, name: str | None = None) -> Iterator[Mark]:
    if id_:
        yield Mark(kind, id_, without_secrets(name or id_))


def _indicator(indicator: Block) -> str:
    # The title is GuardDuty's sentence; key and values are for programs and stand in where it is missing.
    title, key = text(indicator.get("title")), text(indicator.get("key"))
    return _joined(title or key, hosts_apart(_first(indicator.get("values"))))


def _signal(signal: Block) -> str:
    calls = (_call(activity) for activity in islice(blocks(signal.get("activities")), _CALLS))
    times = count(signal.get("count"))
    about = (f"{times} times" if times and times > 1 else "", ", ".join(call for call in calls if call))
    return _joined(text(signal.get("name")) or text(signal.get("type")), "; ".join(part for part in about if part))


def _call(activity: Block) -> str:
    api = block(activity, "api")
    failed = text(api.get("error"))
    called = ":".join(part for part in (text(api.get("service")), text(api.get("operation"))) if part)
    return f"{called} failed with {failed}" if called and failed else called


def _actor(actor: Block) -> str:
    user, process = block(actor, "user"), block(actor, "process")
    account = text(block(user, "account").get("uid"))
    session = block(actor, "session")
    mfa = text(session.get("mfaStatus"))
    about = (
        text(user.get("type")),
        f"access key {key}" if (key := text(user.get("credentialUid"))) else None,
        f"account {account}" if account else None,
        f"MFA {mfa.lower()}" if mfa else None,
        text(process.get("path")),
    )
    named = text(user.get("name")) or text(process.get("name")) or text(user.get("uid")) or text(actor.get("id"))
    return _joined(named, ", ".join(part for part in about if part))


def _endpoint(endpoint: Block) -> str:
    owner, location = block(endpoint, "autonomousSystem"), block(endpoint, "location")
    number = text(owner.get("number"))
    about = (
        text(owner.get("name")),
        f"AS{number}" if number else None,
        text(location.get("city")),
        text(location.get("country")),
        (text(block(endpoint, "connection").get("direction")) or "").lower(),
    )
    where = hosts_apart(text(endpoint.get("ip")) or text(endpoint.get("domain")) or text(endpoint.get("id")) or "")
    port = count(endpoint.get("port"))
    return _joined(f"{where} port {port}" if where and port else where, ", ".join(part for part in about if part))


def _resource(resource: Block) -> str:
    named = text(resource.get("name")) or text(resource.get("uid"))
    about = (text(resource.get("resourceType")), text(resource.get("accountId")), text(resource.get("region")))
    return _joined(named, ", ".join(part for part in about if part))


def _joined(first: str | None, rest: str) -> str:
    return f"{first} ({rest})" if first and rest else first or rest


def _order(signal: Block) -> float:
    began = _began(signal)
    return began.timestamp() if began else 0.0


def _began(signal: Block) -> datetime | None:
    return moment(signal.get("firstSeenAt")) or moment(signal.get("createdAt"))


def _clock(signal: Block) -> str:
    began = _began(signal)
    return f"{began.isoformat(' ')[:19]} UTC" if began else ""


def _texts(value: object) -> Iterator[str]:
    for item in value[:_VALUES] if isinstance(value, list) else ():
        if (shown := text(item)) is not None:
            yield shown


def _first(value: object) -> str:
    return ", ".join(_texts(value))
