"""Another deployment in the same account and Regions: its entries are told by its own review, and never as ours."""

import copy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.deployments import SANDBOX_DATA, deployment
from tests.unit.suppression_review.world import HOME, OWN, World, leak

ITS_OWN = "203.0.113.9"
ITS_FILTER = "sandbox-eu-frankfurt-dc-01"
ITS_END = date(2026, 12, 20)


@pytest.fixture(autouse=True)
def deployed(world: World) -> None:
    """Ours, and one whose prefix begins with ours and whose entry is called like ours."""
    world.deploy(deployment(SANDBOX_DATA))
    data = copy.deepcopy(SANDBOX_DATA) | {"name": "sandbox-eu"}
    data["egress"][0] |= {"owner": "partner-it", "cidrs": [ITS_OWN], "expires": ITS_END}
    world.deploy(deployment(data))


def sections(notice: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {one["title"]: {fact["label"]: fact["value"] for fact in one["facts"]} for one in notice["sections"]}


def test_its_end_is_not_ours(world: World) -> None:
    world.now = datetime(2026, 12, 21, 6, tzinfo=UTC)
    assert world.review("daily") == []
    world.now = datetime(2027, 6, 23, 6, tzinfo=UTC)
    (notice,) = (one for one in world.review("daily") if one["kind"] == "ending")
    assert notice["headline"] == "The egress entry frankfurt-dc of network-ops ends in 7 days (2027-06-30)."
    assert sections(notice) == {
        "Egress entry": {
            "Name": "frankfurt-dc",
            "Owner": "network-ops",
            "Mode": "enforce",
            "Last day": "2027-06-30",
            "Filters": "2 in 2 Regions",
        }
    }


def test_what_it_matches_keeps_no_entry_of_ours_alive(world: World) -> None:
    world.matched(HOME, ITS_FILTER, at=world.now + timedelta(days=40))
    world.later(days=90)
    (notice,) = world.review("daily")
    assert notice["subject"] == "Egress entry frankfurt-dc matches nothing"


def test_a_role_that_it_hides_is_not_told_as_hidden_by_us(world: World) -> None:
    world.hide(leak(address=ITS_OWN))
    assert world.review("hourly") == []
    world.hide(leak(address=OWN, function="orders-api", finding_id="other"))
    (notice,) = world.review("hourly")
    assert notice["subject"] == "Role orders-api-role is new behind frankfurt-dc"
    assert sections(notice)["Egress entry"] == {"Name": "frankfurt-dc", "Owner": "network-ops"}


def test_the_digest_names_its_filter_and_counts_what_it_hid_apart(world: World) -> None:
    world.hide(leak(address=ITS_OWN))
    world.matched(HOME, ITS_FILTER, at=world.now - timedelta(days=2), count=5)
    (notice,) = world.review("weekly")
    assert notice["subject"] == "Suppression this week: 0 findings hidden"
    told = sections(notice)
    assert list(told) == [
        "Archived by something else",
        "Filters without an egress entry of this deployment",
        "Nothing matched",
    ]
    assert told["Archived by something else"]["Addresses"] == ITS_OWN
    assert told["Filters without an egress entry of this deployment"] == {
        ITS_FILTER: "archives in eu-west-1, us-east-1"
    }
    assert told["Nothing matched"] == {"frankfurt-dc": "enforce, network-ops, until 2027-06-30 (219 days)"}
