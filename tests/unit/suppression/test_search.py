"""The search for a cover finds what taking the largest first misses, and says whether it has seen everything."""

from itertools import count

import pytest

from infra.suppression.blocks import AddressPattern, Block
from infra.suppression.octets import OctetPattern, literal
from infra.suppression.search import MOST_PATTERNS, MOST_STEPS, covering

BLOCK = Block("203.0.", "", {113: (1 << 60) - 1})


def pattern(*numbers: int) -> AddressPattern:
    """A pattern of these addresses, whatever its text would be."""
    columns = OctetPattern(text="?", wildcards=1, numbers=sum(1 << number for number in numbers))
    return AddressPattern(BLOCK, literal(113), columns)


LARGEST, LEFT, RIGHT = pattern(0, 1, 2, 3), pattern(0, 1, 4), pattern(2, 3, 5)
ALIKE = [pattern(0, 1) for _ in range(MOST_PATTERNS + 1)]
"""Two of them might match four addresses for all that their sizes say, so each pair is tried."""


def test_two_that_match_more_together_than_with_the_largest_are_found() -> None:
    found, complete = covering([LARGEST, LEFT, RIGHT], [(2, 6)])
    assert set(found) == {LEFT, RIGHT}
    assert not complete


def test_what_no_two_match_is_not_found_and_that_is_certain() -> None:
    assert covering([LARGEST, LEFT, RIGHT], [(2, 7)]) == ([], True)
    assert covering([], [(2, 7)]) == ([], True)


@pytest.mark.parametrize(
    ("most", "needed", "numbers"),
    [
        pytest.param(1, 4, [(0, 1, 2, 3)], id="one-that-matches-exactly-enough"),
        pytest.param(2, 7, [(0, 1, 2, 3), (4, 5, 6)], id="two-that-match-exactly-enough"),
        pytest.param(3, 9, [(0, 1, 2, 3), (4, 5, 6), (7, 8)], id="three"),
        pytest.param(4, 10, [(0, 1, 2, 3), (4, 5, 6), (7, 8), (9,)], id="four"),
    ],
)
def test_as_many_as_are_needed_are_taken_the_largest_first(
    most: int, needed: int, numbers: list[tuple[int, ...]]
) -> None:
    patterns = [pattern(*some) for some in numbers]
    assert covering(reversed(patterns), [(most, needed)])[0] == patterns


def test_the_second_wish_is_tried_when_the_first_cannot_be_had() -> None:
    assert covering([LARGEST, LEFT, RIGHT], [(1, 5), (2, 6)])[0] != []
    assert covering([LARGEST, LEFT, RIGHT], [(1, 5), (1, 4)])[0] == [LARGEST]


def test_a_pattern_is_not_taken_twice() -> None:
    assert covering([pattern(0, 1), pattern(1, 2)], [(2, 4)]) == ([], True)
    assert covering([pattern(0, 1, 2), pattern(3, 4), pattern(3, 5)], [(3, 6)])[0] != []


def test_of_more_candidates_than_the_limit_none_is_tried_and_the_rest_is_not_even_made() -> None:
    assert covering(ALIKE, [(1, 2)]) == ([], False)
    assert covering(ALIKE[:MOST_PATTERNS], [(1, 2)]) == ([ALIKE[0]], False)
    assert covering((pattern(number % 50, 51) for number in count()), [(1, 2)]) == ([], False)


def test_a_search_that_reaches_its_limit_is_not_complete_and_one_step_less_is() -> None:
    """Each pair of the first with another is a step, and so is the beginning: as many as there are patterns."""
    half = MOST_STEPS // 2
    assert covering(ALIKE[:half], [(2, 4), (2, 4)]) == ([], False)
    assert covering(ALIKE[: half - 1], [(2, 4), (2, 4), (1, 50)]) == ([], True)
