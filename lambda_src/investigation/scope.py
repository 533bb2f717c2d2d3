"""From when to when: what Detective takes, and what CloudTrail still has."""

from datetime import datetime, timedelta

from investigation.documents import Subject
from investigation.subject import user_of
from investigation.wire import moment

SHORTEST, LONGEST = timedelta(hours=3), timedelta(days=30)
"""Scope of a Detective investigation (Detective user guide, run investigations)."""

KEPT = timedelta(days=90)
"""How long CloudTrail's event history goes back (CloudTrail user guide, event history)."""

_MARGIN = timedelta(hours=1)

# A role's credentials live for 12 hours at most (STS API reference, AssumeRole): a day holds all that one did.
_BEFORE = timedelta(days=1)


def investigation_scope(subject: Subject, *, now: datetime) -> tuple[datetime, datetime]:
    """The window around first and last seen: at least three hours, at most thirty days, and never in the future.

    Where the two are further apart the end counts: it is what the finding tells of.
    """
    first, last = _seen(subject, now=now)
    end = min(last + _MARGIN, now)
    start = max(min(first - _MARGIN, end - SHORTEST), end - LONGEST)
    return start, end


def history_start(subject: Subject, *, now: datetime) -> datetime:
    """From when on to read the event history of the key: all there is of a user's, which may never end."""
    if user_of(subject):
        return now - KEPT
    first, _ = _seen(subject, now=now)
    return max(first - _BEFORE, now - KEPT)


def _seen(subject: Subject, *, now: datetime) -> tuple[datetime, datetime]:
    last = min(moment(subject["last_seen"]) or now, now)
    first = min(moment(subject["first_seen"]) or last, last)
    # A finding is kept for 90 days; what claims to be older is no time of GuardDuty's.
    return max(first, now - KEPT), max(last, now - KEPT)
