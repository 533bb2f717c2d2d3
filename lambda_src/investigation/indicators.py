"""An indicator of a Detective investigation as a line that a person reads.

Types and members are Detective's (botocore detective 1.44.5, ListIndicators).
"""

from collections.abc import Callable, Iterator, Mapping

from investigation.documents import Fact
from investigation.wire import Block, block, text

_VALUE = 240


def facts_of(indicator: Block) -> Iterator[Fact]:
    """The line of an indicator; of a type that is not known yet, its name."""
    kind = text(indicator.get("IndicatorType"), limit=60) or "Indicator without a type"
    words = _KINDS.get(kind)
    if words is None:
        yield Fact(label=kind.replace("_", " ").capitalize(), value="see it in Detective")
        return
    label, member, said = words
    yield Fact(label=label, value=said(block(indicator.get("IndicatorDetail"), member))[:_VALUE])


def _ttp(detail: Block) -> str:
    done = ", ".join(
        f"{count} {word}"
        for word, name in (("succeeded", "APISuccessCount"), ("failed", "APIFailureCount"))
        if isinstance(count := detail.get(name), int)
    )
    steps = [text(detail.get(name), limit=80) for name in ("Tactic", "Technique", "Procedure")]
    return _joined(
        " / ".join(step for step in steps if step),
        _prefixed("by ", detail.get("APIName")),
        _prefixed("from ", detail.get("IpAddress")),
        done,
    )


def _travel(detail: Block) -> str:
    hours = detail.get("HourlyTimeDelta")
    return _joined(
        f"from {_place(detail, 'Starting')} to {_place(detail, 'Ending')}",
        f"within {hours} h" if isinstance(hours, int) else "",
    )


def _place(detail: Block, which: str) -> str:
    location = text(detail.get(f"{which}Location"), limit=60) or "an unknown place"
    address = text(detail.get(f"{which}IpAddress"), limit=64)
    return f"{location} ({address})" if address else location


def _flagged(detail: Block) -> str:
    reason = text(detail.get("Reason"), limit=60).replace("_", " ").lower()
    return _joined(text(detail.get("IpAddress"), limit=64), _prefixed("by ", reason))


def _new(member: str) -> Callable[[Block], str]:
    def said(detail: Block) -> str:
        whole = "for the whole account" if detail.get("IsNewForEntireAccount") is True else "for this identity"
        return _joined(text(detail.get(member), limit=160), _prefixed("from ", detail.get("IpAddress")), f"new {whole}")

    return said


def _finding(detail: Block) -> str:
    return _joined(text(detail.get("Type"), limit=120), _prefixed("from ", detail.get("IpAddress")))


def _group(detail: Block) -> str:
    return text(detail.get("Id"), limit=120)


_KINDS: Mapping[str, tuple[str, str, Callable[[Block], str]]] = {
    "TTP_OBSERVED": ("Technique", "TTPsObservedDetail", _ttp),
    "IMPOSSIBLE_TRAVEL": ("Impossible travel", "ImpossibleTravelDetail", _travel),
    "FLAGGED_IP_ADDRESS": ("Flagged address", "FlaggedIpAddressDetail", _flagged),
    "NEW_GEOLOCATION": ("New place", "NewGeolocationDetail", _new("Location")),
    "NEW_ASO": ("New network", "NewAsoDetail", _new("Aso")),
    "NEW_USER_AGENT": ("New user agent", "NewUserAgentDetail", _new("UserAgent")),
    "RELATED_FINDING": ("Related finding", "RelatedFindingDetail", _finding),
    "RELATED_FINDING_GROUP": ("Related findings", "RelatedFindingGroupDetail", _group),
}


def _prefixed(prefix: str, value: object) -> str:
    shown = text(value, limit=80)
    return f"{prefix}{shown}" if shown else ""


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part) or "without details"
