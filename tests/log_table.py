"""The tables of docs/operations.md that say what the notifier's log holds."""

import re
from functools import cache
from pathlib import Path

_PAGE = Path(__file__).resolve().parent.parent / "docs" / "operations.md"


@cache
def documented(heading: str) -> frozenset[str]:
    """The first column of the table whose first column has this heading."""
    page = _PAGE.read_text(encoding="utf-8")
    (rows,) = re.findall(rf"^\| {re.escape(heading)} \|.*\n\| ---.*\n((?:\|.*\n)+)", page, re.MULTILINE)
    return frozenset(re.findall(r"^\| `([^`]+)` \|", rows, re.MULTILINE))
