"""How wide text is in Helvetica and its likes, in tenths of its size; near enough to leave it room."""

from collections.abc import Iterator

TITLE, DETAIL = 13, 11.5
"""Sizes of the letters beside an icon, in pixels."""

_NARROW, _SLIM, _WIDE, _WIDEST = set("ijl|.,:;'!I()[] "), set('ftr-/"*'), set("ABCDEGHKNOPQRSTUVXYZ&<>w+"), set("mMW@")


def width(text: str, *, size: float, bold: bool = False) -> float:
    """Pixels that a line of text takes, rather a little more than less."""
    tenths = sum(
        3.0 if one in _NARROW else 3.7 if one in _SLIM else 9.2 if one in _WIDEST else 7.3 if one in _WIDE else 5.7
        for one in text
    )
    return tenths / 10 * size * (1.07 if bold else 1.0)


def folded(text: str, *, size: float, most: float, bold: bool = False) -> tuple[str, ...]:
    """The text in lines of at most so many pixels, where it can be broken: at spaces and after - / @."""
    lines: list[str] = []
    for piece in _pieces(text):
        if lines and width((lines[-1] + piece).rstrip(), size=size, bold=bold) <= most:
            lines[-1] += piece
        else:
            lines.append(piece)
    return tuple(line.strip() for line in lines)


def _pieces(text: str) -> Iterator[str]:
    start = 0
    for place, letter in enumerate(text):
        if letter in " -/@":
            yield text[start : place + 1]
            start = place + 1
    if start < len(text):
        yield text[start:]
