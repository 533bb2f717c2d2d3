"""Wildcard patterns for one number of an address, and which numbers each of them matches."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from operator import or_

NUMBERS = 256
"""Numbers an octet can hold; a set of them is an int here, in which bit n stands for the number n."""

EVERY_NUMBER = (1 << NUMBERS) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OctetPattern:
    """A pattern for the decimal text of one octet.

    Attributes:
        text: Digits, `?` for exactly one character, `*` for any run of them, also none.
        wildcards: How many of the characters are wildcards.
        numbers: The numbers from 0 to 255 whose text it matches, as bits.
    """

    text: str
    wildcards: int
    numbers: int


@cache
def octet_patterns() -> tuple[OctetPattern, ...]:
    """Every set of numbers that one pattern can match, each with its plainest pattern; the largest sets first.

    Complete: a pattern that matches a number is that number with digits replaced, left out or surrounded by wildcards,
    and numbers have at most three digits.
    """
    matched: dict[str, int] = {}
    for number in range(NUMBERS):
        for text in _patterns_for(str(number)):
            matched[text] = matched.get(text, 0) | 1 << number
    plainest: dict[int, OctetPattern] = {}
    for text in sorted(matched, key=_plainness):
        numbers = matched[text]
        plainest.setdefault(numbers, OctetPattern(text=text, wildcards=_plainness(text)[0], numbers=numbers))
    return tuple(sorted(plainest.values(), key=lambda one: (-one.numbers.bit_count(), _plainness(one.text))))


@cache
def patterns_of_several(at_most: int) -> tuple[OctetPattern, ...]:
    """Patterns that match at least two numbers and at most so many."""
    return tuple(one for one in octet_patterns() if 1 < one.numbers.bit_count() <= at_most)


@lru_cache(maxsize=4096)
def largest_within(wanted: int, *, wildcards: int) -> tuple[OctetPattern, ...]:
    """Patterns that match nothing but wanted numbers, without those that another one makes superfluous.

    Args:
        wanted: Numbers as bits.
        wildcards: Most wildcards that a pattern may have.
    """
    largest: list[OctetPattern] = []
    unwanted = EVERY_NUMBER & ~wanted
    for pattern in patterns_of_several(wanted.bit_count()):
        if pattern.numbers & unwanted or pattern.wildcards > wildcards:
            continue
        if all(pattern.numbers & ~other.numbers for other in largest):
            largest.append(pattern)
    matched = reduce(or_, (pattern.numbers for pattern in largest), 0)
    return (*largest, *map(literal, members(wanted & ~matched)))


@lru_cache(maxsize=4096)
def tightest_around(needed: int, *, within: int) -> OctetPattern:
    """The pattern that matches all needed numbers and as few others as possible, none of them outside `within`."""
    outside = EVERY_NUMBER & ~within
    return min(
        (one for one in octet_patterns() if not needed & ~one.numbers and not one.numbers & outside),
        key=lambda one: (one.numbers.bit_count(), _plainness(one.text)),
    )


@cache
def literal(number: int) -> OctetPattern:
    """The pattern that matches this number only."""
    return OctetPattern(text=str(number), wildcards=0, numbers=1 << number)


def members(numbers: int) -> Iterator[int]:
    """The numbers of a set, from the smallest."""
    while numbers:
        lowest = numbers & -numbers
        yield lowest.bit_length() - 1
        numbers ^= lowest


@cache
def _patterns_for(digits: str) -> frozenset[str]:
    """All patterns that match these digits, written without neighbouring stars."""
    if not digits:
        return frozenset({"", "*"})
    rest = _patterns_for(digits[1:])
    spelt = {first + other for first in (digits[0], "?") for other in rest}
    swallowed = {"*" + other.removeprefix("*") for other in rest}
    return frozenset(spelt | {"*" + other for other in spelt} | swallowed)


def _plainness(text: str) -> tuple[int, int, str]:
    """Fewest wildcards first; `?` before `*`, since it says how many characters there are."""
    stars = text.count("*")
    return stars + text.count("?"), stars, text
