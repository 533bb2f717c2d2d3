"""A roll-up counts what is held back, and reads back what it wrote."""

import json
from dataclasses import replace

import pytest

from notifier.ledger.rollup import FIRST, REGIONS, RollUp
from notifier.ledger.sight import Sight

EMPTY = RollUp(account="111122223333", type="Recon:EC2/Portscan", began=300.0)


def sight(finding: str = "f1", *, rank: float = 2.0, region: str | None = "eu-west-1") -> Sight:
    return Sight(case="c", finding=finding, rank=rank, severity=f"{rank:.1f}", region=region)


def test_the_first_one_gives_its_severity_even_if_it_is_the_lowest() -> None:
    rollup = EMPTY.with_one_more(sight(rank=0.0))
    assert rollup == replace(
        EMPTY, count=1, rank=0.0, severity="0.0", first=(("f1", "eu-west-1", "0.0"),), regions=("eu-west-1",)
    )


def test_the_highest_severity_is_kept_with_its_figures() -> None:
    rollup = EMPTY.with_one_more(sight(rank=5.0)).with_one_more(sight("f2", rank=2.0))
    assert (rollup.count, rollup.rank, rollup.severity) == (2, 5.0, "5.0")
    rollup = rollup.with_one_more(sight("f3", rank=8.0))
    assert (rollup.count, rollup.rank, rollup.severity) == (3, 8.0, "8.0")


def test_of_two_that_are_as_high_the_first_one_s_words_stay() -> None:
    unknown = replace(sight("f2", rank=10.0), severity="unknown")
    rollup = EMPTY.with_one_more(sight(rank=10.0)).with_one_more(unknown)
    assert (rollup.rank, rollup.severity) == (10.0, "10.0")


def test_one_after_the_count_was_lost_begins_to_count_again() -> None:
    assert replace(EMPTY, count=None).with_one_more(sight()).count == 1


def test_a_few_findings_and_regions_are_named_each_region_once() -> None:
    rollup = EMPTY
    for number in range(20):
        rollup = rollup.with_one_more(sight(f"f{number}", region=f"r{number // 2}" if number else None))
    assert rollup.count == 20
    assert rollup.first == (
        ("f0", "", "2.0"), ("f1", "r0", "2.0"), ("f2", "r1", "2.0"), ("f3", "r1", "2.0"), ("f4", "r2", "2.0"),
    )  # fmt: skip
    assert len(rollup.first) == FIRST
    assert rollup.regions == tuple(f"r{number}" for number in range(REGIONS))
    assert rollup.with_one_more(sight(region="another")).regions == rollup.regions


def test_the_most_severe_are_named_and_what_nobody_can_judge_is_among_them() -> None:
    rollup = EMPTY
    for number, severity in enumerate(["2.0", "8.0", "2.0", "unknown", "5.0", "9.5", "8.0"]):
        rollup = rollup.with_one_more(replace(sight(f"f{number}"), severity=severity))
    assert [name for name, _, _ in rollup.first] == ["f3", "f5", "f1", "f6", "f4"]


def test_each_step_of_its_life_is_one_mark_and_takes_none_back() -> None:
    assert EMPTY.with_ticket() == replace(EMPTY, ticket=True)
    assert EMPTY.with_ticket().as_closed() == replace(EMPTY, ticket=True, closed=True)
    assert EMPTY.as_told() == replace(EMPTY, closed=True, told=True)


def test_what_it_wrote_is_read_back_and_small() -> None:
    rollup = EMPTY.with_one_more(sight()).with_ticket().as_told()
    assert RollUp.parse(rollup.text()) == rollup
    assert rollup.text().startswith('{"version":1,"account":"111122223333",')


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "1",
        "{}",
        json.dumps({**json.loads(EMPTY.text()), "version": 2}),
        json.dumps({**json.loads(EMPTY.text()), "first": None}),
        json.dumps({**json.loads(EMPTY.text()), "first": [["f1", "eu-west-1"]]}),
        json.dumps({**json.loads(EMPTY.text()), "more": 1}),
        json.dumps({name: value for name, value in json.loads(EMPTY.text()).items() if name != "regions"}),
    ],
)
def test_fails_for_whatever_this_version_did_not_write(text: str) -> None:
    with pytest.raises(ValueError, match=r"another version|no roll-up|Expecting value|unpack"):
        RollUp.parse(text)
