"""Every filter of a Region, whatever finding types the entries name."""

from collections.abc import Sequence
from typing import Protocol

from infra.suppression.budget import DEFAULT_BUDGET, check_budget
from infra.suppression.compiler import CompiledFilter, compile_filters
from infra.suppression.entry import EgressSource


class TypedEgressSource(EgressSource, Protocol):
    """An egress entry that also says which finding types it is about."""

    @property
    def finding_types(self) -> Sequence[str]:
        """The types to suppress from its addresses."""


def plan_filters(
    entries: Sequence[TypedEgressSource], *, name_prefix: str, budget: int = DEFAULT_BUDGET
) -> tuple[CompiledFilter, ...]:
    """Compile all entries, each with its own finding types.

    Raises:
        TooManyFiltersError: Together they need more filters than the budget.
        UnsupportedNetworkError: A network is not IPv4 or wider than a /16.
        UnsupportedScopeError: What an entry is narrowed by fits in no filter.
    """
    check_budget(entries, budget=budget)
    return tuple(
        compiled
        for entry in entries
        for compiled in compile_filters(
            [entry], finding_types=entry.finding_types, name_prefix=name_prefix, budget=budget
        )
    )
