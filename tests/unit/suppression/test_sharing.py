"""One value more or less touches few filters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.suppression import AddressPlan, plan_for
from infra.suppression.sharing import shared_out
from tests.unit.suppression.pools import scattered

VALUES = st.lists(st.integers(0, 400).map(str), unique=True, max_size=70)


def changed(before: tuple[tuple[str, ...], ...], after: tuple[tuple[str, ...], ...]) -> int:
    """Filters whose values differ; filters keep their number."""
    return sum(one != other for one, other in zip(before, after, strict=False)) + abs(len(before) - len(after))


@given(values=VALUES, room=st.integers(1, 9))
def test_every_value_has_one_place_and_filters_are_as_few_as_can_be(values: list[str], room: int) -> None:
    shares = shared_out(values, room=room)
    assert sorted(value for share in shares for value in share) == sorted(values)
    assert len(shares) == -(-len(values) // room)
    assert all(len(share) <= room for share in shares)


@given(values=VALUES, room=st.integers(1, 9), randomness=st.randoms(use_true_random=False))
def test_the_order_of_values_does_not_matter(values: list[str], room: int, randomness: object) -> None:
    shuffled = sorted(values, key=lambda _: randomness.random())  # type: ignore[attr-defined]
    assert [set(share) for share in shared_out(values, room=room)] == [
        set(share) for share in shared_out(shuffled, room=room)
    ]


@pytest.mark.parametrize(
    ("number", "average"),
    [
        pytest.param(60, 1.1, id="60-in-2"),
        pytest.param(240, 2.0, id="240-in-5"),
        pytest.param(480, 2.2, id="480-in-10"),
    ],
)
def test_one_more_scattered_address_changes_a_filter_or_two(number: int, average: float) -> None:
    counts = []
    for seed in range(20):
        pool = scattered(number + 1, seed=seed)
        before, after = plan_for(pool[:-1]), plan_for(pool)
        assert (before.matches, after.matches) == ((), ())
        counts.append(changed(before.equals, after.equals))
    assert sum(counts) / len(counts) <= average
    if number == 60:
        assert max(counts) <= 2


def test_an_address_taken_away_undoes_what_adding_it_did() -> None:
    pool = scattered(61)
    before = plan_for(pool[:-1])
    assert before == plan_for([one for one in pool if one != pool[-1]])
    assert isinstance(before, AddressPlan)


def test_who_shares_a_filter_is_the_same_on_every_machine_and_in_every_version() -> None:
    """Another way to share out would make the deployed filters anew, and each for a moment hides nothing."""
    values = [f"203.0.113.{number}" for number in range(12)]
    assert [[value.rpartition(".")[2] for value in some] for some in shared_out(values, room=3)] == [
        ["1", "6", "9"],
        ["3", "7", "11"],
        ["0", "4", "5"],
        ["2", "8", "10"],
    ]
