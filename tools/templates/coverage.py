"""Sets of caller addresses of both kinds, counted as people speak of them."""

from dataclasses import dataclass
from itertools import chain, islice

from tools.templates.addresses import EVERY_ADDRESS, NO_ADDRESS, Addresses
from tools.templates.wording import counted, quoted

EVERY_V6 = "*"

_NAMED, _COUNTED = 6, 1000
"""Blocks that are named, and up to how many the others are counted."""

_SAID = 1 << 31
"""Of more addresses than this those that are missing would say more."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """A set of caller addresses.

    Attributes:
        v4: The IPv4 addresses.
        v6: The IPv6 addresses, one by one; `*` for all of them.
    """

    v4: Addresses = NO_ADDRESS
    v6: frozenset[str] = frozenset()

    def __or__(self, other: "Coverage") -> "Coverage":
        return Coverage(self.v4 | other.v4, self.v6 | other.v6)

    def __sub__(self, other: "Coverage") -> "Coverage":
        return Coverage(self.v4 - other.v4, frozenset() if EVERY_V6 in other.v6 else self.v6 - other.v6)

    def __bool__(self) -> bool:
        return bool(self.v4 or self.v6)

    def named(self) -> str:
        """Which they are: a few blocks, and how many more; empty where that goes without saying, as of all of them."""
        if EVERY_V6 in self.v6 or len(self.v4) > _SAID:
            return ""
        blocks = (str(one) if one.num_addresses > 1 else str(one.network_address) for one in self.v4.networks())
        first = list(islice(chain(blocks, sorted(self.v6)), _COUNTED + 1))
        more = len(first) - _NAMED
        others = "" if more <= 0 else f" and {f'over {_COUNTED - _NAMED:,}' if len(first) > _COUNTED else more} more"
        return ", ".join(map(quoted, first[:_NAMED])) + others

    @property
    def number(self) -> str:
        """How many they are, where that has been named already."""
        return str(self) if EVERY_V6 in self.v6 else f"{len(self.v4) + len(self.v6):,}"

    def __str__(self) -> str:
        if self == EVERYWHERE:
            return "every address"
        if EVERY_V6 in self.v6:
            return f"{counted(len(self.v4), 'IPv4 address', 'IPv4 addresses')} and every IPv6 address"
        return counted(len(self.v4) + len(self.v6), "address", "addresses")


NOWHERE = Coverage()
EVERYWHERE = Coverage(EVERY_ADDRESS, frozenset({EVERY_V6}))
