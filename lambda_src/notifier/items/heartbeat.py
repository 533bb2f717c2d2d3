"""The synthetic finding of each hour: proof that a finding would have come as far as this function."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from notifier.items.finding import Envelope
from notifier.items.wire import Block, text
from notifier.links import is_region

_ID = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """A heartbeat that has arrived.

    Attributes:
        region: Where it was put on the default bus; None for one that names no Region that we know.
        beat: What tells it from others: the schedule's execution, or what the selftest chose.
    """

    kind: ClassVar[Literal["heartbeat"]] = "heartbeat"

    region: str | None
    beat: str

    @classmethod
    def from_detail(cls, detail: Block, *, region: str | None) -> "Heartbeat":
        """The heartbeat in the detail of an event.

        Args:
            detail: What the schedule wrote.
            region: The event's own Region: EventBridge wrote it, and it stays the same on the way home.
        """
        named = region or text(detail.get("region"))
        return cls(
            # It becomes a dimension of a metric, of which everybody who may put events could make any number.
            region=named if named and is_region(named) else None,
            beat=(text(detail.get("id")) or "")[:_ID],
        )


def from_event(detail: Block, envelope: Envelope) -> Heartbeat:
    """The heartbeat in an event."""
    return Heartbeat.from_detail(detail, region=envelope.region)
