"""A table of checks: in colour on a terminal, one line a check in a pipe."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tools.live.verdict import State
from tools.terminal.line_console import line_console

Check = TypeVar("Check")

STYLES = {State.OK: "green", State.WRONG: "bold red", State.UNKNOWN: "yellow"}
"""How each outcome looks on a terminal."""


def console() -> Console:
    """Where tables go: into a pipe nothing is folded or coloured, a line is a check."""
    return line_console()


def announced(checks: Iterable[Check], place: Callable[[Check], str]) -> Iterator[Check]:
    """The checks as they come, with a word on a terminal for each place that is looked at: with many it takes a while.

    Args:
        checks: The checks, those of one place after each other.
        place: Where a check looks.
    """
    before = ""
    for check in checks:
        if place(check) != before and sys.stderr.isatty():
            sys.stderr.write(f"{place(check)} …\n")
        before = place(check)
        yield check


def table(*headings: str) -> Table:
    """An empty table."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        made.add_column(heading, overflow="fold")
    return made


def show(headings: Sequence[str], rows: Iterable[tuple[State, Sequence[str]]], *, summary: str = "") -> None:
    """Print the rows, if there are any, each with its state in front, and a line that sums up."""
    to = console()
    made = table("", *headings)
    for state, cells in rows:
        made.add_row(*map(Text, (state.value, *cells)), style=STYLES[state])
    if made.row_count:
        to.print(made)
    if summary:
        to.print(summary, highlight=False)
