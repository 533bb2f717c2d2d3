"""What a picture says of itself in its `<metadata>`, for machines: its structure, and from where its layout began."""

import json
import re
from dataclasses import dataclass
from html import escape, unescape

from tools.diagram.model import Diagram

_ROWS = ",\n"
_METADATA = re.compile(r"<metadata>(?P<said>[^<]*)</metadata>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What was drawn, and the start of its layout (`tools.diagram.layout`)."""

    structure: Diagram
    start: int


def as_metadata(drawn: Drawn) -> str:
    """The element; one frame, node or line in a row, so that a diff of two pictures can be read."""
    rows = [f'"name": {json.dumps(drawn.structure.name)}', f'"start": {drawn.start}']
    for key, values in drawn.structure.as_data().items():
        if isinstance(values, tuple):
            told = _ROWS.join(json.dumps(one, ensure_ascii=False) for one in values)
            rows.append(f'"{key}": [\n{told}\n]')
    return f"<metadata>{{\n{escape(_ROWS.join(rows), quote=False)}\n}}</metadata>"


def drawn_in(svg: str) -> Drawn:
    """What a picture of ours says of itself.

    Raises:
        ValueError: It says nothing that we understand.
    """
    found = _METADATA.search(svg)
    if found is None:
        raise ValueError("has no metadata: it is no picture of python -m tools diagram")
    said = json.loads(unescape(found["said"]))
    match said:
        case {"start": int(start)}:
            return Drawn(structure=Diagram.from_data(said), start=start)
    raise ValueError("does not say from where its layout began: it is no picture of python -m tools diagram")
