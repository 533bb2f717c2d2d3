"""What a host answered, and what that means for the message."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from notifier.outcomes import Refused, RetryLater

LONGEST_RETRY_AFTER = 3600.0
"""A destination that asks for more is asked again after an hour: a finding put off for half a day helps nobody, and
so many long waits would outlast the queue's retention. A contract test holds it against both."""

_LATER = {408, 425, 429}
_SECONDS = re.compile(r"\d{1,18}", re.ASCII)
_REDIRECTS = 300
_SERVER_ERRORS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer to one POST.

    Attributes:
        status: The HTTP status.
        body: At most the first 4 KiB, as text, without blanks around it; it may repeat what was sent.
        retry_after: Seconds that the host asked to be left alone, clamped; None if it did not say, or not clearly.
    """

    status: int
    body: str = field(repr=False, default="")
    retry_after: float | None = None


def raise_unless(delivered: Collection[int], answer: Answer, *, who: str, said: str = "") -> None:
    """Return if the status is one of `delivered`; else raise the outcome that it stands for.

    Later: 408, 425, 429, 5xx, and anything below 300, which is a success that this service does not have: somebody
    on the way answered. Everything else is refused, as the same again would be.

    Args:
        delivered: The statuses that mean success.
        answer: What the host answered.
        who: Its name for people, such as Slack.
        said: What it said about it, in words that are safe to log.

    Raises:
        RetryLater: the host may accept it later.
        Refused: it will not.
    """
    if answer.status in delivered:
        return
    reason = f"{who} answered {answer.status}{f' {said}' if said else ''}"
    if answer.status in _LATER or answer.status >= _SERVER_ERRORS or answer.status < _REDIRECTS:
        cause = "rate-limited" if answer.status == 429 else f"status-{answer.status}"  # noqa: PLR2004
        raise RetryLater(reason, after=answer.retry_after, cause=cause)
    raise Refused(reason, cause=f"status-{answer.status}")


def retry_after(value: str | None, *, now: datetime | None = None) -> float | None:
    """Seconds asked for by a `Retry-After` header: a number of seconds or an HTTP date (RFC 9110, section 10.2.3).

    Clamped to between nothing and `LONGEST_RETRY_AFTER`; None for everything else, the default backoff then applies.
    """
    value = (value or "").strip()
    if _SECONDS.fullmatch(value):
        return min(float(value), LONGEST_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(value)
        seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - (now or datetime.now(UTC))).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER)
