"""How near the compiler comes to the best that exhaustive search finds, on instances small enough for it."""

import random
from collections.abc import Iterable
from functools import cache
from ipaddress import IPv4Network
from itertools import combinations, product

import pytest

from infra.suppression import plan_for
from tests.unit.suppression.evaluation import matches

Cells = frozenset[tuple[int, int]]
MOST_CANDIDATES = 13


@cache
def octet_sets() -> tuple[frozenset[int], ...]:
    """All sets that a text of up to three characters matches, and those of `*d*d` and its like."""
    texts = ("".join(characters) for length in (1, 2, 3) for characters in product("0123456789?*", repeat=length))
    found = {frozenset(number for number in range(256) if matches(text, str(number))) for text in texts}
    return tuple(one for one in found if one)


def candidates(wanted: Cells) -> list[Cells]:
    """Every largest set of at least two wanted addresses that one pattern matches; rows times columns."""
    rows: dict[int, set[int]] = {}
    for row, column in wanted:
        rows.setdefault(row, set()).add(column)
    fitting: list[Cells] = []
    for first in octet_sets():
        if first <= rows.keys():
            common = set.intersection(*(rows[row] for row in first))
            fitting += [frozenset(product(first, second)) for second in octet_sets() if second <= common]
    fitting = [one for one in set(fitting) if len(one) > 1]
    return [one for one in fitting if not any(one < other for other in fitting)]


def fewest_filters(total: int, sets: list[Cells]) -> int:
    """The fewest filters, by trying every choice of patterns."""
    best = -(-total // 50)
    for number in range(1, len(sets) + 1):
        patterns = -(-number // 5)
        for chosen in combinations(sets, number) if patterns < best else ():
            rest = total - len(frozenset.union(*chosen))
            best = min(best, patterns + -(-rest // 50))
    return best


def pool_of(cells: Iterable[tuple[int, int]]) -> list[IPv4Network]:
    return [IPv4Network(f"198.51.{row}.{column}") for row, column in cells]


def instance(seed: int) -> Cells:
    """Some blocks and strays in one to three neighbouring /24."""
    numbers = random.Random(seed)  # noqa: S311
    rows = numbers.choice([(100,), (100, 101), (7, 8, 9), tuple(range(100, 110))])
    cells: set[tuple[int, int]] = set()
    for _ in range(numbers.randint(1, 3)):
        size = 1 << numbers.randint(3, 7)
        start = numbers.randrange(256 // size) * size
        chosen = rows if numbers.random() < 0.4 else (numbers.choice(rows),)
        cells |= set(product(chosen, range(start, start + size)))
    cells |= {(numbers.choice(rows), numbers.randrange(256)) for _ in range(numbers.choice([0, 0, 4]))}
    return frozenset(cells)


@pytest.fixture(name="solved", scope="module")
def fixture_solved() -> dict[Cells, int]:
    """Instances that need more than one filter and can be searched, with their best."""
    solved: dict[Cells, int] = {}
    for seed in range(150):
        cells = instance(seed)
        if len(cells) > 50 and len(sets := candidates(cells)) <= MOST_CANDIDATES:
            solved[cells] = fewest_filters(len(cells), sets)
    return solved


def test_filters_are_within_a_tenth_of_the_best(solved: dict[Cells, int]) -> None:
    assert len(solved) >= 40, "too few instances to mean anything"
    assert len(set(solved.values())) > 2, "all alike"
    taken = {cells: plan_for(pool_of(cells)).filters for cells in solved}
    assert all(taken[cells] >= best for cells, best in solved.items()), "better than the best: the search is wrong"
    assert sum(taken.values()) <= 1.1 * sum(solved.values())


def test_what_is_called_the_least_is_never_more_than_the_best(solved: dict[Cells, int]) -> None:
    for cells, best in solved.items():
        assert plan_for(pool_of(cells)).at_least <= best
