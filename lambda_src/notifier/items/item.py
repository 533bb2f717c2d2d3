"""Whatever a message can hold, by its kind: the code of a kind that is rare is read when the first of it comes."""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Literal, TypeAlias

from notifier.items.wire import Block

if TYPE_CHECKING:
    from notifier.items.finding import Envelope, Finding
    from notifier.items.heartbeat import Heartbeat
    from notifier.items.notice import Notice
    from notifier.items.report import Report
    from notifier.items.unrecognised import Unrecognised
    from notifier.items.watched_call import WatchedCall

Item: TypeAlias = "Finding | Report | Notice | WatchedCall | Heartbeat | Unrecognised"
"""Told apart by `kind`, so that nobody needs the class of what did not come."""

Kind: TypeAlias = Literal["finding", "report", "notice", "watched_call", "heartbeat", "unrecognised"]
"""Also the name of the module that has the item, and of the one in `notifier.briefs` that writes its brief."""

Reader: TypeAlias = "Callable[[Block, Envelope], Item | None]"
"""Reads the detail of an event; None for one that it does not know either."""


def reader_of(module: str) -> Reader:
    """`from_event` of a module beside this one.

    Nearly all that comes is findings: reading the other modules would be a twentieth of the function's start-up.
    """
    found: Reader = import_module(f"notifier.items.{module}").from_event
    return found
