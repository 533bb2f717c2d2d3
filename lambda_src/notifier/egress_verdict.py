"""Whether an address is one of our own, in words."""

from collections.abc import Collection
from typing import NamedTuple

from notifier.egress import owned
from notifier.inert import inert
from shared.egress import LONGEST, EgressRange, ranges_of


class EgressVerdict(NamedTuple):
    """Whether the caller's address is one of our own."""

    address: str
    ranges: tuple[EgressRange, ...]
    sentence: str

    @property
    def ours(self) -> bool:
        """Whether the address is inside one of our ranges."""
        return bool(self.ranges)


def verdict_on(address: str, ranges: Collection[EgressRange]) -> EgressVerdict:
    """Whether `address`, of whatever text, is one of ours."""
    shown = inert(address, limit=LONGEST)
    found = ranges_of(address, ranges)
    if not found:
        # Where a deployment has none, nothing is claimed.
        unknown = "was not compared with your egress ranges: the notifier has none"
        missing = "is not one of your egress ranges" if ranges else unknown
        return EgressVerdict(address=shown, ranges=(), sentence=f"{shown} {missing}.")
    several = "s" if len(found) > 1 else ""
    sentence = f"{shown} is in your egress range{several} {owned(found)}: it may be your own traffic."
    return EgressVerdict(address=shown, ranges=found, sentence=sentence)
