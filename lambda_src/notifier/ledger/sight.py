"""One sight of a case: what a message says of it, as much as the ledger compares and keeps."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from notifier.items.case import LEAKED_KEYS, case_of
from notifier.items.item import Item
from notifier.items.mark import MOST, Mark, ends_of
from notifier.items.severity import CRITICAL

if TYPE_CHECKING:
    from notifier.items.watched_call import WatchedCall

# Longer than any of them is by rights; what is cut is compared as cut, so it stays the same on every delivery.
_ID, _REGION, _TYPE, _ACCOUNT = 64, 32, 120, 16

MARKS = MOST
"""Most marks of one kind that a sight has, and that a case remembers."""

# Beginnings of cases that no finding has (`case_of`).
_NOTICE, _REPORT = "notice|", "report|"

_ADDRESS, _HOST = "address", "host"
_OF_ADDRESSES, _LONGEST_ADDRESS, _DIGEST = "0123456789ABCDEFabcdef.:", 45, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What is compared with what was told before.

    Attributes:
        case: What it is about (see `case_of`).
        finding: Id of the finding; several findings may be one case.
        rank: Severity for comparing; what cannot be judged is the highest.
        severity: The same as a person reads it.
        marks: What it names that there may come to be more of, each once: an address as it is, anything else by its
            kind and a digest. So an item holds no text of others, stays small, and tells names of any length apart.
        names: What people know them by; not kept.
        hosts: Those of them to which the workload connected itself; an address by its form all the same. Not kept.
        updated: When GuardDuty changed the finding, in epoch seconds; None when it does not say.
        region: Where GuardDuty found it.
        archived: Somebody archived it in GuardDuty.
        account: Whose it is; with `type` the kind of a finding.
        type: GuardDuty's.
    """

    case: str
    finding: str
    rank: float = 0.0
    severity: str = ""
    marks: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict, compare=False)
    hosts: frozenset[str] = field(default=frozenset(), compare=False)
    updated: float | None = None
    region: str | None = None
    archived: bool = False
    account: str = ""
    type: str = ""

    @property
    def grave(self) -> bool:
        """Whether it is told by itself in a flood too: of each there is something else to do, and at once.

        A leaked key, a Critical finding, and a change to the stack that was made, not only tried.
        """
        if self.type.startswith(WATCHED):
            return not self.type.endswith(tuple(_CAME_TO_NOTHING.values()))
        return self.rank >= CRITICAL or self.type.startswith(LEAKED_KEYS)

    @property
    def once(self) -> bool:
        """Whether it is one event, which its case names: however late it comes again, nothing goes on."""
        return self.case.startswith((_NOTICE, _REPORT)) or self.type.startswith(WATCHED)

    @classmethod
    def of(cls, item: Item) -> "Sight | None":
        """The sight in a message; None for what is sent each time it comes.

        That is what has no name of its own, and could only be mistaken for another: messages that are no finding,
        findings without id. And samples: somebody asked for them, and waits.
        """
        if item.kind == "notice":
            # A digest of the same words a week later is another one; only its event's id tells them apart.
            return cls(case=f"{_NOTICE}{item.event_id[:_ID]}", finding="") if item.event_id else None
        if item.kind == "report":
            # Its own entry: what was told of the finding itself must not keep it back, nor it a later finding. With
            # what it says: who may put reports on the bus can reckon the id, and must not keep the true one back.
            key = f"{_REPORT}{item.report_id[:_ID]}|{item.digest}" if item.report_id else None
            return cls(case=key, finding="") if key else None
        if item.kind == "watched_call":
            return _sight_of_call(item)
        if item.kind != "finding" or item.sample or not (name := item.finding_id or item.arn):
            return None
        names = _names(item.marks)
        region = item.envelope.region or item.region
        return cls(
            case=case_of(item),
            finding=name[-_ID:],
            rank=item.severity.rank,
            severity="unknown" if item.severity.number is None else f"{item.severity.number:.1f}",
            marks=tuple(names),
            names=names,
            hosts=frozenset(_kept(mark) for mark in item.marks if mark.kind == _HOST),
            updated=_seconds(item.updated),
            region=region[:_REGION] if region else None,
            archived=item.archived,
            account=(item.account or "")[:_ACCOUNT],
            type=(item.type or "")[:_TYPE],
        )


def kind_of(mark: str) -> str:
    """Of what kind a mark is."""
    kind, blank, _ = mark.partition(" ")
    return kind if blank else _ADDRESS


def _names(marks: Iterable[Mark]) -> Mapping[str, str]:
    kinds: dict[str, dict[str, str]] = {}
    for mark in marks:
        kinds.setdefault(_kind(mark), {}).setdefault(_kept(mark), mark.name)
    found: dict[str, str] = {}
    for names in kinds.values():
        found |= {name: names[name] for name in ends_of(list(names))}
    return found


def _kind(mark: Mark) -> str:
    return _ADDRESS if mark.kind == _HOST else mark.kind


def _kept(mark: Mark) -> str:
    kind = _kind(mark)
    if kind == _ADDRESS and len(mark.id) <= _LONGEST_ADDRESS and not mark.id.strip(_OF_ADDRESSES):
        return mark.id
    return f"{kind} {hashlib.sha256(mark.id.encode('utf-8', 'backslashreplace')).hexdigest()[:_DIGEST]}"


WATCHED = "Watched call "
"""Start of the type of a watched call, for roll-ups."""

_CAME_TO_NOTHING = {True: " (refused)", False: " (failed)"}
"""End of the type of one that AWS refused, or that failed: of another kind, so that many of them hide none that was
made."""


def _sight_of_call(call: "WatchedCall") -> Sight | None:
    """Each call is a case of its own: the same one again, by the same caller, is news."""
    if not call.event_id:
        return None
    return Sight(
        case=case_of(call),
        finding=call.event_id[-_ID:],
        rank=call.severity.rank,
        severity=f"{call.severity.rank:.1f}",
        region=call.region[:_REGION] if call.region else None,
        account=(call.account or "")[:_ACCOUNT],
        type=f"{WATCHED}{call.api}{_CAME_TO_NOTHING[call.refused] if call.error else ''}"[:_TYPE],
    )


def _seconds(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment else None
