"""What a finding must be, beside its type and address, for the filters of an entry to match it."""

from collections.abc import Collection

from infra.suppression.entry import EgressSource
from infra.suppression.selection import EXACT_VALUES

MAX_ATTRIBUTES = 50
"""Attributes of one filter, combined with AND (GuardDuty user guide, filter findings)."""


class UnsupportedScopeError(ValueError):
    """A scope that no filter can hold, or that would not only narrow."""


def narrowing(entry: EgressSource, *, beside: Collection[str]) -> dict[str, dict[str, list[str]]]:
    """The conditions that an entry adds to each of its filters, in one order whatever the order of the entry's values.

    Attributes combine with AND, so each one only takes findings away; that is why none may stand in for another.

    Args:
        entry: The entry with what it is narrowed by.
        beside: Attributes that the filters hold already.

    Raises:
        UnsupportedScopeError: An attribute is one of those, has no values or more than 50, or there are too many.
    """
    where = f"egress: scope of {entry.name}"
    if len(entry.narrowed_by) + len(beside) > MAX_ATTRIBUTES:
        room = MAX_ATTRIBUTES - len(beside)
        raise UnsupportedScopeError(f"{where}: must hold at most {room} attributes, got {len(entry.narrowed_by)}")
    for attribute, values in entry.narrowed_by.items():
        if attribute in beside:
            raise UnsupportedScopeError(f"{where}: must not hold {attribute}, which the filter holds already")
        if not 1 <= len(set(values)) <= EXACT_VALUES:
            raise UnsupportedScopeError(
                f"{where}: {attribute} must have 1 to {EXACT_VALUES} values, got {len(set(values))}"
            )
    return {attribute: {"Equals": sorted(set(entry.narrowed_by[attribute]))} for attribute in sorted(entry.narrowed_by)}
