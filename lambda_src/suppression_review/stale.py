"""Every day: which egress entry hides nothing any more?"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from suppression_review.endings import about
from suppression_review.entry import Entry
from suppression_review.notice import Notice, counted


def stale(entry: Entry, *, period: timedelta, to: tuple[str, ...]) -> Notice:
    """What to tell about an entry that has matched nothing for so long."""
    return Notice(
        kind="stale",
        to=to,
        subject=f"Egress entry {entry.name} matches nothing",
        headline=f"No filter of the egress entry {entry.name} has matched a finding for {counted(period.days, 'day')}, "
        "in no Region.",
        notes=("A suppression that nobody needs is a hole that nobody watches.",),
        sections=(about(entry),),
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
        entry for entry in entries if entry.made_before(now - period) and not has_matched(entry, matches=matches)
    )


def has_matched(entry: Entry, *, matches: Mapping[str, Mapping[str, int]]) -> bool:
    """Whether a filter of the entry has matched a finding in one of the Regions that could be read."""
    return any(matches.get(one.region, {}).get(one.name, 0) for one in entry.filters)
