"""Which messages of a batch go first."""

from collections.abc import Iterable

from notifier.items.event import read
from notifier.items.item import Item
from notifier.items.severity import severity_of
from notifier.ledger.ticket import Ticket
from notifier.queue.message import QueueMessage

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
    try:
        return max(map(_rank, read(body)))
    except Exception:  # noqa: BLE001  told when the message's turn comes; here it would hold up all the others
        return severity_of(None).rank


def _rank(item: Item) -> float:
    if item.kind == "finding":
        return 0.0 if item.sample else item.severity.rank
    if item.kind == "report":
        # A second message; the first about another case may be waiting behind it.
        return min(item.severity.rank, _FOLLOW_UP)
    if item.kind == "watched_call":
        return item.severity.rank
    return severity_of(None).rank if item.kind == "unrecognised" else 0.0
