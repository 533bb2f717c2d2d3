"""Who comes first among those who used a key."""

from typing import TypeAlias

from investigation.documents import Side

Rank: TypeAlias = tuple[int, int, int, str]

_SIDES: dict[Side, int] = {"outside": 0, "unclear": 1, "inside": 2}


def rank(side: Side, *, gains: int, calls: int, address: str) -> Rank:
    """For sorting: who is outside comes first, then who changed or took something, then who called most.

    Args:
        side: Where the calls came from.
        gains: Calls that changed something, took credentials or read a secret.
        calls: All of them.
        address: Settles what is alike.
    """
    return _SIDES[side], -gains, -calls, address
