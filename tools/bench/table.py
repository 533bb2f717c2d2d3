"""A table of figures, for the terminal and for docs/benchmarks.md."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Figures of one run, side by side.

    Attributes:
        columns: The first names what a row is of.
        note: What the figures mean, and the budget.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str

    def markdown(self) -> str:
        """As a section of a page."""
        lines = [self.columns, ["---"] + ["---:"] * (len(self.columns) - 1), *self.rows]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return f"### {self.title}\n\n{table}\n\n{self.note}\n"


def times(value: float, floor: float) -> str:
    """`1.23 x`: a ratio to the floor of the same run."""
    return f"{value / floor:.2f} x"


def milliseconds(seconds: float) -> str:
    """`123 ms`."""
    return f"{seconds * 1000:,.0f} ms"


def mebibytes(kibibytes: float) -> str:
    """`45 MiB`, of what the kernel counts in KiB."""
    return f"{kibibytes / 1024:,.0f} MiB"
