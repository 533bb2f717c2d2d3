"""The table of what a wildcard can match within one number of an address."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.suppression.octets import EVERY_NUMBER, largest_within, members, octet_patterns, tightest_around
from tests.unit.suppression.evaluation import matches


def numbers_of(text: str) -> int:
    return sum(1 << number for number in range(256) if matches(text, str(number)))


KNOWN = {pattern.numbers: pattern for pattern in octet_patterns()}


def test_each_pattern_matches_what_the_table_says() -> None:
    for pattern in octet_patterns():
        assert numbers_of(pattern.text) == pattern.numbers, pattern.text
        assert pattern.wildcards == sum(pattern.text.count(wildcard) for wildcard in "*?")


@pytest.mark.parametrize("length", [1, 2, 3])
def test_no_short_pattern_is_missing(length: int) -> None:
    for characters in product("0123456789?*", repeat=length):
        numbers = numbers_of("".join(characters))
        assert not numbers or numbers in KNOWN, characters


@given(text=st.text("0125?*", min_size=4, max_size=7))
def test_no_long_pattern_is_missing(text: str) -> None:
    numbers = numbers_of(text)
    assert not numbers or numbers in KNOWN


@given(wanted=st.sets(st.integers(0, 255), min_size=1))
def test_the_largest_patterns_stand_for_all_others(wanted: set[int]) -> None:
    bits = sum(1 << number for number in wanted)
    largest = largest_within(bits, wildcards=3)
    assert not any(pattern.numbers & ~bits for pattern in largest)
    for pattern in octet_patterns():
        if not pattern.numbers & ~bits:
            assert any(not pattern.numbers & ~other.numbers for other in largest), pattern.text


def test_a_tight_pattern_says_no_more_than_needed() -> None:
    tens = sum(1 << number for number in range(100, 110))
    assert tightest_around(tens, within=numbers_of("10*")).text == "10?"
    assert tightest_around(tens, within=EVERY_NUMBER).text == "10?"


def test_a_tight_pattern_stays_within_what_is_wanted() -> None:
    ten_and_hundred = 1 << 10 | 1 << 100
    assert tightest_around(ten_and_hundred, within=EVERY_NUMBER).text == "1*0"
    assert tightest_around(ten_and_hundred, within=numbers_of("10*")).text == "10*"


def test_members_of_a_set() -> None:
    assert list(members(1 << 255 | 1 << 7 | 1)) == [0, 7, 255]
