"""An egress entry, put together from its deployed filters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from suppression_review.filters import EgressFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An egress entry, put together from its filters of all Regions.

    Attributes:
        filters: Its filters; at least one.
    """

    name: str
    filters: tuple[EgressFilter, ...]

    @property
    def owner(self) -> str:
        """Who answers for it."""
        return self.filters[0].owner

    @property
    def expires(self) -> date | None:
        """Its last day; where Regions differ (a deployment is under way), the first."""
        return min((one.expires for one in self.filters if one.expires), default=None)

    @property
    def hides(self) -> bool:
        """Whether it archives anywhere."""
        return any(one.hides for one in self.filters)

    @property
    def regions(self) -> tuple[str, ...]:
        """Where it has filters."""
        return tuple(sorted({one.region for one in self.filters}))

    @property
    def notify(self) -> tuple[str, ...]:
        """Destinations of its owner."""
        return tuple(dict.fromkeys(name for one in self.filters for name in one.notify))

    def made_before(self, moment: datetime) -> bool:
        """Whether all of its filters are older; False where GuardDuty does not say."""
        return all(one.created is not None and one.created <= moment for one in self.filters)


def entries_of(filters: Iterable[EgressFilter]) -> tuple[Entry, ...]:
    """The filters by entry, by name."""
    grouped: dict[str, list[EgressFilter]] = {}
    for one in filters:
        grouped.setdefault(one.entry, []).append(one)
    return tuple(Entry(name=name, filters=tuple(own)) for name, own in sorted(grouped.items()))
