"""A journey in words, for a person and for another program."""

from collections.abc import Iterator, Mapping

from notifier.inert import inert, inert_lines
from tools.journey.hiding import MatchingFilter
from tools.journey.journey import Journey, Outcome, ToldDestination
from tools.matching.finding_values import values_at
from tools.messages.kinds import KINDS

_LINE = 400
_MESSAGE = 40_000


def lines(journey: Journey, *, deployment: str, messages: bool) -> Iterator[str]:
    """What becomes of a finding, line by line; with whole messages if asked for."""
    yield f"{_of(journey, 'type')}, severity {_of(journey, 'severity')}, account {_of(journey, 'accountId')}"
    yield f"arrives in {_inert(journey.region)}, deployment {deployment}"
    yield ""
    yield verdict(journey)
    if len(journey.hiding.archived_by) > 1:
        yield from (f"  {_answer(one)}" for one in journey.hiding.archived_by)
    if journey.told:
        yield f"  brought by {', '.join(journey.forwarders) or 'no forwarder'}"
    for told in journey.told:
        yield f"  {', '.join(told.routes)} -> {told.destination.name} ({_way(told)})"
        for text in _messages(journey, told, whole=messages):
            yield from (f"      {line}" for line in text.splitlines())
    for title, sentences in (("also", journey.also), ("near misses", journey.misses)):
        if sentences:
            yield f"{title}:"
            yield from (f"  - {_inert(sentence)}" for sentence in sentences)


def verdict(journey: Journey) -> str:
    """The outcome in one line."""
    by, trusted = journey.hiding.archived_by, journey.hiding.trusted_by
    match journey:
        case Journey(outcome=Outcome.SUPPRESSED):
            who = _answer(by[0]) if len(by) == 1 else f"{len(by)} filters, the last until {by[0].until}"
            return f"SUPPRESSED by {who}; enforced, nobody is told"
        case Journey(outcome=Outcome.TRUSTED) if trusted:
            until = f"owner {trusted.owner}, until {trusted.expires}"
            return f"TRUSTED: the list {trusted.name} hides every finding type, {until}"
        case Journey(outcome=Outcome.UNWATCHED):
            return "UNWATCHED: nobody is told"
        case Journey(outcome=Outcome.UNTOLD):
            return "UNTOLD: it is found, and no rule leads it to anybody"
    hear = sorted(told.destination.name for told in journey.told if _sends(journey, told))
    silent = sorted({told.destination.name for told in journey.told} - set(hear))
    besides = f"; not to {', '.join(silent)}, where nothing is sent for such a finding" if silent else ""
    return f"SENT to {', '.join(hear) or 'nobody'}{besides}"


def as_json(journey: Journey) -> dict[str, object]:
    """A journey for another program."""
    by, trusted = journey.hiding.archived_by, journey.hiding.trusted_by
    return {
        "finding_type": _detail(journey).get("type"),
        "severity": _detail(journey).get("severity"),
        "account": _detail(journey).get("accountId"),
        "region": journey.region,
        "outcome": journey.outcome.value,
        "archived_by": [_matching(one) | {"mode": "enforce"} for one in by],
        "observed_by": [_matching(one) | {"mode": "observe"} for one in journey.hiding.observed_by],
        "trusted_by": {"list": trusted.name, "owner": trusted.owner, "expires": trusted.expires} if trusted else None,
        "forwarders": list(journey.forwarders),
        "told": [
            {
                "destination": told.destination.name,
                "kind": told.destination.settings.destination_kind,
                "routes": list(told.routes),
                "mails": list(told.destination.mails),
                "headlines": [brief.headline for brief in told.destination.briefs(journey.event)],
                "messages": list(told.destination.payloads(journey.event)),
            }
            for told in journey.told
        ],
        "also": list(journey.also),
        "near_misses": list(journey.misses),
    }


def _matching(one: MatchingFilter) -> dict[str, str]:
    return {"filter": one.filter, "entry": one.entry, "owner": one.owner, "expires": one.expires}


def _answer(by: MatchingFilter) -> str:
    entry = f"egress entry {by.entry}" if by.entry else "no egress entry"
    owner = f"owner {by.owner}" if by.owner else "without an owner"
    return f"{by.filter}: {entry}, {owner}, until {by.until}"


def _way(told: ToldDestination) -> str:
    by_mail = f" to {', '.join(told.destination.mails)}" if told.destination.mails else ""
    return f"{told.destination.form}{by_mail}"


def _messages(journey: Journey, told: ToldDestination, *, whole: bool) -> Iterator[str]:
    for brief in told.destination.briefs(journey.event):
        if whole:
            yield inert_lines(KINDS[told.destination.form].words(brief), limit=_MESSAGE)
        elif KINDS[told.destination.form].payload(brief) is None:
            yield "sends nothing for such a finding"
        else:
            yield f"[{brief.severity_label}] {brief.headline}"


def _sends(journey: Journey, told: ToldDestination) -> bool:
    """Whether anything is sent: a pager, for one, takes no samples."""
    return any(payload is not None for payload in told.destination.payloads(journey.event))


def _detail(journey: Journey) -> Mapping[str, object]:
    detail = journey.event["detail"]
    return detail if isinstance(detail, Mapping) else {}


def _of(journey: Journey, name: str) -> str:
    return _inert(", ".join(str(value) for value in values_at(_detail(journey), (name,))) or "unknown")


def _inert(text: str) -> str:
    return inert(text, limit=_LINE)
