"""Addresses are counted exactly: against brute force over a whole /16, and against the words of the documentation."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.unit.suppression.evaluation import every_address, hidden, matches
from tools.templates.addresses import EVERY_ADDRESS, NO_ADDRESS, Addresses, exactly, matching, network

AROUND = IPv4Network("198.51.0.0/16")
TEXTS = tuple(every_address(AROUND))
WITHIN = network(AROUND)

ends = st.text("0125*?.", min_size=1, max_size=8)
patterns = st.one_of(ends.map("198.51.{}".format), ends.map("198.5{}".format), ends.map("*{}".format), ends)
addresses = st.lists(st.sampled_from(TEXTS), max_size=20)


@settings(max_examples=60, deadline=None)
@example(pattern="198.51.100.*")
@example(pattern="198.51.1??.?")
@example(pattern="198*100.7")
@example(pattern="*")
@example(pattern="1*1*1")
@given(pattern=patterns)
def test_a_pattern_matches_as_many_addresses_as_brute_force_finds(pattern: str) -> None:
    assert len(matching(pattern) & WITHIN) == len(hidden([{"Matches": [pattern]}], TEXTS))


@settings(max_examples=40, deadline=None)
@given(one=st.lists(patterns, max_size=3), other=st.lists(patterns, max_size=3), exact=addresses)
def test_what_is_added_and_removed_is_counted_as_brute_force_counts(
    one: list[str], other: list[str], exact: list[str]
) -> None:
    old, new = hidden([{"Matches": one}, {"Equals": exact}], TEXTS), hidden([{"Matches": other}], TEXTS)
    before = union(matching, one) | exactly(map(IPv4Address, exact))
    after = union(matching, other)
    assert len((after - before) & WITHIN) == len(new - old)
    assert len((before - after) & WITHIN) == len(old - new)
    assert len((before | after) & WITHIN) == len(old | new)


@given(pattern=patterns, number=st.integers(0, 2**32 - 1))
def test_any_address_is_matched_by_the_words_of_the_documentation(pattern: str, number: int) -> None:
    address = IPv4Address(number)
    assert (address in matching(pattern)) == matches(pattern, str(address))


@settings(max_examples=30, deadline=None)
@given(length=st.integers(16, 32), number=st.integers(0, 2**16 - 1))
def test_a_block_holds_its_addresses_only(length: int, number: int) -> None:
    block = IPv4Network((int(AROUND.network_address) + number, length), strict=False)
    assert network(block) == exactly(block)


@given(exact=addresses)
def test_equal_sets_are_equal_however_they_were_made(exact: list[str]) -> None:
    one_by_one = union(matching, exact)
    assert one_by_one == exactly(map(IPv4Address, exact))
    assert not one_by_one - one_by_one


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ("*", 2**32),
        ("198.51.*", 2**16),
        ("198.51.100.*", 256),
        ("198.51.10?.?", 100),
        # 19, and 190 to 199, as the first number
        ("19*.7", 11 * 2**16),
        ("198.51.100.0/24", 0),
        ("", 0),
    ],
)
def test_wide_patterns_are_counted_without_enumerating(pattern: str, count: int) -> None:
    assert len(matching(pattern)) == count


def test_everything_and_nothing_are_what_they_say() -> None:
    assert len(EVERY_ADDRESS) == 2**32
    assert network(IPv4Network("0.0.0.0/0")) == EVERY_ADDRESS
    assert EVERY_ADDRESS - EVERY_ADDRESS == NO_ADDRESS == exactly([])


def union(make: Callable[[str], Addresses], texts: list[str]) -> Addresses:
    found = NO_ADDRESS
    for text in texts:
        found |= make(text)
    return found
