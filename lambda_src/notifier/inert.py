"""Text that others chose, made harmless and short enough to show."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

MARK = "…"

# Programs that show a message turn these into something to click; ours are the only links.
_CLICKABLE = re.compile(r"(?i):(?=//)|(?<=\bwww)\.|(?<=\bmailto):")

# Letters by category, blank on the screen: a name made of them looks like no name at all.
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")

# More marks on one letter than this is a flood that runs over the neighbouring lines.
_MARKS_PER_LETTER = 2


def inert(text: str, *, limit: int) -> str:
    r"""One line that can do nothing but be read, of at most `limit` code points.

    Control characters, ANSI escapes, bidirectional overrides, zero-width and other invisible characters are
    shown as ``\x1b`` or ``\u202e``; line ends become spaces; web addresses are written ``https[:]//`` so that
    no program makes them clickable. What is cut is marked with ``…``. Formats with an escape of their own
    (Slack, HTML) still apply it, afterwards and once.
    """
    # Everything beyond the limit would be cut anyway: a finding may carry a megabyte in one field.
    head = text if len(text) <= limit else text[: limit + 1]
    return _remembered(head, limit) if len(head) <= _SHORT else _inert(head, limit)


def _inert(head: str, limit: int) -> str:
    if (":" in head or "." in head) and _could_be_clicked(head):
        head = _CLICKABLE.sub(r"[\g<0>]", head)
    if len(head) <= limit and head.isascii() and head.isprintable():
        return head
    return bounded(_shown(head), limit=limit)


# Our labels are in every message, and the findings of a burst share their account, function, role and type.
_SHORT = 200
_remembered = lru_cache(maxsize=1024)(_inert)


def _could_be_clicked(text: str) -> bool:
    """Whether `_CLICKABLE` has to look; most values of a finding are names, numbers and addresses."""
    low = text.lower()
    return "://" in low or "www." in low or "mailto:" in low


def inert_lines(text: str, *, limit: int) -> str:
    """Like `inert`, with the line ends kept: for descriptions and raw documents."""
    lines: list[str] = []
    cut, room = len(text) > limit, limit - len(MARK)
    for line in text[:limit].splitlines():
        if room <= 0:
            cut = True
            break
        lines.append(inert(line, limit=room))
        room -= len(lines[-1]) + 1
    shown = "\n".join(lines)
    return shown + MARK if cut and not shown.endswith(MARK) else shown


def bounded(pieces: Iterable[str], *, limit: int) -> str:
    """The pieces in a row, at most `limit` code points, cut between pieces (never inside one) and marked."""
    kept: list[str] = []
    size = 0
    for piece in pieces:
        if size + len(piece) > limit:
            # Back to where the mark fits, and never between a letter and what combines with it.
            while kept and (size + len(MARK) > limit or _is_mark(piece)):
                piece = kept.pop()  # noqa: PLW2901
                size -= len(piece)
            return "".join(kept) + MARK if limit >= len(MARK) else ""
        kept.append(piece)
        size += len(piece)
    return "".join(kept)


def ascii_only(text: str) -> str:
    """The nearest plain ASCII: accents dropped, everything else a question mark (for e-mail subjects)."""
    plain = unicodedata.normalize("NFKD", text.replace(MARK, "..."))
    return "".join(c for c in plain if not unicodedata.combining(c)).encode("ascii", "replace").decode("ascii")


def _shown(text: str) -> Iterator[str]:
    marks = 0
    for char in text:
        marks = marks + 1 if _is_mark(char) else 0
        if char.isprintable() and char not in _BLANK_LETTERS and marks <= _MARKS_PER_LETTER:
            yield char
        elif char in "\n\r\t" or unicodedata.category(char) == "Zs":
            yield " "
        else:
            yield _escape(ord(char))


def _is_mark(piece: str) -> bool:
    return len(piece) == 1 and unicodedata.category(piece) in {"Mn", "Me"}


def _escape(code: int) -> str:
    if code <= 0xFF:  # noqa: PLR2004
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004
