"""What is for nobody: a heartbeat, which has arrived, or a change of the stack by whoever may make it."""

from collections.abc import Mapping

from notifier.inert import inert
from notifier.items.expected import Expected
from notifier.items.item import Item

HEARTBEAT, EXPECTED = "heartbeat", "expected"
"""The outcomes in the log, of which metrics are made."""

_ID = 120


def only_logged(item: Item, expected: Expected) -> tuple[str, Mapping[str, object]] | None:
    """What the log says of an item that nobody is told of, in words and in members; None for all others."""
    if item.kind == "heartbeat":
        arrived = {"outcome": HEARTBEAT, "heartbeat_region": item.region, "heartbeat": inert(item.beat, limit=_ID)}
        return "a heartbeat arrived", arrived
    if item.kind == "watched_call" and expected.covers(item):
        call = {"call": inert(item.api, limit=_ID), "account": inert(item.account or "", limit=_ID)}
        return "a change that was expected", {**call, "outcome": EXPECTED}
    return None
