"""Every day: which egress entry ends soon, has ended, or hides nothing any more?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from suppression_review.filters import EgressFilter
from suppression_review.notice import Notice, Section, counted

THRESHOLDS = (30, 7, 1, 0)
"""Days before the end at which somebody is told, once each."""

ENDED = -1
"""Stands for an end that has passed while the filters are still there."""


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


def threshold(entry: Entry, *, today: date) -> int | None:
    """The last of the thresholds that the entry has passed; None while its end is far or not known."""
    if entry.expires is None:
        return None
    days = (entry.expires - today).days
    if days < 0:
        return ENDED
    return min((one for one in THRESHOLDS if days <= one), default=None)


def ending(entry: Entry, *, today: date, to: tuple[str, ...]) -> Notice:
    """What to tell about an entry that ends soon or has ended."""
    assert entry.expires is not None  # noqa: S101  no threshold without an end
    days = (entry.expires - today).days
    effect = "hides findings" if entry.hides else "counts findings"
    if days < 0:
        when, subject = f"ended {counted(-days, 'day')} ago", f"Egress entry {entry.name} has ended and still {effect}"
    elif days == 0:
        when, subject = "ends today", f"Egress entry {entry.name} ends today"
    else:
        when, subject = f"ends in {counted(days, 'day')}", f"Egress entry {entry.name} ends in {counted(days, 'day')}"
    after = "are sent again" if entry.hides else "are no longer counted"
    late = (
        "Its filters are still deployed: the deployment that leaves it out has not run."
        if days < 0
        else f"The first deployment after {entry.expires} leaves it out, and its findings {after}."
    )
    return Notice(
        kind="ending",
        to=to,
        subject=subject,
        headline=f"The egress entry {entry.name} of {entry.owner} {when} ({entry.expires}).",
        notes=(late,),
        sections=(_about(entry),),
        steps=(
            f"{entry.owner}: are these addresses still yours, and do functions still leave there? Then set a new end "
            "date in the configuration and deploy.",
            "Otherwise delete the entry and deploy, so that its findings are sent.",
        ),
    )


def stale(entry: Entry, *, period: timedelta, to: tuple[str, ...]) -> Notice:
    """What to tell about an entry that has matched nothing for so long."""
    return Notice(
        kind="stale",
        to=to,
        subject=f"Egress entry {entry.name} matches nothing",
        headline=f"No filter of the egress entry {entry.name} has matched a finding for {counted(period.days, 'day')}, "
        "in no Region.",
        notes=("A suppression that nobody needs is a hole that nobody watches.",),
        sections=(_about(entry),),
        steps=(f"{entry.owner}: if no function leaves there any more, delete the entry and deploy.",),
    )


def stale_entries(
    entries: Sequence[Entry], *, matches: Mapping[str, Mapping[str, int]], now: datetime, period: timedelta
) -> tuple[Entry, ...]:
    """The entries that are older than the period and matched nothing in it.

    Args:
        entries: From Regions that could all be read; of others nothing can be concluded.
        matches: Region to filter name to count.
        now: The time of the review.
        period: How long without a match.
    """
    return tuple(
        entry
        for entry in entries
        if entry.made_before(now - period)
        and not any(matches.get(one.region, {}).get(one.name, 0) for one in entry.filters)
    )


def _about(entry: Entry) -> Section:
    return Section(
        title="Egress entry",
        facts=(
            ("Name", entry.name),
            ("Owner", entry.owner),
            ("Mode", "enforce" if entry.hides else "observe"),
            ("Last day", str(entry.expires or "unknown: the filter has lost its tag")),
            ("Filters", f"{len(entry.filters)} in {counted(len(entry.regions), 'Region')}"),
        ),
    )
