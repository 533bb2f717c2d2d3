"""How the picture looks: letters, colours, arrows and numbers, on a light ground of its own."""

from collections.abc import Iterator, Mapping

from tools.diagram.lettering import DETAIL, TITLE
from tools.diagram.lines import Style

_INK, _GREY = "#16191f", "#545b64"
_COLOURS: Mapping[Style, str] = {
    Style.FLOW: _INK, Style.LOOK: "#7d8998", Style.TROUBLE: "#d13212", Style.SETUP: "#0972d3",
}  # fmt: skip
_DASHES: Mapping[Style, str] = {Style.LOOK: "2 3", Style.TROUBLE: "6 3", Style.SETUP: "9 3 2 3"}

BADGE = 9
"""Pixels from the middle of a number's circle to its edge."""

STYLE = "".join(
    (
        f"text{{font-family:'Amazon Ember',Helvetica,Arial,sans-serif;fill:{_INK};",
        # Where a line runs under words, these stay legible.
        "paint-order:stroke;stroke:#ffffff;stroke-width:3px;stroke-linejoin:round}",
        f".title{{font-size:{TITLE}px;font-weight:700}}",
        f".detail{{font-size:{DETAIL}px;fill:{_GREY}}}",
        f".words{{font-size:{TITLE}px}}",
        ".number{font-size:11.5px;font-weight:700;fill:#ffffff;stroke:none;text-anchor:middle}",
        ".frame{fill:none;stroke-width:1.3}",
        ".account{stroke:#e7157b}",
        ".region{stroke:#00a4a6;stroke-dasharray:5 3}",
        ".line{fill:none;stroke-width:1.5;stroke-linejoin:round}",
        *(
            f".{style.value}{{stroke:{colour}"
            + (f";stroke-dasharray:{_DASHES[style]}" if style in _DASHES else "")
            + "}"
            for style, colour in _COLOURS.items()
        ),
    )
)

ARROWS = tuple(
    f'<marker id="arrow-{style.value}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
    f'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.5L8 4L0 7.5z" fill="{colour}"/></marker>'
    for style, colour in _COLOURS.items()
)


def badge(number: int, x: float, y: float) -> Iterator[str]:
    """A step's number in a circle around a point."""
    yield f'<circle cx="{x:g}" cy="{y:g}" r="{BADGE}" fill="{_INK}" stroke="#ffffff" stroke-width="1.5"/>'
    yield f'<text class="number" x="{x:g}" y="{y + 4:g}">{number}</text>'
