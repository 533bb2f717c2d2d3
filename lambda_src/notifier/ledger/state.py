"""What is known of a case: what was told of it, and by whom it is being told now."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

from notifier.ledger.sight import MARKS, Sight, kind_of

FINDINGS = 100
"""Most findings that one item keeps, far more than there are Regions to see a key in: of those beyond, archived ones
are forgotten first. Once an open one had to be, the case is never called archived again."""
CLAIMS = 3
"""Most claims that one item keeps: more than functions of a destination run at once, for one that Lambda ended."""

_VERSION = 1
_WHOLE = "all marks"
"""Stands among the addresses of an item whose marks are whole: an older version takes it for one more address, where it
would refuse a member that it does not know."""


class Member(NamedTuple):
    """A finding of a case, as it was told last.

    Attributes:
        region: Where it was found; empty if unknown.
        updated: Its `updatedAt`, in epoch seconds; None when GuardDuty did not say. What an older version wrote lacks
            it.
    """

    region: str
    archived: bool
    updated: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Somebody is sending a notice of this sight; whoever meets it waits until it is told or the time is over.

    Attributes:
        owner: Which attempt made it.
        until: When it is void, in epoch seconds: an invocation that Lambda ended releases nothing.
    """

    sight: Sight
    owner: str
    until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseState:
    """What one destination was told of one case.

    Attributes:
        told: When, in epoch seconds; None before a destination has accepted the first message.
        updated: The newest `updatedAt` of all its findings that was told.
        rank: The highest severity that was told, `severity` the same in figures.
        marks: Of each kind those that were told last, the oldest first; lies under `addresses`, which is all that there
            was once.
        whole: Whether `marks` are all that was told: an older version kept the caller's address alone.
        findings: Each finding of the case, by its id.
        forgotten: An open finding had no room among `findings`, and nobody knows what became of it.
        claims: Who is sending now, the oldest first.
    """

    told: float | None = None
    updated: float | None = None
    rank: float = -1.0
    severity: str = ""
    marks: tuple[str, ...] = ()
    whole: bool = True
    findings: Mapping[str, Member]
    forgotten: bool = False
    claims: tuple[Claim, ...] = ()

    @classmethod
    def new(cls) -> "CaseState":
        """Of a case that nobody has heard of."""
        return cls(findings={})

    @property
    def archived(self) -> bool:
        """Whether every finding of the case is archived; while one is not, the case is open."""
        return bool(self.findings) and not self.forgotten and all(one.archived for one in self.findings.values())

    @property
    def regions(self) -> tuple[str, ...]:
        """Where the case was seen."""
        return tuple(sorted({one.region for one in self.findings.values() if one.region}))

    def seen(self, sight: Sight) -> "CaseState":
        """With the finding among those of the case, nothing of it told yet.

        A state older than what is known of the finding says nothing about whether it is archived now.
        """
        known = self.findings.get(sight.finding)
        if known is None or not self.is_older(sight):
            updated = sight.updated if sight.updated is not None or known is None else known.updated
            known = Member(sight.region or "", sight.archived, updated)
        others = {name: one for name, one in self.findings.items() if name != sight.finding}
        beyond = max(0, len(others) + 1 - FINDINGS)
        dropped = sorted(others, key=lambda name: not others[name].archived)[:beyond]
        kept = {name: one for name, one in others.items() if name not in dropped}
        return replace(
            self,
            findings={**kept, sight.finding: known},
            forgotten=self.forgotten or not all(others[name].archived for name in dropped),
        )

    def after(self, sight: Sight, *, now: float) -> "CaseState":
        """With all of it told. What an older state would set back stays: order does not matter here."""
        seen = self.seen(sight)
        worse = sight.rank > self.rank
        marks = (*(one for one in self.marks if one not in sight.marks), *sight.marks)
        times = [time for time in (self.updated, sight.updated) if time is not None]
        return replace(
            seen,
            told=max(now, self.told or now),
            updated=max(times, default=None),
            rank=sight.rank if worse else self.rank,
            severity=sight.severity if worse else self.severity,
            marks=_newest(marks),
            whole=True,
        )

    def claimed(self, sight: Sight, *, owner: str, until: float) -> "CaseState":
        """With another claim, on telling this sight."""
        return replace(self, claims=(*self.claims, Claim(sight=sight, owner=owner, until=until))[-CLAIMS:])

    def released(self, owner: str) -> "CaseState":
        """Without the claim of that owner; those of others stay."""
        return replace(self, claims=tuple(claim for claim in self.claims if claim.owner != owner))

    def is_older(self, sight: Sight) -> bool:
        """Whether a newer state of the finding is known; another finding of the case has a time of its own."""
        known = self.findings.get(sight.finding)
        newest = known.updated if known else None
        return sight.updated is not None and newest is not None and sight.updated < newest

    def is_full(self, kind: str) -> bool:
        """Whether there is no room for another mark of the kind, unless the oldest is forgotten."""
        return sum(kind_of(mark) == kind for mark in self.marks) >= MARKS

    def text(self) -> str:
        """For the table. Holds ids, addresses, digests and times, and nothing else of a finding.

        An older version reads all of it but several claims, or one on a sight of several marks, and then tells the case
        anew.
        """
        claims = [_claim_as_written(claim) for claim in self.claims]
        written = {"version": _VERSION, **asdict(replace(self, claims=()))}
        addresses = [*([_WHOLE] if written.pop("whole") else []), *written.pop("marks")]
        written |= {"addresses": addresses, "claims": claims[:-1], "claim": claims[-1] if claims else None}
        if not written["claims"]:
            del written["claims"]
        return json.dumps(written, separators=(",", ":"))

    @classmethod
    def parse(cls, text: str) -> "CaseState":
        """The state in an item of the table.

        Raises:
            ValueError: it is not one that this version wrote.
        """
        try:
            written = json.loads(text)
            if written.pop("version") != _VERSION:
                raise ValueError("another version")
            claims = (*written.pop("claims", ()), written.pop("claim"))
            findings = {str(name): _member(*one) for name, one in written.pop("findings").items()}
            marks = tuple(map(str, written.pop("addresses")))
            whole, marks = _WHOLE in marks, tuple(one for one in marks if one != _WHOLE)
            held = tuple(Claim(sight=_sight(claim.pop("sight")), **claim) for claim in claims if claim)
            return cls(**written, findings=findings, marks=marks, whole=whole, claims=held)
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"no state of a case: {type(error).__name__}") from None


def _newest(marks: Iterable[str]) -> tuple[str, ...]:
    """As many of each kind as there is room for."""
    room: dict[str, int] = {}
    kept = []
    for mark in reversed(tuple(marks)):
        kind = kind_of(mark)
        room[kind] = room.get(kind, MARKS) - 1
        if room[kind] >= 0:
            kept.append(mark)
    return tuple(reversed(kept))


def _claim_as_written(claim: Claim) -> dict[str, Any]:
    sight = asdict(claim.sight)
    del sight["names"], sight["hosts"]
    first, *others = sight.pop("marks") or (None,)
    sight |= {"address": first} | ({"marks": others} if others else {})
    return {"sight": sight, "owner": claim.owner, "until": claim.until}


def _sight(written: dict[str, Any]) -> Sight:
    first = written.pop("address")
    marks = (first, *written.pop("marks", ())) if first is not None else ()
    return Sight(**written, marks=tuple(map(str, marks)))


def _member(region: object, archived: object, updated: float | None = None) -> Member:
    return Member(str(region), archived is True, None if updated is None else float(updated))
