"""The values that hide exactly a set of addresses, filter by filter."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from ipaddress import IPv4Network
from itertools import chain

from infra.suppression.blocks import WIDEST_PREFIX, blocks_of
from infra.suppression.selection import EXACT_VALUES, PATTERNS, filters_for, select
from infra.suppression.sharing import shared_out


class UnsupportedNetworkError(ValueError):
    """A network that cannot be, or should not be, hidden exactly."""


@dataclass(frozen=True, kw_only=True)
class AddressPlan:
    """What the filters of one entry hold.

    Attributes:
        addresses: How many addresses are hidden.
        exact_values: Those that are listed one by one.
        patterns: The wildcard patterns that match the others.
        at_least: Filters that the best choice of patterns takes; less than `filters` where that is not known.
    """

    addresses: int
    exact_values: tuple[str, ...]
    patterns: tuple[str, ...]
    at_least: int

    @property
    def filters(self) -> int:
        """How many filters it takes."""
        return filters_for(len(self.exact_values), len(self.patterns))

    @cached_property
    def equals(self) -> tuple[tuple[str, ...], ...]:
        """The exact values, a tuple for each filter."""
        return shared_out(self.exact_values, room=EXACT_VALUES)

    @cached_property
    def matches(self) -> tuple[tuple[str, ...], ...]:
        """The patterns, a tuple for each filter."""
        return shared_out(self.patterns, room=PATTERNS)


def plan_for(networks: Sequence[IPv4Network]) -> AddressPlan:
    """The fewest filters found that match exactly these addresses; the order and form of the networks do not matter.

    Raises:
        UnsupportedNetworkError: A network is not IPv4 or wider than a /16.
    """
    for network in networks:
        _check(network)
    return _plan(tuple(networks))


@lru_cache(maxsize=1024)  # The budget, the ledger and the filters ask for the same entries.
def _plan(networks: tuple[IPv4Network, ...]) -> AddressPlan:
    blocks = blocks_of(networks)
    selection = select(blocks)
    matched = dict.fromkeys(blocks, 0)
    for pattern in selection.patterns:
        matched[pattern.block] |= pattern.bits
    return AddressPlan(
        addresses=sum(block.size for block in blocks),
        exact_values=tuple(chain.from_iterable(block.addresses(block.bits & ~matched[block]) for block in blocks)),
        patterns=tuple(sorted(pattern.text for pattern in selection.patterns)),
        at_least=selection.at_least,
    )


def _check(network: object) -> None:
    if not isinstance(network, IPv4Network):
        raise UnsupportedNetworkError(
            f"egress: must be IPv4, got {network}; single IPv6 addresses are planned by themselves, and an IPv6 range"
            " cannot be hidden exactly: the form in which GuardDuty writes such addresses is not documented"
        )
    if network.prefixlen < WIDEST_PREFIX:
        raise UnsupportedNetworkError(
            f"egress: must be /{WIDEST_PREFIX} or narrower, got {network}; leaked credentials used from any of its"
            f" {network.num_addresses:,} addresses would stay silent: list only the networks that are your own"
        )
