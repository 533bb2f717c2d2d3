"""One step of the way of a finding, and whether it was taken."""

from dataclasses import dataclass
from enum import Enum

from tools.live import verdict
from tools.live.verdict import State


class Leg(Enum):
    """The legs of the way, in their order."""

    SENT = "sent"
    FORWARDED = "forwarded"
    ROUTED = "routed"
    DELIVERED = "delivered to the notifier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """What was seen of one leg.

    Attributes:
        region: Where the finding begins.
        subject: What it has to pass: a bus, a rule, a destination's notifier.
        state: Taken, not taken, or nobody could tell.
        detail: What was seen, and what to do where it was not taken.
    """

    region: str
    leg: Leg
    subject: str
    state: State
    detail: str


def passes(hops: list[Hop]) -> bool:
    """Whether every leg was taken; what could not be looked at never counts as taken."""
    return bool(hops) and verdict.passes(hops)
