"""Our own address ranges, in words."""

from collections.abc import Iterable

from shared.egress import EgressRange


def owned(ranges: Iterable[EgressRange]) -> str:
    """Name ranges with their owners, and say which are about some workloads only."""
    return " and ".join(
        f"{entry.name}, owner {entry.owner}{' (for some workloads only)' if entry.scoped else ''}" for entry in ranges
    )
