"""Whether an address is one behind which our own functions leave for the internet."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address


@dataclass(frozen=True, slots=True, kw_only=True)
class EgressRange:
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
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
            parsed = parsed.ipv4_mapped
        return any(parsed in network for network in self.networks)


def ranges_of(address: str, ranges: Iterable[EgressRange]) -> tuple[EgressRange, ...]:
    """The ranges that hold `address`, first the ones that hide most of what comes from it."""
    holding = (entry for entry in ranges if entry.holds(address))
    return tuple(sorted(holding, key=lambda entry: (entry.observing, entry.scoped)))


def owned(ranges: Iterable[EgressRange]) -> str:
    """Name ranges with their owners, and say which are about some workloads only."""
    return " and ".join(
        f"{entry.name}, owner {entry.owner}{' (for some workloads only)' if entry.scoped else ''}" for entry in ranges
    )
