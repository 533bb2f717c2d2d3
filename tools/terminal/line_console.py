"""Where tables are printed: in colour on a terminal; in a pipe a row is a line, without blanks at its end."""

import io
import re
import sys
from typing import TextIO

from rich.console import Console

_BLANKS = re.compile(r"[ \t]+(?=\n|\Z)")


class _Trimmed(io.TextIOBase):
    """Standard output without the blanks with which a table fills its lines up; each write is of whole lines."""

    def __init__(self, to: TextIO) -> None:
        self._to = to

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """What the output takes, for which rich chooses its characters."""
        return self._to.encoding

    def write(self, text: str, /) -> int:
        self._to.write(_BLANKS.sub("", text))
        return len(text)

    def flush(self) -> None:
        self._to.flush()


def line_console() -> Console:
    """Into a pipe nothing is folded or coloured; `:key:` in a tag or an owner stays what it is."""
    if sys.stdout.isatty():
        return Console(emoji=False)
    return Console(file=_Trimmed(sys.stdout), width=10_000, color_system=None, emoji=False)  # type: ignore[arg-type]
