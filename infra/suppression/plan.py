"""Every filter of a Region, whatever finding types the entries name."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol

from infra.suppression.compiler import (
    MAX_FILTERS,
    CompiledFilter,
    EgressSource,
    TooManyFiltersError,
    compile_filters,
)


class TypedEgressSource(EgressSource, Protocol):
    """An egress entry that also says which finding types it is about."""

    @property
    def finding_types(self) -> Sequence[str]:
        """The types to suppress from its addresses."""


def plan_filters(entries: Sequence[TypedEgressSource], *, name_prefix: str) -> tuple[CompiledFilter, ...]:
    """Compile all entries, those with the same finding types together.

    Raises:
        TooManyFiltersError: They need more filters than a Region holds.
    """
    alike: dict[frozenset[str], list[TypedEgressSource]] = {}
    for entry in entries:
        alike.setdefault(frozenset(entry.finding_types), []).append(entry)
    filters = tuple(
        compiled
        for group in alike.values()
        for compiled in compile_filters(group, finding_types=group[0].finding_types, name_prefix=name_prefix)
    )
    # the compiler sees one group at a time
    if len(filters) > MAX_FILTERS:
        costs = ", ".join(f"{name} {cost}" for name, cost in Counter(filters_used(filters)).most_common())
        text = f"egress: needs {len(filters)} GuardDuty filters, but a Region holds {MAX_FILTERS}: {costs}"
        raise TooManyFiltersError(text)
    return filters


def filters_used(filters: Sequence[CompiledFilter]) -> Mapping[str, int]:
    """Count the filters of each entry, by its name."""
    return Counter(compiled.entry for compiled in filters)
