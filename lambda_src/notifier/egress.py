"""Whether an address is one behind which our own functions leave for the internet."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address


@dataclass(frozen=True, slots=True, kw_only=True)
class EgressRange:
    """Internet-facing addresses of ours, and who answers for them.

    Attributes:
        observing: The range's filters only count so far, so its findings are sent.
    """

    name: str
    owner: str
    networks: tuple[IPv4Network | IPv6Network, ...]
    observing: bool = False

    def holds(self, address: str) -> bool:
        """Whether `address` is inside; False for text that is no address."""
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
            parsed = parsed.ipv4_mapped
        return any(parsed in network for network in self.networks)


def range_of(address: str, ranges: Iterable[EgressRange]) -> EgressRange | None:
    """The first range that holds `address`."""
    return next((entry for entry in ranges if entry.holds(address)), None)
