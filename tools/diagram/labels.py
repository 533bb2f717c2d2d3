"""The words beside an icon, in lines, and the room that they take."""

from dataclasses import dataclass

from tools.diagram.lettering import DETAIL, TITLE, folded, width
from tools.diagram.model import Frame, Node

ICON = 40
"""Pixels of an icon's side."""

HEADING_ICON = 24
HEIGHT = 44
GAP = 8
_MOST = 97


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What stands beside an icon, and how wide both are together."""

    title: tuple[str, ...]
    detail: tuple[str, ...]
    width: float


def label_of(node: Node) -> Label:
    """The words of a node."""
    title = folded(node.title, size=TITLE, most=_MOST, bold=True)
    told = f"{node.detail}, {node.some} Regions" if node.some else node.detail
    detail = folded(told, size=DETAIL, most=_MOST)
    widest = max(*(width(one, size=TITLE, bold=True) for one in title), *(width(one, size=DETAIL) for one in detail), 0)
    return Label(title=title, detail=detail, width=round(ICON + GAP + widest, 1))


def heading_width(frame: Frame) -> float:
    """Pixels that the heading of a frame takes, with its icon."""
    told = max(width(frame.title, size=TITLE, bold=True), width(frame.detail, size=DETAIL))
    return round(HEADING_ICON + GAP + told, 1)
