"""The weekly digest: what was hidden, by whom, and what could not be seen."""

import copy
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from suppression_review.region import Region
from tests.deployments import SANDBOX_DATA, deployment
from tests.unit.suppression_review.world import HOME, OWN, World, leak

OBSERVED = "203.0.113.40"
FILTER = "sandbox-frankfurt-dc-01"


@pytest.fixture(autouse=True)
def deployed(world: World) -> None:
    data = copy.deepcopy(SANDBOX_DATA)
    data["egress"].append(
        {**data["egress"][0], "name": "watched", "mode": "observe", "cidrs": [OBSERVED], "owner": "partner-it"}
    )
    data["egress"].append({**data["egress"][0], "name": "quiet", "cidrs": ["192.0.2.7"]})
    world.deploy(deployment(data))


def sections(notice: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {one["title"]: {fact["label"]: fact["value"] for fact in one["facts"]} for one in notice["sections"]}


def digest(world: World) -> dict[str, Any]:
    (notice,) = world.review("weekly")
    return notice


def test_the_week_is_told_entry_by_entry(world: World) -> None:
    world.hide(leak(function="payments-api", finding_id="1"))
    world.hide(leak(function="payments-api", finding_id="2"), region="us-east-1")
    world.hide(leak(function="orders-api", finding_id="3", account="444455556666"))
    world.matched(HOME, FILTER, at=world.now - timedelta(days=2), count=5)
    world.matched(HOME, "sandbox-watched-01", at=world.now - timedelta(days=2), count=2)
    notice = digest(world)
    assert notice["subject"] == "Suppression this week: 3 findings hidden"
    assert notice["headline"] == "In the last seven days 3 findings were hidden by 1 egress entry."
    assert notice["to"] == ["security-mail"]
    told = sections(notice)
    assert list(told) == ["frankfurt-dc", "watched", "Nothing matched"]
    first = told["frankfurt-dc"]
    assert first["Hidden"].startswith("3 findings, seen ")
    assert first["Matched"] == "5 by the filters' own count"
    assert first["Accounts"] == "111122223333 (new), 444455556666 (new)"
    assert first["Functions"] == "orders-api, payments-api"
    assert first["Roles"] == "orders-api-role (new), payments-api-role (new)"
    assert first["Regions"] == "eu-west-1, us-east-1"
    assert first["Standing"] == "enforce, network-ops, until 2027-06-30 (219 days)"
    assert told["watched"]["Observed"] == "hides nothing now; findings are sent"
    assert told["watched"]["Matched"] == "2 by the filters' own count"
    assert told["Nothing matched"] == {"quiet": "enforce, network-ops, until 2027-06-30 (219 days)"}


def test_a_role_that_was_seen_before_this_week_is_not_new(world: World) -> None:
    world.hide(leak(function="payments-api"))
    world.review("hourly")
    world.later(days=8)
    world.hide(leak(function="payments-api"))
    world.hide(leak(function="orders-api", finding_id="other"))
    assert sections(digest(world))["frankfurt-dc"]["Roles"] == "orders-api-role (new), payments-api-role"


def test_an_account_that_was_not_seen_before_this_week_is_marked(world: World) -> None:
    world.hide(leak())
    world.review("hourly")
    world.later(days=8)
    world.hide(leak(finding_id="known"))
    world.hide(leak(finding_id="other", account="444455556666"))
    assert sections(digest(world))["frankfurt-dc"]["Accounts"] == "444455556666 (new), 111122223333"


def test_a_new_role_is_not_lost_among_many_known_ones(world: World) -> None:
    for number in range(6):
        world.hide(leak(function=f"job-{number}", finding_id=f"id-{number}"))
    world.review("hourly")
    world.later(days=8)
    for number in range(6):
        world.hide(leak(function=f"job-{number}", finding_id=f"again-{number}"))
    world.hide(leak(function="zoo", finding_id="stranger"))
    roles = sections(digest(world))["frankfurt-dc"]["Roles"]
    assert roles == "zoo-role (new), job-0-role, job-1-role, job-2-role, job-3-role and 2 more"


def test_new_roles_that_are_only_counted_are_counted_as_new(world: World) -> None:
    for number in range(8):
        world.hide(leak(function=f"job-{number}", finding_id=f"id-{number}"))
    assert sections(digest(world))["frankfurt-dc"]["Roles"].endswith("job-4-role (new) and 3 more, 3 of them new")


def test_what_could_not_be_seen_comes_first(world: World) -> None:
    world.refusing["us-east-1"] = "AccessDeniedException"
    world.hide(leak())
    assert next(iter(sections(digest(world)))) == "Could not be looked at"


def test_last_weeks_findings_are_not_told_again(world: World) -> None:
    world.hide(leak(), at=world.now - timedelta(days=8))
    assert digest(world)["subject"] == "Suppression this week: 0 findings hidden"


def test_what_something_else_archived_is_told_apart(world: World) -> None:
    world.hide(leak(address="203.0.113.9"))
    told = sections(digest(world))
    assert told["Archived by something else"]["Addresses"] == "203.0.113.9"
    assert "frankfurt-dc" not in told


def test_what_was_archived_before_there_was_a_filter_is_told_apart(world: World) -> None:
    world.hide(leak(finding_id="sent"), at=world.now - timedelta(days=2))
    world.later(hours=1)
    world.hide(leak(finding_id="hidden", function="orders-api"))
    notice = digest(world)
    assert notice["headline"] == "In the last seven days 1 finding was hidden by 1 egress entry."
    told = sections(notice)
    assert list(told) == ["frankfurt-dc", "Archived by something else", "Nothing matched"]
    assert told["frankfurt-dc"]["Roles"] == "orders-api-role (new)"
    assert told["Archived by something else"] == {
        "Findings": "1 of the same types: by a person or a filter of others, also before ours was made, or by one of "
        "ours that is gone or observes by now",
        "Accounts": "111122223333",
        "Addresses": OWN,
        "Regions": HOME,
    }


def test_a_flood_is_told_although_its_entry_was_set_to_observe_since(world: World) -> None:
    for number in range(3):
        world.hide(leak(finding_id=f"id-{number}"))
    for region in (HOME, "us-east-1"):
        world.remove_filter(region, FILTER)
        world.remove_filter(region, "sandbox-quiet-01")
    data = copy.deepcopy(SANDBOX_DATA)
    data["egress"][0]["mode"] = "observe"
    world.deploy(deployment(data))
    others = sections(digest(world))["Archived by something else"]
    assert others["Findings"] == (
        "3 of the same types: by a person or a filter of others, also before ours was made, or by one of ours that is "
        "gone or observes by now"
    )
    assert others["Addresses"] == OWN


def test_filters_that_archive_without_an_entry_are_named(world: World) -> None:
    world.make_filter(HOME, "scanner-noise", action="ARCHIVE")
    world.make_filter("us-east-1", "scanner-noise", action="ARCHIVE")
    world.make_filter(HOME, "dry-run", action="NOOP")
    assert sections(digest(world))["Filters without an egress entry of this deployment"] == {
        "scanner-noise": "archives in eu-west-1, us-east-1"
    }


def test_a_region_that_cannot_be_seen_is_in_the_headline_and_named(world: World) -> None:
    world.refusing["us-east-1"] = "AccessDeniedException"
    world.hide(leak())
    notice = digest(world)
    assert notice["headline"].endswith("hidden by 1 egress entry, and 1 Region could not be looked at.")
    assert sections(notice)["Could not be looked at"] == {
        "us-east-1": "ListDetectors was refused (AccessDeniedException)"
    }


def test_what_nobody_could_count_is_not_called_nothing(world: World) -> None:
    """In a Region that cannot be seen any entry may have hidden any number."""
    world.refusing["us-east-1"] = "AccessDeniedException"
    world.hide(leak())
    world.matched(HOME, "sandbox-watched-01", at=world.now - timedelta(days=2), count=2)
    told = sections(digest(world))
    assert list(told) == [
        "Could not be looked at", "frankfurt-dc", "watched", "Nothing seen where it could be looked at",
    ]  # fmt: skip
    assert told["frankfurt-dc"]["Matched"] == "not known by the filters' own count"
    assert told["watched"]["Matched"] == "at least 2 by the filters' own count"
    assert told["Nothing seen where it could be looked at"] == {
        "quiet": "enforce, network-ops, until 2027-06-30 (219 days)"
    }


def test_a_count_that_fails_in_one_region_says_nothing_of_entries_that_are_not_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = Region.matches

    def matches(self: Region, **window: Any) -> Mapping[str, int]:
        if self.name == "us-east-1":
            raise EndpointConnectionError(endpoint_url="https://monitoring")
        return counted(self, **window)

    monkeypatch.setattr(Region, "matches", matches)
    for name in ("sandbox-watched-01", "sandbox-quiet-01"):
        world.remove_filter("us-east-1", name)
    world.matched(HOME, "sandbox-watched-01", at=world.now - timedelta(days=2), count=2)
    told = sections(digest(world))
    assert told["watched"]["Matched"] == "2 by the filters' own count"
    assert set(told["Nothing matched"]) == {"quiet"}
    assert set(told["Nothing seen where it could be looked at"]) == {"frankfurt-dc"}


def test_an_entry_that_has_ended_says_so(world: World) -> None:
    world.later(days=230)
    assert "ended on 2027-06-30 and still deployed" in sections(digest(world))["Nothing matched"]["frankfurt-dc"]
    assert "has matched nothing for long" in sections(digest(world))["Nothing matched"]["quiet"]


def test_a_long_list_is_counted(world: World) -> None:
    for number in range(9):
        world.hide(leak(function=f"job-{number}", finding_id=f"id-{number}"))
    assert sections(digest(world))["frankfurt-dc"]["Functions"] == "job-0, job-1, job-2, job-3, job-4 and 4 more"


def test_fails_on_a_review_that_does_not_exist(world: World) -> None:
    with pytest.raises(ValueError, match="review: got 'monthly'; known: hourly, daily, weekly"):
        world.review("monthly")
