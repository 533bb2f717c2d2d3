"""Every kind of line: whether it is drawn, how, and which step of the story it tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Style(Enum):
    """How a line looks."""

    FLOW = "flow"
    """What a finding takes, and a message."""
    LOOK = "look"
    """Something that is read or remembered beside the way."""
    TROUBLE = "trouble"
    """What happens when something cannot be delivered."""
    SETUP = "setup"
    """What happens at deployment, once."""


@dataclass(frozen=True, slots=True)
class LineKind:
    """One kind of line.

    Attributes:
        style: None if it is not drawn.
        back: It leads against the reading direction: its end stands above its start.
        why_not: The reason, if it is not drawn.
    """

    style: Style | None
    back: bool = False
    why_not: str = ""


KINDS: Mapping[str, LineKind] = {
    "finds": LineKind(Style.FLOW),
    "records": LineKind(Style.LOOK),
    "beats": LineKind(Style.LOOK),
    "hides": LineKind(Style.FLOW),
    "trusts": LineKind(Style.LOOK),
    "matches": LineKind(Style.FLOW),
    "targets": LineKind(Style.FLOW),
    "archives": LineKind(Style.LOOK, back=True),
    "wakes": LineKind(Style.LOOK),
    "polls": LineKind(Style.FLOW),
    "publishes": LineKind(Style.FLOW),
    "mails": LineKind(Style.FLOW),
    "chats": LineKind(Style.FLOW),
    "sends": LineKind(Style.FLOW),
    "reports": LineKind(Style.FLOW, back=True),
    "starts": LineKind(Style.FLOW),
    "runs": LineKind(Style.FLOW),
    "remembers": LineKind(Style.LOOK),
    "reads secret": LineKind(Style.LOOK),
    "looks into": LineKind(Style.LOOK, back=True),
    "assumes": LineKind(Style.LOOK),
    "redrives": LineKind(Style.TROUBLE),
    "rings": LineKind(Style.TROUBLE),
    "gives up, and rings": LineKind(Style.TROUBLE),
    "warns": LineKind(Style.TROUBLE),
    "appoints": LineKind(Style.SETUP),
    "enrols": LineKind(Style.SETUP, back=True),
    "is watched": LineKind(Style.FLOW),
    "makes": LineKind(Style.SETUP),
    "is trusted": LineKind(Style.SETUP),
    "gives up": LineKind(
        None, why_not="each rule, function and topic has a dead-letter queue: the queues' lines stand for all"
    ),
    "encrypts": LineKind(
        None, why_not="the key encrypts every queue and topic that is on a finding's way: it says so itself"
    ),
}
"""Lines that are not drawn are in the structure all the same, and so in the comparison."""
