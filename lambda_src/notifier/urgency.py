"""Which messages of a batch go first."""

from collections.abc import Iterable

from notifier.event import Item, read
from notifier.finding import Finding
from notifier.heartbeat import Heartbeat
from notifier.ledger.ticket import Ticket
from notifier.notice import Notice
from notifier.queue_message import QueueMessage
from notifier.report import Report
from notifier.severity import severity_of
from notifier.watched_call import WatchedCall
from notifier.watched_words import severity_of_call

_FIRST = 11.0
"""A roll-up tells of many, and has waited for minutes."""


_FOLLOW_UP = 0.5
"""Before notices, after every finding."""


def by_urgency(messages: Iterable[QueueMessage]) -> list[QueueMessage]:
    """The most severe first, else in their order: when time or room runs out, it does for the least."""
    return sorted(messages, key=lambda message: -urgency(message.body))


def urgency(body: object) -> float:
    """The highest severity in a message; a notice comes last, and what cannot be judged counts as the highest."""
    if Ticket.of(body):
        return _FIRST
    return max(map(_rank, read(body)))


def _rank(item: Item) -> float:
    if isinstance(item, (Notice, Heartbeat)):
        return 0.0
    if isinstance(item, Report):
        # A second message; the first about another case may be waiting behind it.
        return min(item.severity.rank, _FOLLOW_UP)
    if isinstance(item, WatchedCall):
        return severity_of_call(item.service, item.name).rank
    if isinstance(item, Finding):
        return 0.0 if item.sample else item.severity.rank
    return severity_of(None).rank
