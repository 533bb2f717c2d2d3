"""Where everything stands, and how the lines run: asked of ELK, the Eclipse Layout Kernel, in Node."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.diagram.labels import HEIGHT, heading_width, label_of
from tools.diagram.lines import KINDS
from tools.diagram.model import Diagram, Frame, Line, Node
from tools.diagram.ports import edge_of, ports_of
from tools.node_program import node_program

_SCRIPT = Path(__file__).with_name("layout.js")
_SECONDS = 600
STARTS = 100
"""How many times ELK starts; the pictures get little better with more."""
_ROOT = {
    "elk.algorithm": "layered",
    "elk.direction": "DOWN",
    "elk.hierarchyHandling": "INCLUDE_CHILDREN",
    "elk.edgeRouting": "ORTHOGONAL",
    "elk.json.shapeCoords": "ROOT",
    "elk.json.edgeCoords": "ROOT",
    "elk.padding": "[top=8,left=8,bottom=8,right=8]",
    "elk.spacing.nodeNode": "12",
    "elk.spacing.edgeNode": "10",
    "elk.spacing.edgeEdge": "8",
    "elk.layered.spacing.nodeNodeBetweenLayers": "34",
    "elk.layered.spacing.edgeNodeBetweenLayers": "14",
    "elk.layered.spacing.edgeEdgeBetweenLayers": "9",
    "elk.layered.thoroughness": "7",
    "elk.layered.mergeEdges": "true",
}
_FRAME = {"elk.padding": "[top=48,left=14,bottom=14,right=14]"}


class LayoutError(Exception):
    """There is no layout; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in pixels from the upper left corner of the picture."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The boxes of frames and nodes by id, the corners of each drawn line, and from where ELK started."""

    width: float
    height: float
    boxes: dict[str, Box]
    ways: dict[Line, tuple[tuple[float, float], ...]]
    start: int


def drawn_lines(diagram: Diagram) -> tuple[Line, ...]:
    """The lines that the picture shows."""
    return tuple(line for line in diagram.lines if KINDS[line.kind].style is not None)


def layout(diagram: Diagram, *, project: Path, start: int | None = None) -> Layout:
    """Place a diagram.

    Args:
        diagram: What is placed.
        project: The checkout, with `node_modules`.
        start: As a layout of before tells it, to get that again; None to search for the best, which takes a minute.

    Raises:
        LayoutError: Node or ELK is missing, or failed.
    """
    lines = drawn_lines(diagram)
    starts = list(range(STARTS)) if start is None else [start]
    placed = _asked({"graph": _graph(diagram, lines), "starts": starts}, project)
    boxes = {str(one["id"]): _box(one) for one in _shapes(placed)}
    ways = {}
    for one in _routes(placed):
        line, corners = lines[int(str(one["id"]).removeprefix("line "))], _corners(one)
        ways[line] = corners[::-1] if KINDS[line.kind].back else corners
    whole = _box(placed)
    return Layout(width=whole.width, height=whole.height, boxes=boxes, ways=ways, start=int(str(placed.get("start"))))


def _graph(diagram: Diagram, lines: tuple[Line, ...]) -> dict[str, object]:
    children: dict[str, list[dict[str, object]]] = {"": []}
    for frame in diagram.frames:
        children[frame.id] = []
    for frame in diagram.frames:
        children[frame.within].append({**_frame(frame), "children": children[frame.id]})
    for node in diagram.nodes:
        children[node.within].append(_node(node, lines))
    edges = [{"id": f"line {place}", **edge_of(line)} for place, line in enumerate(lines)]
    return {"id": "picture", "layoutOptions": _ROOT, "children": children[""], "edges": edges}


def _frame(frame: Frame) -> dict[str, object]:
    options = {
        **_FRAME,
        "elk.nodeSize.constraints": "MINIMUM_SIZE",
        "elk.nodeSize.minimum": f"(0,{heading_width(frame) + 14:g})",
    }
    # ELK hands back what it does not know; layout.js keeps lines off the heading with it.
    return {"id": frame.id, "layoutOptions": options, "heading": heading_width(frame)}


def _node(node: Node, lines: tuple[Line, ...]) -> dict[str, object]:
    return {
        "id": node.id, "width": label_of(node).width, "height": HEIGHT, "ports": ports_of(node, lines),
        "layoutOptions": {"elk.portConstraints": "FIXED_POS"},
    }  # fmt: skip


def _asked(question: dict[str, object], project: Path) -> dict[str, object]:
    elk = project / "node_modules" / "elkjs"
    if not elk.is_dir():
        raise LayoutError(f"{elk}: is not there; run npm ci")
    node = node_program()
    if node is None:
        raise LayoutError("no Node: make setup installs it; or install Node 22 or later")
    try:
        done = subprocess.run(
            [node, str(_SCRIPT), str(elk)], input=json.dumps(question),
            capture_output=True, text=True, check=True, timeout=_SECONDS,
        )  # fmt: skip
    except subprocess.CalledProcessError as error:
        raise LayoutError(f"ELK failed: {error.stderr.strip()[-500:]}") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LayoutError(f"{node}: {type(error).__name__}; make setup installs a Node that works") from None
    return dict(json.loads(done.stdout))


def _shapes(placed: dict[str, object]) -> Iterator[dict[str, object]]:
    for one in _list(placed.get("children")):
        yield one
        yield from _shapes(one)


def _routes(placed: dict[str, object]) -> Iterator[dict[str, object]]:
    yield from _list(placed.get("edges"))
    for one in _list(placed.get("children")):
        yield from _routes(one)


def _corners(edge: dict[str, object]) -> tuple[tuple[float, float], ...]:
    corners: list[tuple[float, float]] = []
    for section in _list(edge.get("sections")):
        for point in (section["startPoint"], *_list(section.get("bendPoints")), section["endPoint"]):
            corners += [(_number(point["x"]), _number(point["y"]))] if isinstance(point, dict) else []
    return tuple(corners)


def _box(one: dict[str, object]) -> Box:
    return Box(*(_number(one.get(key, 0)) for key in ("x", "y", "width", "height")))


def _list(value: object) -> list[dict[str, object]]:
    return value if isinstance(value, list) else []


def _number(value: object) -> float:
    return round(float(str(value)), 1)
