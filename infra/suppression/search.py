"""Exhaustive search for a cover, within limits."""

from collections.abc import Iterable, Sequence
from itertools import islice

from infra.suppression.blocks import AddressPattern, Block

MOST_PATTERNS = 150
MOST_STEPS = 300
"""Bounds of the search, so that no entry holds up a build."""


def covering(
    candidates: Iterable[AddressPattern], wanted: Iterable[tuple[int, int]]
) -> tuple[list[AddressPattern], bool]:
    """Find patterns that match enough addresses.

    Args:
        candidates: To choose from.
        wanted: Pairs of how many patterns may be chosen and how many addresses they must match; any of them will do.

    Returns:
        The patterns, none if there are none or the limit was reached; and whether every combination was considered.
    """
    patterns = list(islice(candidates, MOST_PATTERNS + 1))
    if len(patterns) > MOST_PATTERNS:
        return [], False
    left = {pattern.block: pattern.block.bits for pattern in patterns}
    search = _Search()
    for most, needed in wanted:
        if found := search.run(patterns, left, most, needed):
            return found, False
    return [], search.steps < MOST_STEPS


class _Search:
    """Depth first, the pattern that adds most before the others; given up where even the best could not do."""

    def __init__(self) -> None:
        self.steps = 0

    def run(
        self, patterns: Sequence[AddressPattern], left: dict[Block, int], most: int, needed: int
    ) -> list[AddressPattern]:
        self.steps += 1
        if self.steps >= MOST_STEPS:
            return []
        gains = sorted(
            ((pattern.bits & left[pattern.block]).bit_count() * pattern.block.scale, -place)
            for place, pattern in enumerate(patterns)
        )
        gains.reverse()
        ordered = [patterns[-place] for _, place in gains]
        for start, (gain, _) in enumerate(gains):
            if sum(each for each, _ in gains[start : start + most]) < needed:
                return []
            pattern = ordered[start]
            if gain >= needed:
                return [pattern]
            rest = {**left, pattern.block: left[pattern.block] & ~pattern.bits}
            if most > 1 and (found := self.run(ordered[start + 1 :], rest, most - 1, needed - gain)):
                return [pattern, *found]
        return []
