"""Sets of IPv4 addresses, counted exactly however wide they are."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network
from typing import Literal, TypeAlias

from tools.templates.wildcards import past_stars

OCTETS = 4
_EVERY_NUMBER = (1 << 256) - 1

# A tree with one level for each octet. A node holds disjoint sets of numbers (bit n stands for n), each with what may
# follow; equal continuations are one, so that equal sets are equal trees. After the fourth octet comes an empty node.
_Node: TypeAlias = "tuple[tuple[int, _Node], ...]"
_Tree: TypeAlias = "_Node | None"
_Operation = Literal["or", "and", "minus"]


@dataclass(frozen=True, slots=True)
class Addresses:
    """An immutable set of IPv4 addresses; `len` is exact and quick also for all four thousand million of them."""

    _tree: _Tree = None

    def __or__(self, other: "Addresses") -> "Addresses":
        return Addresses(_combined("or", 0, self._tree, other._tree))

    def __and__(self, other: "Addresses") -> "Addresses":
        return Addresses(_combined("and", 0, self._tree, other._tree))

    def __sub__(self, other: "Addresses") -> "Addresses":
        return Addresses(_combined("minus", 0, self._tree, other._tree))

    def __len__(self) -> int:
        return 0 if self._tree is None else _count(0, self._tree)

    def networks(self) -> Iterator[IPv4Network]:
        """The blocks that make it up, from the first address on; one at a time, however many there are."""
        if self._tree is not None:
            yield from _networks(0, self._tree, 0)

    def __contains__(self, address: IPv4Address) -> bool:
        node = self._tree
        for number in address.packed:
            node = next((child for numbers, child in node or () if numbers >> number & 1), None)
        return node is not None


def _networks(level: int, node: _Node, before: int) -> Iterator[IPv4Network]:
    """The blocks below a node; `before` are the octets that lead to it, as a number."""
    pieces: list[tuple[int, int, _Node]] = []
    for numbers, child in node:
        whole = _count(level + 1, child) == 256 ** (OCTETS - 1 - level) if level < OCTETS - 1 else True
        pieces += [(first, size if whole else 1, child) for first, size in _blocks(numbers, together=whole)]
    for first, size, child in sorted(pieces):
        octets = before << 8 | first
        below = 8 * (OCTETS - 1 - level)
        if level == OCTETS - 1 or _count(level + 1, child) == 256 ** (OCTETS - 1 - level):
            yield IPv4Network((octets << below, 8 * (level + 1) - (size.bit_length() - 1)))
        else:
            yield from _networks(level + 1, child, octets)


def _blocks(numbers: int, *, together: bool) -> Iterator[tuple[int, int]]:
    """A set of octets as first and size: aligned powers of two if they may go together, else one by one."""
    number = 0
    while number < 256:  # noqa: PLR2004
        size = 1
        if numbers >> number & 1:
            while together and not number % (2 * size) and _all(numbers, number, 2 * size):
                size *= 2
            yield number, size
        number += size


def _all(numbers: int, first: int, size: int) -> bool:
    mask = (1 << size) - 1
    return first + size <= 256 and numbers >> first & mask == mask  # noqa: PLR2004


def exactly(addresses: Iterable[IPv4Address]) -> Addresses:
    """These addresses."""
    rows = sorted({address.packed for address in addresses})
    return Addresses(_from_rows(rows, 0) if rows else None)


def network(block: IPv4Network) -> Addresses:
    """Every address of a block."""
    node: _Node = ()
    for octet in reversed(range(OCTETS)):
        free = min(max(8 * (octet + 1) - block.prefixlen, 0), 8)
        first = block.network_address.packed[octet]
        node = ((((1 << (1 << free)) - 1) << first, node),)
    return Addresses(node)


@lru_cache(maxsize=4096)
def matching(pattern: str) -> Addresses:
    """The addresses whose dotted text matches: `*` is any run of characters, dots included, `?` exactly one.

    (GuardDuty user guide, filter findings.) Worked out on the text, number by number, with every place of the pattern
    that could have been reached so far; patterns that say nothing about dots are counted right too.
    """
    return Addresses(_matched(pattern, 0, past_stars(pattern, {0})))


def _matched(pattern: str, level: int, states: frozenset[int]) -> _Tree:
    children: dict[_Node, int] = {}
    after: dict[frozenset[int], int] = {}
    for number in range(256):
        reached = states
        for character in f"{number}." if level < OCTETS - 1 else f"{number}":
            reached = _step(pattern, reached, character)
        after[reached] = after.get(reached, 0) | 1 << number
    for reached, numbers in after.items():
        child = _continuation(pattern, level, reached)
        if child is not None:
            children[child] = children.get(child, 0) | numbers
    return _node(children)


def _continuation(pattern: str, level: int, reached: frozenset[int]) -> _Tree:
    if not reached:
        return None
    if level == OCTETS - 1:
        return () if len(pattern) in reached else None
    return _matched(pattern, level + 1, reached)


def _step(pattern: str, states: frozenset[int], character: str) -> frozenset[int]:
    moved = set()
    for state in states:
        if state < len(pattern):
            if pattern[state] == "*":
                moved.add(state)
            elif pattern[state] in {"?", character}:
                moved.add(state + 1)
    return past_stars(pattern, moved)


def _from_rows(rows: Sequence[bytes], level: int) -> _Node:
    if level == OCTETS:
        return ()
    grouped: dict[int, list[bytes]] = {}
    for row in rows:
        grouped.setdefault(row[level], []).append(row)
    children: dict[_Node, int] = {}
    for number, group in grouped.items():
        child = _from_rows(group, level + 1)
        children[child] = children.get(child, 0) | 1 << number
    return tuple(sorted((numbers, child) for child, numbers in children.items()))


@lru_cache(maxsize=65536)
def _combined(operation: _Operation, level: int, one: _Tree, other: _Tree) -> _Tree:
    if one is None or other is None:
        return {"or": one if other is None else other, "and": None, "minus": one}[operation]
    if one == other:
        return None if operation == "minus" else one
    children: dict[_Node, int] = {}
    for numbers, first, second in _refined(one, other):
        child = _combined(operation, level + 1, first, second)
        if child is not None:
            children[child] = children.get(child, 0) | numbers
    return _node(children)


def _refined(one: _Node, other: _Node) -> Iterable[tuple[int, _Tree, _Tree]]:
    """The numbers cut so finely that in each piece both sides go on in one way, or not at all."""
    rest = _EVERY_NUMBER
    for numbers, first in one:
        left = numbers
        for others, second in other:
            if both := numbers & others:
                yield both, first, second
                left &= ~both
        if left:
            yield left, first, None
        rest &= ~numbers
    for others, second in other:
        if alone := others & rest:
            yield alone, None, second


def _node(children: dict[_Node, int]) -> _Tree:
    return tuple(sorted((numbers, child) for child, numbers in children.items())) or None


@lru_cache(maxsize=65536)
def _count(level: int, node: _Node) -> int:
    if level == OCTETS:
        return 1
    return sum(numbers.bit_count() * _count(level + 1, child) for numbers, child in node)


NO_ADDRESS = Addresses()
EVERY_ADDRESS = matching("*")
