"""A role that is hidden behind an egress entry for the first time is told, once, whatever the Region."""

import copy
from datetime import timedelta
from typing import Any

import boto3
import pytest

from suppression_review import new_pairs
from suppression_review.notice import NoticeRefused
from suppression_review.sight import RegionsUnseen
from tests.deployments import SANDBOX_DATA, deployment
from tests.unit.suppression_review.world import HOME, OWN, World, leak

OTHER_REGION = "us-east-1"


@pytest.fixture(autouse=True)
def deployed(world: World) -> None:
    world.deploy(deployment(SANDBOX_DATA))


def test_a_new_role_is_told_with_everything_a_person_asks_for(world: World) -> None:
    world.hide(leak(function="payments-api"))
    (notice,) = world.review("hourly")
    assert (notice["kind"], notice["to"]) == ("new-pair", ["security-mail"])
    assert notice["headline"] == (
        "A finding about credentials of the role payments-api-role, used from the egress addresses of frankfurt-dc, "
        "was hidden for the first time."
    )
    told = {fact["label"]: fact["value"] for section in notice["sections"] for fact in section["facts"]}
    assert told["Account"] == "111122223333"
    assert told["Functions"] == "payments-api"
    assert told["Addresses"] == OWN
    assert told["Regions"] == HOME
    assert told["Access keys"].startswith("ASIA")
    assert told["Owner"] == "network-ops"
    assert notice["notes"][0] == "Nothing of the account 111122223333 was hidden behind frankfurt-dc before."
    assert (notice["accountId"], notice["region"]) == ("111122223333", HOME)


def test_the_same_role_is_told_once_also_from_another_region_and_key(world: World) -> None:
    world.hide(leak())
    assert len(world.review("hourly")) == 1
    world.later(hours=1)
    world.hide(leak(finding_id="other"), region=OTHER_REGION)
    assert world.review("hourly") == []


def test_two_regions_in_one_look_are_one_notice(world: World) -> None:
    world.hide(leak())
    world.hide(leak(finding_id="other"), region=OTHER_REGION)
    (notice,) = world.review("hourly")
    regions = [fact["value"] for one in notice["sections"] for fact in one["facts"] if fact["label"] == "Regions"]
    assert regions == [f"{HOME}, {OTHER_REGION}"]


def test_the_notice_leads_to_the_latest_finding_whatever_the_order_of_regions(world: World) -> None:
    late, early = leak(), leak(finding_id="other")
    for event, day in ((late, "22"), (early, "21")):
        event["detail"]["service"]["eventLastSeen"] = f"2026-11-{day}T05:00:00.000Z"
    world.hide(late, region=HOME)
    world.hide(early, region=OTHER_REGION)
    (notice,) = world.review("hourly")
    assert (notice["region"], notice["findingId"]) == (HOME, late["detail"]["id"])


def test_a_known_account_is_not_called_new(world: World) -> None:
    world.hide(leak(function="payments-api"))
    world.review("hourly")
    world.later(hours=1)
    world.hide(leak(function="orders-api", finding_id="other"))
    (notice,) = world.review("hourly")
    assert not any("was hidden behind" in note for note in notice["notes"])


def test_a_finding_that_no_filter_of_ours_hides_is_not_told(world: World) -> None:
    world.hide(leak(address="198.51.100.16"))  # beside the /28
    world.hide(leak(finding_id="typed"), type="Recon:IAMUser/TorIPCaller")
    assert world.review("hourly") == []


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (timedelta(days=20), []),
        (timedelta(minutes=6), []),
        (timedelta(minutes=4), ["Role payments-api-role is new behind frankfurt-dc"]),
        (timedelta(0), ["Role payments-api-role is new behind frankfurt-dc"]),
        (timedelta(minutes=-1), ["Role payments-api-role is new behind frankfurt-dc"]),
    ],
)
def test_what_a_person_archived_before_there_was_a_filter_is_hidden_by_none(
    world: World, before: timedelta, told: list[str]
) -> None:
    """It was sent, unless the filter came before GuardDuty had done that."""
    world.hide(leak(), at=world.now - before)
    world.later(hours=1)
    assert [notice["subject"] for notice in world.review("hourly")] == told


def test_a_role_whose_finding_was_sent_before_there_was_a_filter_is_new_once_it_is_hidden(world: World) -> None:
    world.hide(leak(), at=world.now - timedelta(days=2))
    assert world.review("hourly") == []
    world.later(hours=3)
    # GuardDuty counts the finding again, and the filter archives it.
    world.hide(leak())
    (notice,) = world.review("hourly")
    assert notice["notes"][0] == "Nothing of the account 111122223333 was hidden behind frankfurt-dc before."


def test_many_at_once_are_one_notice(world: World) -> None:
    for number in range(7):
        world.hide(leak(function=f"job-{number}", finding_id=f"id-{number}"))
    (notice,) = world.review("hourly")
    assert notice["subject"] == "7 roles are new behind egress addresses"
    assert notice["headline"] == (
        "Findings about credentials of 7 roles, used from egress addresses, were hidden for the first time."
    )
    (section,) = notice["sections"]
    assert [fact["label"] for fact in section["facts"]] == [f"job-{number}-role" for number in range(7)]


def hide_many(world: World, number: int, *, region: str = HOME) -> list[str]:
    """Hide findings of so many roles; returns the roles."""
    names = [f"job-{one:03}" for one in range(number)]
    for name in names:
        world.hide(leak(function=name, finding_id=f"{region}-{name}"), region=region)
    return [f"{name}-role" for name in names]


def named(notices: list[dict[str, Any]]) -> list[str]:
    """The roles that notices about many name, in their order."""
    return [fact["label"] for notice in notices for section in notice["sections"] for fact in section["facts"]]


def looked_until(world: World) -> dict[str, str]:
    """How far the review knows to have looked, by Region."""
    items = boto3.client("dynamodb", world.settings.regions[0]).scan(TableName="memory")["Items"]
    return {item["Key"]["S"].removeprefix("looked-until/"): item["Until"]["S"] for item in items if "Until" in item}


def test_every_role_of_many_is_named_in_one_of_several_notices(world: World) -> None:
    roles = hide_many(world, 45)
    notices = world.review("hourly")
    hidden = "Findings about credentials of 45 roles, used from egress addresses, were hidden for the first time"
    assert [(notice["subject"], notice["headline"], notice["notes"][:-1]) for notice in notices] == [
        (
            "45 roles are new behind egress addresses (1 to 20)",
            f"{hidden} (1 to 20).",
            ["25 roles still to come, in the next notices."],
        ),
        (
            "45 roles are new behind egress addresses (21 to 40)",
            f"{hidden} (21 to 40).",
            ["5 roles still to come, in the next notices."],
        ),
        ("45 roles are new behind egress addresses (41 to 45)", f"{hidden} (41 to 45).", []),
    ]
    assert [section["title"] for notice in notices for section in notice["sections"]] == [
        "frankfurt-dc (owner network-ops)"
    ] * 3
    assert notices[2]["sections"][0]["facts"][4] == {
        "label": "job-044-role",
        "value": "account 111122223333 (new), job-044",
    }
    assert named(notices) == roles
    world.later(hours=1)
    assert world.review("hourly") == []


def test_roles_beyond_the_notices_of_one_look_are_told_by_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(new_pairs, "AT_ONCE", 2)
    world.review("hourly")
    before = world.now.isoformat()
    world.later(hours=1)
    roles = hide_many(world, 50)
    first = world.review("hourly")
    assert [notice["notes"][0] for notice in first] == [
        "30 roles still to come, in the next notices; the last 10 of them with the next look, within the hour.",
        "10 roles still to come: the next look names them, within the hour.",
    ]
    # Only the Region with roles that were not told is looked at again from there.
    assert looked_until(world) == {HOME: before, OTHER_REGION: world.now.isoformat()}
    world.later(hours=1)
    second = world.review("hourly")
    assert [notice["subject"] for notice in second] == ["10 roles are new behind egress addresses"]
    assert named(first + second) == roles
    assert looked_until(world) == dict.fromkeys((HOME, OTHER_REGION), world.now.isoformat())
    world.later(hours=1)
    assert world.review("hourly") == []


def test_the_first_look_is_not_over_before_everybody_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new_pairs, "AT_ONCE", 1)
    roles = hide_many(world, 25)
    first = world.review("hourly")
    assert looked_until(world) == {OTHER_REGION: world.now.isoformat()}
    world.later(days=20)
    second = world.review("hourly")
    assert [one["subject"].partition(" is new")[0] for one in second] == [f"Role {role}" for role in roles[20:]]
    assert named(first) == roles[:20]


def test_who_has_waited_longest_is_told_first(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else somebody who makes others all the time would never be named."""
    monkeypatch.setattr(new_pairs, "AT_ONCE", 1)
    hide_many(world, 25)
    early = leak(function="zoo", finding_id="early")
    early["detail"]["service"]["eventFirstSeen"] = "2026-11-01T00:00:00.000Z"
    world.hide(early)
    assert named(world.review("hourly"))[-1] == "zoo-role"


def test_of_several_notices_only_those_that_the_bus_took_are_told(world: World) -> None:
    roles = hide_many(world, 45)
    world.bus_takes = 1
    with pytest.raises(NoticeRefused, match="did not take a notice of kind new-pair"):
        world.review("hourly")
    assert named(world.told) == roles[:20]
    assert looked_until(world) == {}
    world.bus_takes = None
    world.later(hours=1)
    again = world.review("hourly")
    assert [notice["subject"] for notice in again] == [
        "25 roles are new behind egress addresses (1 to 20)",
        "25 roles are new behind egress addresses (21 to 25)",
    ]
    assert named(again) == roles[20:]


def test_what_came_late_into_the_list_is_still_found(world: World) -> None:
    world.later(hours=1)
    world.review("hourly")
    late = world.now - timedelta(minutes=20)
    world.later(hours=1)
    world.hide(leak(), at=late)
    assert len(world.review("hourly")) == 1


def test_the_first_look_reads_all_that_guardduty_keeps_and_the_next_only_what_is_new(world: World) -> None:
    world.later(days=89)
    world.hide(leak(), at=world.now - timedelta(days=80))
    assert len(world.review("hourly")) == 1
    world.later(hours=1)
    world.calls.clear()
    world.review("hourly")
    assert not any(path.endswith("findings/get") for _, path in world.calls)


def test_more_findings_than_a_page_are_all_read(world: World) -> None:
    for number in range(120):
        world.hide(leak(function="one" if number < 119 else "last", finding_id=f"id-{number:03}"))
    notices = world.review("hourly")
    assert {notice["subject"] for notice in notices} == {
        "Role one-role is new behind frankfurt-dc",
        "Role last-role is new behind frankfurt-dc",
    }


def test_a_region_that_cannot_be_read_holds_up_no_other_and_is_an_error(world: World) -> None:
    world.refusing[OTHER_REGION] = "AccessDeniedException"
    world.hide(leak())
    with pytest.raises(RegionsUnseen, match=r"us-east-1: ListDetectors was refused \(AccessDeniedException\)"):
        world.review("hourly")
    assert len(world.told) == 1


def test_a_region_that_could_not_be_read_is_read_from_where_it_was_left(world: World) -> None:
    world.review("hourly")
    world.refusing[OTHER_REGION] = "TooManyRequestsException"
    world.later(hours=1)
    # Longer ago than looks overlap: else the next look would see it whatever is remembered of this one.
    world.hide(leak(), region=OTHER_REGION, at=world.now - timedelta(minutes=50))
    with pytest.raises(RegionsUnseen, match="TooManyRequestsException"):
        world.review("hourly")
    world.later(hours=30)
    world.refusing.clear()
    assert len(world.review("hourly")) == 1


def test_an_observing_entry_hides_nothing_and_is_not_told(world: World) -> None:
    data = copy.deepcopy(SANDBOX_DATA)
    data["egress"] = [{**data["egress"][0], "name": "watched", "mode": "observe", "cidrs": ["203.0.113.0/24"]}]
    world.deploy(deployment(data))
    # A person archived it: no filter of ours did.
    world.hide(leak(address="203.0.113.9"))
    assert world.review("hourly") == []


def test_nothing_is_remembered_as_told_when_the_bus_refused_it(world: World) -> None:
    world.hide(leak())
    world.bus_refuses = True
    with pytest.raises(NoticeRefused, match="bus sandbox-findings did not take a notice of kind new-pair: Internal"):
        world.review("hourly")
    assert boto3.client("dynamodb", HOME).scan(TableName="memory")["Items"] == []
    world.bus_refuses = False
    assert len(world.review("hourly")) == 1


def test_what_is_seen_every_day_is_not_forgotten_after_a_year(world: World) -> None:
    world.hide(leak())
    world.review("hourly")
    table = boto3.client("dynamodb", HOME)
    first = {item["Key"]["S"]: item for item in table.scan(TableName="memory")["Items"]}
    world.later(days=30)
    world.hide(leak())
    assert world.review("hourly") == []
    second = {item["Key"]["S"]: item for item in table.scan(TableName="memory")["Items"]}
    (pair,) = [key for key in first if key.startswith("pair/")]
    assert second[pair]["FirstSeen"] == first[pair]["FirstSeen"]
    assert int(second[pair]["ExpiresAt"]["N"]) == int(first[pair]["ExpiresAt"]["N"]) + 30 * 86400


def test_a_role_that_was_made_anew_is_another_one(world: World) -> None:
    world.hide(leak())
    world.review("hourly")
    world.later(hours=1)
    again: Any = leak(finding_id="other")
    again["detail"]["resource"]["accessKeyDetails"]["principalId"] = "AROAANOTHER:payments-api"
    world.hide(again)
    assert len(world.review("hourly")) == 1
