"""A Region that every account has to enable itself: most of an organization never does, and that is no failure."""

import logging
from typing import Any

import pytest

from organization.enrolment import STANDSTILL_SECONDS
from tests.unit.organization.world import MANAGEMENT, SECURITY, World, accounts, delegated

ZURICH = "eu-central-2"
WITHOUT, WITH = "200000000000", "200000000001"
RESOURCES = ("GuardDutyOrganization", "DetectiveOrganization")


def world(count: int = 3) -> World:
    return delegated(World(states=accounts(count), not_enabled={(WITHOUT, ZURICH)}), ZURICH)


def ask(of: World, resource: str, **properties: Any) -> dict[str, Any]:
    return of.ask("Create", resource, ZURICH, **{"Enroll": "all", "OptIn": "true", **properties})


def service(of: World, resource: str) -> Any:
    return of.guardduty if resource.startswith("GuardDuty") else of.detective


def left_out(caplog: pytest.LogCaptureFixture) -> dict[str, str]:
    (record,) = [vars(one) for one in caplog.records if hasattr(one, "left_out_accounts")]
    assert record["left_out_accounts"] == len(record["accounts"])
    assert ZURICH in record["where"]
    found: dict[str, str] = record["accounts"]
    return found


@pytest.mark.parametrize(
    ("resource", "of_disabled", "says", "waits"),
    [
        pytest.param(*case, id=id_)
        for id_, case in {
            "guardduty-gives-it-back": (RESOURCES[0], ("Not enabled.", ""), "Not enabled.", False),
            "guardduty-says-so": (RESOURCES[0], ("", "RegionDisabled"), "has not enabled the Region", False),
            "guardduty-says-so-of-an-older-member": (
                RESOURCES[0],
                ("It is already a member.", "RegionDisabled"),
                "has not enabled the Region",
                False,
            ),
            "guardduty-never-enables-it": (RESOURCES[0], ("", "Created"), "not enabled yet", True),
            "detective-gives-it-back": (RESOURCES[1], ("Not enabled.", ""), "Not enabled.", False),
            "detective-cannot-verify-it": (
                RESOURCES[1],
                ("", "VERIFICATION_FAILED"),
                "verification failed: is the address the one of its root user?",
                False,
            ),
            "detective-never-enables-it": (RESOURCES[1], ("", "VERIFICATION_IN_PROGRESS"), "not enabled yet", True),
        }.items()
    ],
)
def test_an_account_that_has_not_enabled_the_region_is_named_and_the_others_are_enrolled(
    resource: str,
    of_disabled: tuple[str, str],
    says: str,
    waits: bool,  # noqa: FBT001 (a case)
    caplog: pytest.LogCaptureFixture,
) -> None:
    of = world()
    service(of, resource).of_disabled = of_disabled
    with caplog.at_level(logging.WARNING):
        answer = ask(of, resource)
    assert answer["Status"] == "SUCCESS"
    assert (answer["Data"]["Enrolled"], answer["Data"]["LeftOut"]) == ("3", "1")
    assert left_out(caplog) == {WITHOUT: says}
    joined = {
        id_ for id_, status in service(of, resource).members[SECURITY, ZURICH].items() if "nabled" in status.lower()
    }
    assert {MANAGEMENT, WITH, "200000000002"} <= joined
    assert of.now <= STANDSTILL_SECONDS if waits else of.now < 20


@pytest.mark.parametrize("resource", RESOURCES)
def test_that_no_account_has_enabled_the_region_is_a_failure_only_where_none_has_to(resource: str) -> None:
    of = world()
    of.not_enabled = {(account, ZURICH) for account in of.states if account != SECURITY}
    answer = ask(of, resource, OptIn="false")
    assert answer["Status"] == "FAILED"
    assert "none of 4 accounts could be enrolled" in answer["Reason"]
    answer = ask(of, resource)
    assert (answer["Status"], answer["Data"]["LeftOut"]) == ("SUCCESS", "4")


@pytest.mark.parametrize("resource", RESOURCES)
def test_one_account_that_is_taken_and_never_enabled_holds_up_no_region_for_long(resource: str) -> None:
    """Regions wait for each other, and the step of a pipeline that deploys them all has an hour."""
    of = world()
    of.not_enabled = {(WITHOUT, ZURICH)}
    status = {RESOURCES[0]: "Created", RESOURCES[1]: "VERIFICATION_IN_PROGRESS"}[resource]
    service(of, resource).of_disabled = ("", status)
    answer = ask(of, resource, OptIn="false")
    assert (answer["Status"], answer["Data"]["Enrolled"], answer["Data"]["LeftOut"]) == ("SUCCESS", "3", "1")
    assert STANDSTILL_SECONDS - 20 <= of.now <= STANDSTILL_SECONDS + 20


def test_a_place_in_the_graph_that_an_account_cannot_take_goes_to_the_next_one() -> None:
    of = delegated(World(states=accounts(1500), page_sizes=(20,)), ZURICH)
    can = set(list(accounts(1500))[-100:])
    of.not_enabled = {(account, ZURICH) for account in of.states if account not in {*can, SECURITY}}
    answer = ask(of, "DetectiveOrganization")
    assert (answer["Data"]["Enrolled"], answer["Data"]["LeftOut"]) == ("100", "1401")
    assert set(of.detective.members[SECURITY, ZURICH]) == can


@pytest.mark.parametrize("resource", RESOURCES)
def test_members_that_take_their_time_are_waited_for(resource: str) -> None:
    of = world()
    of.not_enabled.clear()
    service(of, resource).enrolling = 120
    answer = ask(of, resource)
    assert (answer["Data"]["Enrolled"], answer["Data"]["LeftOut"]) == ("4", "0")
    assert 120 <= of.now < STANDSTILL_SECONDS


@pytest.mark.parametrize("resource", RESOURCES)
def test_an_account_is_covered_with_the_next_deployment_once_it_has_enabled_the_region(resource: str) -> None:
    of = world()
    ask(of, resource)
    of.not_enabled.clear()
    answer = ask(of, resource)
    assert (answer["Data"]["Enrolled"], answer["Data"]["LeftOut"]) == ("1", "0")


@pytest.mark.parametrize("resource", RESOURCES)
def test_where_everybody_is_covered_nothing_is_said(resource: str, caplog: pytest.LogCaptureFixture) -> None:
    of = world()
    of.not_enabled.clear()
    with caplog.at_level(logging.WARNING):
        ask(of, resource)
    assert not [one for one in caplog.records if hasattr(one, "left_out_accounts")]
