"""Every day: which entry ends soon, or has ended and is still deployed?"""

from datetime import date

from suppression_review.entry import Entry
from suppression_review.notice import Notice, Section, counted
from suppression_review.trusted import TrustedEntry

THRESHOLDS = (30, 7, 1, 0)
"""Days before the end at which somebody is told, once each."""

ENDED = -1
"""Stands for an end that has passed while the entry is still deployed."""


def threshold(expires: date | None, *, today: date) -> int | None:
    """The last of the thresholds that the end has passed; None while it is far, or not known."""
    if expires is None:
        return None
    days = (expires - today).days
    if days < 0:
        return ENDED
    return min((one for one in THRESHOLDS if days <= one), default=None)


def ending(entry: Entry, *, expires: date, today: date, to: tuple[str, ...]) -> Notice:
    """What to tell about an egress entry that ends soon or has ended."""
    still, after = (
        ("still hides findings", "and its findings are sent again")
        if entry.hides
        else ("still counts findings", "and its findings are no longer counted")
    )
    return _notice(
        f"egress entry {entry.name}",
        owner=entry.owner,
        expires=expires,
        today=today,
        still=still,
        after=after,
        about=about(entry),
        question="are these addresses still yours, and do functions still leave there",
        to=to,
    )


def trusted_ending(entry: TrustedEntry, *, regions: int, today: date, to: tuple[str, ...]) -> Notice:
    """What to tell about an entry of the trusted list that ends soon or has ended."""
    return _notice(
        f"trusted entry {entry.name}",
        owner=entry.owner,
        expires=entry.expires,
        today=today,
        still="GuardDuty is still blind to it",
        after="and GuardDuty sees these addresses again",
        about=Section(
            title="Trusted entry",
            facts=(
                ("Name", entry.name),
                ("Owner", entry.owner),
                ("Effect", "no finding of any type, and no trace"),
                ("Last day", str(entry.expires)),
                ("Trusted in", counted(regions, "Region")),
            ),
        ),
        question="must GuardDuty still see nothing of these addresses",
        to=to,
    )


def about(entry: Entry) -> Section:
    """What a reader of a notice wants to know of the entry."""
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


def _notice(
    what: str,
    *,
    owner: str,
    expires: date,
    today: date,
    still: str,
    after: str,
    about: Section,
    question: str,
    to: tuple[str, ...],
) -> Notice:
    days = (expires - today).days
    if days < 0:
        when, subject = f"ended {counted(-days, 'day')} ago", f"{what} has ended and {still}"
        note = "It is still deployed: the deployment that leaves it out has not run."
    else:
        when = f"ends in {counted(days, 'day')}" if days else "ends today"
        subject = f"{what} {when}"
        note = f"The first deployment after {expires} leaves it out, {after}."
    return Notice(
        kind="ending",
        to=to,
        subject=subject[:1].upper() + subject[1:],
        headline=f"The {what} of {owner} {when} ({expires}).",
        notes=(note,),
        sections=(about,),
        steps=(
            f"{owner}: {question}? Then set a new end date in the configuration and deploy.",
            "Otherwise delete the entry and deploy, so that its findings are sent.",
        ),
    )
