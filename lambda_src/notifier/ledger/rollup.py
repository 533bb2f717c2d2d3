"""What was held back of one kind in one window: counted, and reachable."""

import json
from dataclasses import asdict, dataclass, replace
from math import inf

from notifier.ledger.sight import Sight

FIRST = 5
REGIONS = 10
"""How many findings and Regions are named; the others are counted."""

_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUp:
    """Findings of one account and type that came beyond the rate of a destination.

    Attributes:
        began: When its window began, in epoch seconds.
        count: How many were held back; 0 when the window has only marked the first of a kind; None when the table has
            lost it.
        rank: The highest severity among them, `severity` the same in figures.
        first: Finding id, Region and severity of the most severe few; of those alike, those that came first.
        regions: Where they were found, as many as are kept.
        ticket: The message that will have it told is on the queue.
        closed: It is being told; nothing may be added.
        told: The destination has accepted it.
    """

    account: str
    type: str
    began: float
    count: int | None = 0
    rank: float = 0.0
    severity: str = ""
    first: tuple[tuple[str, str, str], ...] = ()
    regions: tuple[str, ...] = ()
    ticket: bool = False
    closed: bool = False
    told: bool = False

    def with_one_more(self, sight: Sight) -> "RollUp":
        """With a finding that is held back."""
        worse = self.count == 0 or sight.rank > self.rank
        region = sight.region or ""
        known = self.regions if region in self.regions or not region else (*self.regions, region)
        return replace(
            self,
            count=(self.count or 0) + 1,
            rank=sight.rank if worse else self.rank,
            severity=sight.severity if worse else self.severity,
            first=tuple(sorted((*self.first, (sight.finding, region, sight.severity)), key=_rank)[:FIRST]),
            regions=known[:REGIONS],
        )

    def with_ticket(self) -> "RollUp":
        """Its ticket is on the queue."""
        return replace(self, ticket=True)

    def as_closed(self) -> "RollUp":
        """It takes no more."""
        return replace(self, closed=True)

    def as_told(self) -> "RollUp":
        """It is done with."""
        return replace(self, closed=True, told=True)

    def text(self) -> str:
        """For the table."""
        return json.dumps({"version": _VERSION, **asdict(self)}, separators=(",", ":"))

    @classmethod
    def parse(cls, text: str) -> "RollUp":
        """The roll-up in an item of the table.

        Raises:
            ValueError: it is not one that this version wrote.
        """
        try:
            written = json.loads(text)
            if written.pop("version") != _VERSION:
                raise ValueError("another version")
            first = tuple((str(id_), str(region), str(severity)) for id_, region, severity in written.pop("first"))
            return cls(**written | {"first": first, "regions": tuple(map(str, written["regions"]))})
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"no roll-up: {type(error).__name__}") from None


def _rank(one: tuple[str, str, str]) -> float:
    """For sorting, the most severe first; a severity that is no number is the highest, because nobody knows it."""
    try:
        return -float(one[2])
    except ValueError:
        return -inf
