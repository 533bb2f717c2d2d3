"""What stands under the picture: the numbered steps in two columns, and what each style of line means."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from tools.diagram.layout import Layout
from tools.diagram.lettering import TITLE, folded, width
from tools.diagram.lines import KINDS, Style
from tools.diagram.steps import Story
from tools.diagram.theme import BADGE, badge

_MARGIN, _ROW, _BETWEEN, _STROKE = 24, 17, 6, 34
_COLUMNS = 2
_MEANS = {
    Style.FLOW: "the way of a finding",
    Style.LOOK: "looks, keeps, wakes",
    Style.TROUBLE: "what cannot be delivered",
    Style.SETUP: "at deployment",
}


@dataclass(frozen=True, slots=True)
class Legend:
    """Its parts of SVG, and how many pixels it adds to the height."""

    parts: tuple[str, ...]
    height: float


def legend_of(story: Story, placed: Layout) -> Legend:
    """Set the legend under a layout, as wide as that."""
    top = placed.height + 14
    column = (placed.width - 2 * _MARGIN) / _COLUMNS
    first = -(-len(story.words) // _COLUMNS)
    parts: list[str] = []
    bottom = top
    for place in range(_COLUMNS):
        y = top
        for number, words in list(enumerate(story.words, 1))[place * first : (place + 1) * first]:
            lines = folded(words, size=TITLE, most=column - 4 * BADGE - _MARGIN)
            parts += _step(number, lines, _MARGIN + place * column, y)
            y += len(lines) * _ROW + _BETWEEN
        bottom = max(bottom, y)
    styles = [style for style in Style if any(KINDS[line.kind].style is style for line in placed.ways)]
    parts += _styles(styles, bottom + 14)
    return Legend(parts=tuple(parts), height=round(bottom + 34 - placed.height, 1))


def _step(number: int, lines: tuple[str, ...], x: float, y: float) -> Iterator[str]:
    yield from badge(number, x + BADGE, y + BADGE)
    for place, words in enumerate(lines):
        yield f'<text class="words" x="{x + 3 * BADGE:g}" y="{y + 13 + place * _ROW:g}">{escape(words)}</text>'


def _styles(styles: list[Style], y: float) -> Iterator[str]:
    x = float(_MARGIN)
    for style in styles:
        yield f'<path class="line {style.value}" marker-end="url(#arrow-{style.value})" d="M{x:g} {y:g}h{_STROKE}"/>'
        words = _MEANS[style]
        yield f'<text class="detail" x="{x + _STROKE + 8:g}" y="{y + 4:g}">{words}</text>'
        x = round(x + _STROKE + 36 + width(words, size=TITLE), 1)
