"""The trusted list, which leaves no trace of anything, at least says when it ends."""

import copy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from suppression_review.trusted import trusted_entries
from tests.deployments import SANDBOX_DATA, deployment
from tests.unit.suppression_review.world import World

END = date(2027, 2, 28)


@pytest.fixture(autouse=True)
def deployed(world: World) -> None:
    data: dict[str, Any] = copy.deepcopy(SANDBOX_DATA)
    data["egress"] = []
    data["trusted_list"] = [
        {
            "name": "scanner",
            "cidrs": ["192.0.2.16/31"],
            "owner": "red-team",
            "reason": "Scans us all day",
            "expires": END,
        },
        {
            "name": "office",
            "cidrs": ["192.0.2.19"],
            "owner": "network-ops",
            "reason": "Branch office",
            "expires": date(2027, 9, 30),
        },
    ]
    world.deploy(deployment(data))
    world.trust(deployment(data))


def on(world: World, *, days_before: int) -> list[dict[str, Any]]:
    world.now = datetime(END.year, END.month, END.day, 6, tzinfo=UTC) - timedelta(days=days_before)
    return world.review("daily")


def test_each_end_is_told_once_for_all_regions(world: World) -> None:
    told = {}
    for days_before in (40, 30, 29, 7, 1, 0, -1, -2):
        if notices := on(world, days_before=days_before):
            (notice,) = notices
            told[days_before] = notice["subject"]
    assert told == {
        30: "Trusted entry scanner ends in 30 days",
        7: "Trusted entry scanner ends in 7 days",
        1: "Trusted entry scanner ends in 1 day",
        0: "Trusted entry scanner ends today",
        -1: "Trusted entry scanner has ended and GuardDuty is still blind to it",
    }


def test_the_notice_says_what_it_costs_and_where(world: World) -> None:
    (notice,) = on(world, days_before=7)
    (section,) = notice["sections"]
    told = {fact["label"]: fact["value"] for fact in section["facts"]}
    assert told["Owner"] == "red-team"
    assert told["Effect"] == "no finding of any type, and no trace"
    assert told["Trusted in"] == "2 Regions"


def test_more_entries_than_a_tag_holds_are_told_as_far_as_it_goes() -> None:
    tags = {"trusted-entries": "a / and 3 more", "owner": "x / and 3 more", "expires": "2027-01-01 / and 3 more"}
    assert [one.name for one in trusted_entries(tags)] == ["a"]
    assert trusted_entries({}) == ()


def test_an_owner_whose_name_looks_like_two_answers_with_the_others() -> None:
    tags = {"trusted-entries": "a / b", "owner": "ops / night / red-team", "expires": "2027-01-01 / 2027-02-01"}
    assert {one.owner for one in trusted_entries(tags)} == {"ops / night / red-team"}


def test_owners_that_are_only_counted_are_nobodys_name() -> None:
    tags = {"trusted-entries": "a / b", "owner": "night-shift / and 1 more", "expires": "2027-01-01 / 2027-02-01"}
    assert {one.owner for one in trusted_entries(tags)} == {"night-shift / and 1 more"}
