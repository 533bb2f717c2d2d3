"""Which of our own addresses a finding is about."""

from collections.abc import Iterable

from shared.egress import EgressRange


def ranges_of(address: str, ranges: Iterable[EgressRange]) -> tuple[EgressRange, ...]:
    """The ranges that hold `address`, first the ones that hide most of what comes from it."""
    holding = (entry for entry in ranges if entry.holds(address))
    return tuple(sorted(holding, key=lambda entry: (entry.observing, entry.scoped)))


def owned(ranges: Iterable[EgressRange]) -> str:
    """Name ranges with their owners, and say which are about some workloads only."""
    return " and ".join(
        f"{entry.name}, owner {entry.owner}{' (for some workloads only)' if entry.scoped else ''}" for entry in ranges
    )
