"""A message that is no finding, and that somebody must hear of all the same."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from notifier.items.finding import Envelope


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecognised:
    """A message that is no finding.

    Attributes:
        reason: Why not, as a clause without a full stop.
        detail_type: What EventBridge called it, if it did.
        raw: The text as it came.
    """

    kind: ClassVar[Literal["unrecognised"]] = "unrecognised"

    reason: str
    raw: str
    detail_type: str | None = None
    envelope: Envelope | None = None
