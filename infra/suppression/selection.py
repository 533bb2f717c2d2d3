"""Which wildcard patterns to use, so that patterns and the remaining addresses fill the fewest filters."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate, count, islice
from operator import or_

from infra.suppression.blocks import AddressPattern, Area, Block
from infra.suppression.search import covering

EXACT_VALUES = 50
"""Values of one `Equals` condition (botocore guardduty; neither CloudFormation nor cfn-lint checks it)."""

PATTERNS = 5
"""Values of one `Matches` condition (botocore guardduty; unchecked like the other)."""

WORTHWHILE = 2
"""Addresses that a pattern must add; one alone is an exact value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Patterns for a set of addresses.

    Attributes:
        patterns: What goes into `Matches`; the other addresses go into `Equals`.
        filters: How many filters both take together.
        at_least: How many any choice of such patterns takes; less than `filters` where that is not known.
    """

    patterns: tuple[AddressPattern, ...]
    filters: int
    at_least: int


def filters_for(addresses: int, patterns: int = 0) -> int:
    """Filters that hold so many exact values and so many patterns."""
    return -(-addresses // EXACT_VALUES) + -(-patterns // PATTERNS)


def select(blocks: Sequence[Block]) -> Selection:
    """Choose patterns so that the fewest filters are needed, and no pattern where exact values take no filter more.

    The fewest patterns for a set is a hard question in general (set cover), but egress has few blocks. First the
    pattern that adds most is taken again and again. What each step still gains also bounds what any other choice can
    do; where the bound leaves room for a filter less, combinations are searched one by one, up to a limit.
    """
    total = sum(block.size for block in blocks)
    if filters_for(total) <= 1:
        return Selection(patterns=(), filters=filters_for(total), at_least=filters_for(total))
    greedy = _Greedy(blocks)
    chosen = greedy.best(total)
    filters = filters_for(total - covered(chosen), len(chosen))
    while conceivable := list(greedy.conceivable(total, filters - 1)):
        found, complete = covering(greedy.everything(), conceivable)
        if not found:
            at_least = filters if complete else greedy.fewest_conceivable(total)
            return Selection(patterns=_plain(chosen), filters=filters, at_least=at_least)
        chosen, filters = found, filters - 1
    return Selection(patterns=_plain(chosen), filters=filters, at_least=filters)


def covered(patterns: Iterable[AddressPattern]) -> int:
    """How many addresses at least one of the patterns matches."""
    return sum(bits.bit_count() * block.scale for block, bits in _union(patterns).items())


class _Greedy:
    """Always the pattern that adds most, found lazily: what a pattern adds only shrinks as others are taken."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._areas = [area for block in blocks for area in block.areas()]
        self._left = {block: block.bits for block in blocks}
        self._queue: list[tuple[int, int, Area | AddressPattern]] = []
        self._pushed = 0
        self._gains: list[int] = []
        self._bounds: dict[int, int] = {}
        for area in self._areas:
            self._push(area.most, area)

    def best(self, total: int) -> list[AddressPattern]:
        """Patterns for the fewest filters that this way leads to, and no pattern that saves no filter."""
        taken: list[AddressPattern] = []
        best, fewest = 0, filters_for(total)
        left = total
        # Once five patterns stand for no more than the exact values of one filter, further ones cannot pay either.
        while self._may_gain() * PATTERNS > EXACT_VALUES:
            before = left
            for pattern in islice(iter(self._next, None), PATTERNS):
                taken.append(pattern)
                left -= self._gains[-1]
                if (filters := filters_for(left, len(taken))) < fewest:
                    best, fewest = len(taken), filters
            if before - left <= EXACT_VALUES:
                break
        return taken[:best]

    def fewest_conceivable(self, total: int) -> int:
        """The smallest number of filters that the bound does not rule out."""
        return next(filters for filters in count(1) if any(self.conceivable(total, filters)))

    def conceivable(self, total: int, filters: int) -> Iterable[tuple[int, int]]:
        """Numbers of patterns, and addresses they would have to match, with which so few filters might do."""
        for matching in range(1, filters + 1):
            needed = total - (filters - matching) * EXACT_VALUES
            if self._at_most(matching * PATTERNS) >= needed:
                yield matching * PATTERNS, needed

    def everything(self) -> Iterator[AddressPattern]:
        """All patterns worth considering."""
        areas = (area for area in self._areas if area.most >= WORTHWHILE)
        return (pattern for area in areas for pattern in area.patterns if pattern.size >= WORTHWHILE)

    def _at_most(self, patterns: int) -> int:
        """More addresses than these no such number of patterns matches, whichever they are.

        Each pattern adds at most the next gain to what has been taken so far (what patterns add is submodular).
        """
        if patterns not in self._bounds:
            gains = [*self._gains, self._may_gain()]
            sums = accumulate(gains, initial=0)
            self._bounds[patterns] = min(
                sum_so_far + patterns * gain for sum_so_far, gain in zip(sums, gains, strict=False)
            )
        return self._bounds[patterns]

    def _may_gain(self) -> int:
        return -self._queue[0][0] if self._queue else 1

    def _next(self) -> AddressPattern | None:
        while self._queue:
            _, order, item = heapq.heappop(self._queue)
            if isinstance(item, Area):
                for pattern in item.patterns:
                    self._push(pattern.size, pattern)
                continue
            block = item.block
            gain = (item.bits & self._left[block]).bit_count() * block.scale
            if gain < self._may_gain():
                self._push(gain, item, order)
            elif gain >= WORTHWHILE:
                self._left[block] &= ~item.bits
                self._gains.append(gain)
                return item
        return None

    def _push(self, most: int, item: Area | AddressPattern, order: int | None = None) -> None:
        if most >= WORTHWHILE:
            self._pushed += 1
            heapq.heappush(self._queue, (-most, self._pushed if order is None else order, item))


def _union(patterns: Iterable[AddressPattern]) -> dict[Block, int]:
    union: dict[Block, int] = {}
    for pattern in patterns:
        union[pattern.block] = union.get(pattern.block, 0) | pattern.bits
    return union


def _plain(chosen: Sequence[AddressPattern]) -> tuple[AddressPattern, ...]:
    """The same addresses in plainer patterns: each no wider than what the others leave to it."""
    by_block: dict[Block, list[AddressPattern]] = {}
    for pattern in chosen:
        by_block.setdefault(pattern.block, []).append(pattern)
    for patterns in by_block.values():
        for place in reversed(range(len(patterns))):
            pattern = patterns.pop(place)
            others = reduce(or_, (other.bits for other in patterns), 0)
            if alone := pattern.bits & ~others:
                patterns.insert(place, pattern.around(alone))
    return tuple(pattern for patterns in by_block.values() for pattern in patterns)
