"""The picture as SVG that stands by itself: icons inside, no script, no link, and its structure as metadata."""

from collections.abc import Iterator
from html import escape
from pathlib import Path

from tools.diagram.icons import symbol
from tools.diagram.labels import GAP, HEADING_ICON, ICON, label_of
from tools.diagram.layout import Box, Layout, layout
from tools.diagram.legend import Legend, legend_of
from tools.diagram.lettering import DETAIL, TITLE
from tools.diagram.lines import KINDS, Style
from tools.diagram.metadata import Drawn, as_metadata
from tools.diagram.model import Diagram, Frame, Line, Node
from tools.diagram.steps import Story, story_of
from tools.diagram.theme import ARROWS, BADGE, STYLE, badge

_ORDER = (Style.LOOK, Style.SETUP, Style.TROUBLE, Style.FLOW)
"""What is drawn later lies above."""


def svg_of(diagram: Diagram, *, project: Path, start: int | None = None) -> str:
    """Draw a diagram; the same diagram gives the same bytes.

    Args:
        diagram: What is drawn.
        project: The checkout, with `node_modules`.
        start: As the metadata of a picture tells it, to get its layout again at once; None to search for the best.

    Raises:
        LayoutError: Node or ELK is missing, or failed.
        NoIconsError: The icons are missing.
    """
    placed, story = layout(diagram, project=project, start=start), story_of(diagram)
    legend = legend_of(story, placed)
    return "\n".join(_parts(diagram, placed, story, legend, project)) + "\n"


def _parts(diagram: Diagram, placed: Layout, story: Story, legend: Legend, project: Path) -> Iterator[str]:
    width, height = placed.width, placed.height + legend.height
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" aria-labelledby="title">'
    )
    yield f'<title id="title">Architecture of {escape(diagram.name)}</title>'
    yield as_metadata(Drawn(structure=diagram, start=placed.start))
    yield f"<style>{STYLE}</style>"
    yield "<defs>"
    for kind in sorted({*(one.kind for one in diagram.frames), *(one.kind for one in diagram.nodes)}):
        yield symbol(kind, project=project)
    yield from ARROWS
    yield "</defs>"
    yield f'<rect width="{width:g}" height="{height:g}" rx="8" fill="#ffffff"/>'
    for frame in sorted(diagram.frames, key=lambda one: one.within):
        yield _border(frame, placed.boxes[frame.id])
    for style in _ORDER:
        yield from (_line(line, style, way) for line, way in placed.ways.items() if KINDS[line.kind].style is style)
    for frame in diagram.frames:
        yield from _heading(frame, placed.boxes[frame.id])
    for node in diagram.nodes:
        yield from _node(node, placed.boxes[node.id], story.numbers.get(node.id))
    yield from legend.parts
    yield "</svg>"


def _border(frame: Frame, box: Box) -> str:
    return (
        f'<rect class="frame {frame.kind}" x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}"/>'
    )


def _heading(frame: Frame, box: Box) -> Iterator[str]:
    yield f'<g id="{escape(frame.id)}">'
    yield _use(frame.kind, box.x, box.y, HEADING_ICON)
    x = box.x + HEADING_ICON + GAP
    yield f'<text class="title" x="{x:g}" y="{box.y + 17:g}">{escape(frame.title)}</text>'
    if frame.detail:
        yield f'<text class="detail" x="{x:g}" y="{box.y + 32:g}">{escape(frame.detail)}</text>'
    yield "</g>"


def _line(line: Line, style: Style, corners: tuple[tuple[float, float], ...]) -> str:
    way = "M" + "L".join(f"{x:g} {y:g}" for x, y in corners)
    told, name = escape(f"{line.source} {line.kind} {line.target}"), style.value
    return f'<path class="line {name}" marker-end="url(#arrow-{name})" d="{way}"><title>{told}</title></path>'


def _node(node: Node, box: Box, number: int | None) -> Iterator[str]:
    label = label_of(node)
    yield f'<g id="{escape(node.id)}">'
    top = box.y + (box.height - ICON) / 2
    yield _use(node.kind, box.x, top, ICON)
    if number is not None:
        yield from badge(number, box.x + ICON - BADGE / 2, top)
    rows = [("title", TITLE, one) for one in label.title] + [("detail", DETAIL, one) for one in label.detail]
    y = box.y + (box.height - sum(size + 2 for _, size, _ in rows)) / 2
    for style, size, words in rows:
        y += size + 2
        yield f'<text class="{style}" x="{box.x + ICON + GAP:g}" y="{y - 3:g}">{escape(words)}</text>'
    yield "</g>"


def _use(kind: str, x: float, y: float, side: float) -> str:
    return f'<use href="#icon-{kind.replace(" ", "-")}" x="{x:g}" y="{y:g}" width="{side}" height="{side}"/>'
