"""What a figure may be at most, or must be at least, and whether it is."""

from collections.abc import Iterable
from dataclasses import dataclass

from tools.bench.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """One line of the budgets.

    Attributes:
        what: What was measured.
        measured: The figure.
        limit: What it may be.
        unit: Of both; `x` is a ratio to the floor of the same run.
        least: The limit is the least that will do, and not the most.
    """

    what: str
    measured: float
    limit: float
    unit: str
    least: bool = False

    @property
    def met(self) -> bool:
        """Whether the figure keeps to it."""
        return self.measured >= self.limit if self.least else self.measured <= self.limit

    def row(self) -> list[str]:
        """As a line of a table; beside the figure no more digits than it is worth."""
        allowed = f"at {'least' if self.least else 'most'} {self.limit:,g} {self.unit}"
        return [self.what, f"{self.measured:,.2f} {self.unit}", allowed, "met" if self.met else "missed"]


def budget_table(title: str, budgets: Iterable[Budget], *, note: str) -> Table:
    """The budgets of one benchmark, side by side with what was measured."""
    return Table(
        title=f"{title}: budgets",
        columns=("Budget", "measured", "allowed", "met?"),
        rows=[budget.row() for budget in budgets],
        note=note,
    )
