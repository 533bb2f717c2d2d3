"""Whose history Detective keeps."""

import logging
from typing import Any

import pytest

from organization.accounts import Account
from tests.unit.organization.world import MANAGEMENT, SECURITY, World, accounts, delegated, email

EU = "eu-west-1"
KEY = (SECURITY, EU)
ONE = "200000000000"


def world(count: int = 3, **members: Any) -> World:
    return delegated(World(states=accounts(count), **members), EU)


def ask(of: World, kind: str = "Create", **properties: Any) -> dict[str, Any]:
    return of.ask(kind, "DetectiveOrganization", EU, **{"Enroll": "all", **properties})


def reason(answer: dict[str, Any]) -> str:
    assert answer["Status"] == "FAILED"
    return str(answer["Reason"])


@pytest.mark.parametrize(("enroll", "enabled", "enrolled"), [("all", True, 4), ("new", True, 0), ("none", False, 0)])
def test_accounts_that_join_and_accounts_there_are(enroll: str, enabled: bool, enrolled: int) -> None:  # noqa: FBT001 (a case)
    of = world()
    assert ask(of, Enroll=enroll)["Data"] == {"Enrolled": str(enrolled), "LeftOut": "0", "Silent": "0"}
    assert (KEY in of.detective.enabled) == enabled
    assert len(of.detective.members.get(KEY, {})) == enrolled


def test_a_second_time_changes_nothing() -> None:
    of = world()
    ask(of)
    of.calls.clear()
    assert ask(of)["Data"] == {"Enrolled": "0", "LeftOut": "0", "Silent": "0"}
    assert of.written() == []


def test_accounts_that_are_being_verified_are_waited_for() -> None:
    of = world()
    of.detective.enrolling = 30
    assert ask(of)["Status"] == "SUCCESS"
    assert 30 <= of.now < 60


def test_members_are_sent_in_pages_of_fifty() -> None:
    of = world(120, page_sizes=(20,))
    ask(of)
    assert len(of.asked("create_members")) == 3


def test_a_member_that_comes_back_as_unprocessed_is_fine() -> None:
    of = world()
    of.detective.joins_by_itself.add(ONE)
    assert ask(of)["Status"] == "SUCCESS"


def left_out(caplog: pytest.LogCaptureFixture) -> dict[str, str]:
    """Whom the log names, with the reason of each; that is what the alarm is made of."""
    (record,) = [vars(one) for one in caplog.records if hasattr(one, "left_out_accounts")]
    assert (record["left_out_accounts"], record["where"]) == (len(record["accounts"]), "Detective in eu-west-1")
    found: dict[str, str] = record["accounts"]
    return found


def test_each_unprocessed_account_is_named_and_the_others_are_enrolled(caplog: pytest.LogCaptureFixture) -> None:
    of = world()
    of.detective.unprocessed[ONE] = ("Account is closed", 99)
    answer = ask(of)
    assert (answer["Status"], answer["Data"]) == ("SUCCESS", {"Enrolled": "3", "LeftOut": "1", "Silent": "0"})
    assert left_out(caplog) == {ONE: "Account is closed"}


def test_fails_if_every_account_is_given_back() -> None:
    of = world()
    of.detective.unprocessed = dict.fromkeys(of.states, ("No.", 99))
    assert reason(ask(of)).startswith("Detective in eu-west-1: none of 4 accounts could be enrolled: ")


def test_an_account_that_takes_its_time_keeps_its_place_in_a_full_graph(caplog: pytest.LogCaptureFixture) -> None:
    of = world(3, page_sizes=(600,))
    of.detective.members[KEY] = {str(500000000000 + n): "ENABLED" for n in range(1199)}
    of.detective.enrolling = 10_000
    assert ask(of)["Data"] == {"Enrolled": "0", "LeftOut": "4", "Silent": "0"}
    full = "the graph takes no more members"
    assert left_out(caplog) == {MANAGEMENT: "not enabled yet", **dict.fromkeys([*accounts(3)][2:], full)}


def test_a_full_graph_takes_no_more_and_says_who_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    of = world(1205, page_sizes=(20,))
    with caplog.at_level(logging.WARNING):
        answer = ask(of)
    assert (answer["Status"], answer["Data"]) == ("SUCCESS", {"Enrolled": "1200", "LeftOut": "6", "Silent": "0"})
    assert len(of.detective.members[KEY]) == 1200
    (record,) = [one for one in caplog.records if hasattr(one, "left_out_accounts")]
    left_out = set(vars(record)["accounts"])
    assert left_out == set(of.states) - set(of.detective.members[KEY]) - {SECURITY}
    assert vars(record)["left_out_accounts"] == 6


def test_places_that_are_taken_count() -> None:
    of = world(5)
    of.detective.members[KEY] = {str(500000000000 + n): "ENABLED" for n in range(1198)}
    assert ask(of)["Data"] == {"Enrolled": "2", "LeftOut": "4", "Silent": "0"}


def test_a_member_that_could_not_be_verified_takes_a_place_too(caplog: pytest.LogCaptureFixture) -> None:
    """Without it counted, Detective refuses the whole request, and a failure takes every Region back."""
    of = world(1205, page_sizes=(600,))
    ids = sorted(id_ for id_ in of.states if id_ not in {MANAGEMENT, SECURITY})
    unverified, new = ids[:15], ids[-6:]
    there = {**dict.fromkeys([MANAGEMENT, *ids[15:-6]], "ENABLED"), **dict.fromkeys(unverified, "VERIFICATION_FAILED")}
    assert len(there) == 1200
    of.detective.members[KEY] = dict(there)
    answer = ask(of)
    assert (answer["Status"], answer["Data"]) == ("SUCCESS", {"Enrolled": "0", "LeftOut": "21", "Silent": "0"})
    assert left_out(caplog) == {
        **dict.fromkeys(unverified, "verification failed: is the address the one of its root user?"),
        **dict.fromkeys(new, "the graph takes no more members"),
    }
    assert of.detective.members[KEY] == there


def test_the_place_of_an_account_that_cannot_be_verified_is_nobody_elses(caplog: pytest.LogCaptureFixture) -> None:
    of = world(3)
    of.detective.members[KEY] = {str(500000000000 + n): "ENABLED" for n in range(1199)}
    of.detective.unverified.add(MANAGEMENT)
    assert ask(of)["Data"] == {"Enrolled": "0", "LeftOut": "4", "Silent": "0"}
    assert left_out(caplog) == {
        MANAGEMENT: "verification failed: is the address the one of its root user?",
        **dict.fromkeys([*accounts(3)][2:], "the graph takes no more members"),
    }


def test_a_place_that_an_account_could_not_take_goes_to_the_next_one(caplog: pytest.LogCaptureFixture) -> None:
    of = world(3)
    of.detective.members[KEY] = {str(500000000000 + n): "ENABLED" for n in range(1198)}
    of.detective.unprocessed[MANAGEMENT] = ("Account is closed", 99)
    assert ask(of)["Data"] == {"Enrolled": "2", "LeftOut": "2", "Silent": "0"}
    assert left_out(caplog) == {MANAGEMENT: "Account is closed", "200000000002": "the graph takes no more members"}


def test_a_graph_that_takes_no_more_than_it_has_leaves_a_page_out_and_fails_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Also where it has places: a graph that takes in more than 10 TB a day takes no further member."""
    of = world(60, page_sizes=(600,))
    of.detective.members[KEY] = {ONE: "ENABLED"}
    of.detective.takes = 1
    began = of.now
    assert ask(of)["Data"] == {"Enrolled": "0", "LeftOut": "60", "Silent": "0"}
    everybody = {MANAGEMENT, *accounts(60)} - {SECURITY, ONE}
    assert left_out(caplog) == dict.fromkeys(everybody, "the graph takes no more members")
    said = {vars(one)["reason"] for one in caplog.records if one.message == "Detective takes no more members"}
    assert said == {
        "detective create_members in eu-west-1, account 444455556666: ServiceQuotaExceededException: The graph has too"
        " many members."
    }
    assert of.now - began < 20


def test_a_graph_that_turns_out_to_be_full_is_not_asked_again_for_each_of_its_places(
    caplog: pytest.LogCaptureFixture,
) -> None:
    of = world(1300, page_sizes=(700,))
    of.detective.members[KEY] = {str(500000000000 + n): "ENABLED" for n in range(1100)}
    of.detective.takes = 1150
    assert ask(of)["Data"] == {"Enrolled": "50", "LeftOut": "1251", "Silent": "0"}
    assert set(left_out(caplog).values()) == {"the graph takes no more members"}
    # The page that fits, and the other one three times.
    assert len(of.asked("create_members")) == 4


def test_another_refusal_of_members_is_still_a_failure() -> None:
    of = world()
    of.detective.refuses = "ValidationException"
    assert "detective create_members in eu-west-1, account 444455556666: ValidationException" in reason(ask(of))


@pytest.mark.parametrize("why", ["VOLUME_TOO_HIGH", "VOLUME_UNKNOWN"])
def test_members_without_data_are_reported_and_no_failure(why: str, caplog: pytest.LogCaptureFixture) -> None:
    of = world()
    of.detective.volumes[ONE] = why
    with caplog.at_level(logging.WARNING):
        assert ask(of)["Data"] == {"Enrolled": "4", "LeftOut": "0", "Silent": "1"}
    (record,) = [one for one in caplog.records if hasattr(one, "silent_accounts")]
    assert vars(record)["accounts"] == {ONE: why}


def test_accounts_that_cannot_be_verified_are_named_each_time(caplog: pytest.LogCaptureFixture) -> None:
    of = world()
    of.detective.unverified.add(ONE)
    says = {ONE: "verification failed: is the address the one of its root user?"}
    assert ask(of)["Data"] == {"Enrolled": "3", "LeftOut": "1", "Silent": "0"}
    assert left_out(caplog) == says
    # The next deployment hears that it is a member already, and not why it is none.
    caplog.clear()
    assert ask(of)["Data"] == {"Enrolled": "0", "LeftOut": "1", "Silent": "0"}
    assert left_out(caplog) == says


def test_fails_without_a_graph() -> None:
    of = world()
    of.detective.graphs.clear()
    assert reason(ask(of)) == (
        "Detective in eu-west-1: account 444455556666 has no graph; deploy the Detection stack of the Region first"
    )


def test_fails_in_an_account_that_is_not_the_administrator() -> None:
    of = World(states=accounts(1))
    of.detective.create_graph(SECURITY, EU)
    said = reason(ask(of))
    assert "account 444455556666 is not Detective's administrator in eu-west-1, or not yet" in said
    assert of.now < 200


def test_a_failed_update_is_rolled_back_to_what_was() -> None:
    of = world()
    ask(of, Enroll="none")
    of.detective.unprocessed = dict.fromkeys(of.states, ("Account is closed", 99))
    reason(ask(of, "Update", old={"Enroll": "none"}))
    assert ask(of, "Update", Enroll="none", old={"Enroll": "all"})["Status"] == "SUCCESS"
    assert of.detective.enabled == set()


def test_a_deletion_keeps_everything_unless_asked_and_members_always() -> None:
    of = world()
    ask(of)
    members = dict(of.detective.members[KEY])
    ask(of, "Delete")
    assert of.detective.enabled == {KEY}
    for _ in range(2):
        assert ask(of, "Delete", RemoveOnDelete="true")["Status"] == "SUCCESS"
    assert (of.detective.enabled, of.detective.members[KEY]) == (set(), members)
    assert of.detective.graphs


def test_addresses_of_accounts_are_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    of = world()
    of.detective.unprocessed[ONE] = ("Account is closed", 99)
    with caplog.at_level(logging.DEBUG):
        ask(of)
    assert caplog.records
    assert not [record for record in caplog.records if "example.com" in str(vars(record))]
    assert MANAGEMENT in of.detective.members[KEY]
    assert "example.com" not in repr(Account(id=ONE, email=email(ONE))), "whoever logs an account logs no address"


def test_a_deletion_leaves_the_graph_of_an_account_that_is_no_administrator_any_more_alone() -> None:
    of = world()
    ask(of)
    of.detective.administrators.clear()
    began = of.now
    assert ask(of, "Delete", RemoveOnDelete="true")["Data"] == {"Changed": "no"}
    assert KEY in of.detective.enabled
    assert of.now - began < 20, "as long as a fresh role is waited for"


def test_a_deletion_that_our_role_may_not_carry_out_fails() -> None:
    of = world()
    ask(of)
    of.detective.denies = "User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: detective:Describe"
    assert "is not authorized to perform" in reason(ask(of, "Delete", RemoveOnDelete="true"))
