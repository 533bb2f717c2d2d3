"""An end date speaks by itself: 30, 7 and 1 days before, on the day, and after it."""

import copy
import logging
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any, NoReturn

import boto3
import pytest

from suppression_review.notice import NoticeRefused
from suppression_review.region import Region, Unreadable
from suppression_review.sight import RegionsUnseen
from tests.deployments import SANDBOX_DATA, deployment
from tests.unit.suppression_review.world import HOME, World

END = date(2027, 6, 30)
FILTER = "sandbox-frankfurt-dc-01"


@pytest.fixture(autouse=True)
def deployed(world: World) -> None:
    world.deploy(deployment(SANDBOX_DATA))
    for region in (HOME, "us-east-1"):
        # Used until the end, so that nothing is stale.
        for weeks in range(0, 60, 8):
            world.matched(region, FILTER, at=world.now + timedelta(weeks=weeks))


def on(world: World, *, days_before: int) -> list[dict[str, Any]]:
    world.now = (
        datetime.combine(END, datetime.min.time(), tzinfo=UTC) - timedelta(days=days_before) + timedelta(hours=6)
    )
    return world.review("daily")


def test_the_owner_is_told_at_each_threshold_and_once(world: World) -> None:
    told = {}
    for days_before in range(40, -4, -1):
        if notices := on(world, days_before=days_before):
            (notice,) = notices
            told[days_before] = notice["subject"]
    assert told == {
        30: "Egress entry frankfurt-dc ends in 30 days",
        7: "Egress entry frankfurt-dc ends in 7 days",
        1: "Egress entry frankfurt-dc ends in 1 day",
        0: "Egress entry frankfurt-dc ends today",
        -1: "Egress entry frankfurt-dc has ended and still hides findings",
    }


def test_the_notice_says_who_what_and_what_to_do(world: World) -> None:
    (notice,) = on(world, days_before=7)
    assert notice["headline"] == "The egress entry frankfurt-dc of network-ops ends in 7 days (2027-06-30)."
    assert notice["steps"][0].startswith("network-ops: are these addresses still yours")
    assert notice["to"] == ["security-mail"]


def test_a_day_that_was_missed_is_caught_up(world: World) -> None:
    on(world, days_before=31)
    (notice,) = on(world, days_before=5)
    assert notice["subject"] == "Egress entry frankfurt-dc ends in 5 days"
    assert on(world, days_before=4) == []


def test_a_renewed_entry_begins_anew(world: World) -> None:
    on(world, days_before=7)
    for region in (HOME, "us-east-1"):
        world.remove_filter(region, FILTER)
    data = copy.deepcopy(SANDBOX_DATA)
    data["egress"][0]["expires"] = date(2027, 7, 7)
    world.deploy(deployment(data))
    (notice,) = on(world, days_before=0)
    assert notice["subject"] == "Egress entry frankfurt-dc ends in 7 days"


def test_the_owners_own_destination_is_told(world: World) -> None:
    data = copy.deepcopy(SANDBOX_DATA)
    data["destinations"].append({"name": "network-mail", "kind": "sns", "emails": ["network@example.com"]})
    data["egress"].append(
        {**data["egress"][0], "name": "lab", "cidrs": ["192.0.2.7"], "notify": ["network-mail"], "expires": END}
    )
    data["egress"].append(
        # A destination that the Response stack has lost: somebody else must hear of it.
        {**data["egress"][0], "name": "old", "cidrs": ["192.0.2.9"], "notify": ["security-slack"], "expires": END}
    )
    for region in (HOME, "us-east-1"):
        world.remove_filter(region, FILTER)
    world.deploy(deployment(data))
    told = {
        notice["headline"].split()[3]: notice["to"] for notice in on(world, days_before=7) if notice["kind"] == "ending"
    }
    assert told == {"frankfurt-dc": ["security-mail"], "lab": ["network-mail"], "old": ["security-mail"]}


def test_entries_that_have_ended_are_counted_for_the_alarm(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "suppression_review")
    for days_before, ended in ((0, 0), (-1, 1), (-9, 1)):
        caplog.clear()
        on(world, days_before=days_before)
        assert [vars(record)["ended_entries"] for record in caplog.records if "ended_entries" in vars(record)] == [
            ended
        ]


@pytest.mark.parametrize(
    ("days_before", "refusing", "counted"),
    [
        (0, ("us-east-1",), []),
        (-1, (HOME, "us-east-1"), []),
        (-1, ("us-east-1",), [1]),
        (-1, (HOME,), [1]),
    ],
)
def test_nothing_has_ended_only_if_every_region_says_so(
    world: World, caplog: pytest.LogCaptureFixture, days_before: int, refusing: tuple[str, ...], counted: list[int]
) -> None:
    """A 0 would end the alarm on an entry that hides on where nobody could look; one that was seen is enough for it."""
    caplog.set_level(logging.INFO, "suppression_review")
    for region in refusing:
        world.refusing[region] = "AccessDeniedException"
    with pytest.raises(RegionsUnseen):
        on(world, days_before=days_before)
    assert [vars(record)["ended_entries"] for record in caplog.records if "ended_entries" in vars(record)] == counted


def test_an_entry_that_matches_nothing_is_told_once_and_counted(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "suppression_review")
    data = copy.deepcopy(SANDBOX_DATA)
    data["egress"] = [{**data["egress"][0], "name": "unused", "cidrs": ["192.0.2.7"]}]
    world.deploy(deployment(data))
    world.later(days=89)
    assert world.review("daily") == []
    world.later(days=1)
    (notice,) = world.review("daily")
    assert notice["headline"] == (
        "No filter of the egress entry unused has matched a finding for 90 days, in no Region."
    )
    world.later(days=1)
    assert world.review("daily") == []
    counts = [vars(record)["stale_entries"] for record in caplog.records if "stale_entries" in vars(record)]
    assert counts == [0, 1, 1]


def stale_days(world: World, *days: int) -> list[int]:
    """Run the daily review on these days; returns those on which it told of an entry that matches nothing."""
    start, told = world.now, []
    for day in days:
        world.now = start + timedelta(days=day)
        with suppress(RegionsUnseen):
            world.review("daily")
        told += [day for notice in world.told if notice["subject"] == "Egress entry unused matches nothing"]
    return told


@pytest.fixture
def unused(world: World) -> None:
    """An entry with an end that is far away, so that only matches make a difference."""
    data = copy.deepcopy(SANDBOX_DATA)
    data["egress"] = [{**data["egress"][0], "name": "unused", "cidrs": ["192.0.2.7"], "expires": date(2027, 12, 1)}]
    world.deploy(deployment(data))


@pytest.mark.usefixtures("unused")
@pytest.mark.parametrize("region", [HOME, "us-east-1"])
def test_an_entry_that_matched_and_then_nothing_again_is_told_again(world: World, region: str) -> None:
    world.matched(region, "sandbox-unused-01", at=world.now + timedelta(days=120))
    assert stale_days(world, 89, 90, 91, 119, 121, 122, 209, 210, 211, 212, 250) == [90, 211]


@pytest.mark.usefixtures("unused")
def test_an_entry_that_never_matched_is_told_once(world: World) -> None:
    assert stale_days(world, 90, 91, 150, 210, 300) == [90]


@pytest.mark.usefixtures("unused")
def test_a_match_counts_although_another_region_could_not_be_read(world: World) -> None:
    """Its day may be the last one on which it is still in the period."""
    world.matched(HOME, "sandbox-unused-01", at=world.now + timedelta(days=120))
    assert stale_days(world, 90, 119) == [90]
    world.now += timedelta(days=2)
    world.refusing["us-east-1"] = "AccessDeniedException"
    assert stale_days(world, 0) == []
    world.refusing.clear()
    assert stale_days(world, 99) == [99]


@pytest.mark.usefixtures("unused")
def test_what_is_forgotten_goes_by_itself(world: World) -> None:
    """The function is not allowed to delete."""
    key = "stale/unused/2027-12-01"
    world.matched(HOME, "sandbox-unused-01", at=world.now + timedelta(days=120))
    stale_days(world, 90, 121)
    table = boto3.client("dynamodb", HOME)
    assert {item["Key"]["S"]: item for item in table.scan(TableName="memory")["Items"]}[key] == {
        "Key": {"S": key},
        "ExpiresAt": {"N": str(int(world.now.timestamp()))},
    }


def test_a_match_in_any_one_region_keeps_an_entry_alive(world: World) -> None:
    data = copy.deepcopy(SANDBOX_DATA)
    data["egress"] = [{**data["egress"][0], "name": "unused", "cidrs": ["192.0.2.7"]}]
    world.deploy(deployment(data))
    world.matched("us-east-1", "sandbox-unused-01", at=world.now + timedelta(days=40))
    world.later(days=100)
    assert world.review("daily") == []


def test_what_cannot_be_seen_is_not_called_stale(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "suppression_review")
    data = copy.deepcopy(SANDBOX_DATA)
    data["egress"] = [{**data["egress"][0], "name": "unused", "cidrs": ["192.0.2.7"]}]
    world.deploy(deployment(data))
    world.later(days=100)
    world.refusing["us-east-1"] = "AccessDeniedException"
    with pytest.raises(RegionsUnseen, match="us-east-1"):
        world.review("daily")
    assert world.told == []
    assert not any("stale_entries" in vars(record) for record in caplog.records)


@pytest.mark.parametrize("review", ["daily", "weekly"])
def test_nobody_waits_twice_for_a_region_that_does_not_answer(world: World, review: str) -> None:
    world.refusing["us-east-1"] = "TooManyRequestsException"
    with suppress(RegionsUnseen):
        world.review(review)
    # once; the client itself asks twice
    assert len([region for region, _ in world.calls if region == "us-east-1"]) == 2


def test_an_end_that_the_bus_refused_is_told_by_the_next_review(world: World) -> None:
    world.bus_refuses = True
    with pytest.raises(NoticeRefused, match="did not take a notice of kind ending"):
        on(world, days_before=7)
    world.bus_refuses = False
    (notice,) = on(world, days_before=6)
    assert notice["subject"] == "Egress entry frankfurt-dc ends in 6 days"


@pytest.mark.parametrize("part", ["matches", "trusted"])
def test_what_cannot_be_read_of_a_region_that_answers_is_an_error_too(
    world: World, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    def unread(*_: object, **__: object) -> NoReturn:
        raise Unreadable("nothing came")

    monkeypatch.setattr(Region, part, property(unread) if part == "trusted" else unread)
    with pytest.raises(RegionsUnseen, match="nothing came"):
        world.review("daily")
