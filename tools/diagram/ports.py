"""Where lines touch an icon: those of a finding's way in its middle, others beside them."""

from collections.abc import Iterator, Mapping

from tools.diagram.labels import HEIGHT, ICON
from tools.diagram.lines import KINDS, Style
from tools.diagram.model import Line, Node

_BESIDE = {Style.LOOK: 0.22, Style.FLOW: 0.5, Style.SETUP: 0.78, Style.TROUBLE: 0.78}
"""Part of the icon's side, where lines of several styles meet."""


def edge_of(line: Line) -> dict[str, list[str]]:
    """The ends of a line, as ELK is told them: against the reading direction the other way round, and at the left."""
    kind = KINDS[line.kind]
    style = kind.style.value if kind.style else ""
    if kind.back:
        return {"sources": [f"{line.target}|left {style}"], "targets": [f"{line.source}|left {style}"]}
    return {"sources": [f"{line.source}|below {style}"], "targets": [f"{line.target}|above {style}"]}


def ports_of(node: Node, lines: tuple[Line, ...]) -> list[dict[str, object]]:
    """The ports of a node for the lines that touch it."""
    touching = [end for line in lines for ends in edge_of(line).values() for end in ends]
    own = {end.removeprefix(f"{node.id}|") for end in touching if end.startswith(f"{node.id}|")}
    return list(_ports(node.id, own))


def _ports(id_: str, own: set[str]) -> Iterator[dict[str, object]]:
    sides: Mapping[str, str] = {"above": "NORTH", "below": "SOUTH", "left": "WEST"}
    for side, name in sides.items():
        styles = [style for style in Style if f"{side} {style.value}" in own]
        for style in styles:
            part = _BESIDE[style] if len(styles) > 1 else 0.5
            at = {
                "above": (ICON * part, 0.0),
                "below": (ICON * part, float(HEIGHT)),
                "left": (0.0, (HEIGHT - ICON) / 2 + ICON * part),
            }[side]
            yield {
                "id": f"{id_}|{side} {style.value}", "x": at[0], "y": at[1], "width": 0, "height": 0,
                "layoutOptions": {"elk.port.side": name},
            }  # fmt: skip
