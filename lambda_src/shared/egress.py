"""Our own addresses, behind which functions leave for the internet."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import NamedTuple

LONGEST = 80
"""Characters; longer text is no address."""


class EgressRange(NamedTuple):
    """Internet-facing addresses of ours, and who answers for them.

    Attributes:
        observing: The range's filters only count so far, so its findings are sent.
        scoped: The range is about some workloads only; findings of all others are sent.
    """

    name: str
    owner: str
    networks: tuple[IPv4Network | IPv6Network, ...]
    observing: bool = False
    scoped: bool = False

    def holds(self, address: str) -> bool:
        """Whether `address` is inside; False for text that is no address."""
        parsed = address_of(address)
        return parsed is not None and any(parsed in network for network in self.networks)


def ranges_of(address: str, ranges: Iterable[EgressRange]) -> tuple[EgressRange, ...]:
    """The ranges that hold `address`, first the ones that hide most of what comes from it."""
    holding = (entry for entry in ranges if entry.holds(address))
    return tuple(sorted(holding, key=lambda entry: (entry.observing, entry.scoped)))


def address_of(text: str) -> IPv4Address | IPv6Address | None:
    """The address that `text` is, an IPv4 address within IPv6 as the former; None if it is none."""
    return _parsed(text) if len(text) <= LONGEST else None


# A burst comes from few addresses, and each is compared with every range.
@lru_cache(maxsize=256)
def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(text)
    except ValueError:
        return None
    if not isinstance(parsed, IPv6Address):
        return parsed
    # What stands behind a `%` is a name of somebody's network card, and any text.
    return None if parsed.scope_id else parsed.ipv4_mapped or parsed
