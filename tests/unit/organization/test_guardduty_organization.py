"""Which accounts GuardDuty covers, and with which plans."""

from typing import Any

import pytest

from infra.config import region_facts
from organization.enrolment import STANDSTILL_SECONDS
from tests.unit.organization.world import MANAGEMENT, SECURITY, World, accounts, delegated

EU = "eu-west-1"
KEY = (SECURITY, EU)
RESOURCE = "GuardDutyOrganization"
PLANS: dict[str, Any] = {
    "MemberFeatures": ["S3_DATA_EVENTS", "RUNTIME_MONITORING"],
    "OtherFeatures": ["EKS_AUDIT_LOGS"],
    "Agents": ["EC2_AGENT_MANAGEMENT"],
    "OtherAgents": ["EKS_ADDON_MANAGEMENT"],
}
ONE = "200000000000"


def world(count: int = 3, **members: Any) -> World:
    return delegated(World(states=accounts(count), **members), EU)


def ask(of: World, kind: str = "Create", **properties: Any) -> dict[str, Any]:
    return of.ask(kind, RESOURCE, EU, **{"Enroll": "all", **PLANS, **properties})


def left_out(caplog: pytest.LogCaptureFixture) -> dict[str, str]:
    """Whom the log names, with the reason of each; that is what the alarm is made of."""
    (record,) = [vars(one) for one in caplog.records if hasattr(one, "left_out_accounts")]
    assert (record["left_out_accounts"], record["where"]) == (len(record["accounts"]), "GuardDuty in eu-west-1")
    found: dict[str, str] = record["accounts"]
    return found


def reason(answer: dict[str, Any]) -> str:
    assert answer["Status"] == "FAILED"
    return str(answer["Reason"])


@pytest.mark.parametrize(("enroll", "mode"), [("all", "ALL"), ("new", "NEW"), ("none", "NONE")])
def test_every_plan_is_stated_with_the_mode_of_enrolment(enroll: str, mode: str) -> None:
    of = world()
    was_new = {"Name": "EKS_AUDIT_LOGS", "AutoEnable": "NEW"}
    of.guardduty.configured[KEY] = {"AutoEnableOrganizationMembers": "NEW", "Features": [was_new]}
    assert ask(of, Enroll=enroll)["Status"] == "SUCCESS"
    assert of.guardduty.configured[KEY] == {
        "AutoEnableOrganizationMembers": mode,
        "Features": [
            {"Name": "EKS_AUDIT_LOGS", "AutoEnable": "NONE"},
            {
                "Name": "RUNTIME_MONITORING",
                "AutoEnable": mode,
                "AdditionalConfiguration": [
                    {"Name": "EC2_AGENT_MANAGEMENT", "AutoEnable": mode},
                    {"Name": "EKS_ADDON_MANAGEMENT", "AutoEnable": "NONE"},
                ],
            },
            {"Name": "S3_DATA_EVENTS", "AutoEnable": mode},
        ],
    }


@pytest.mark.parametrize("enroll", ["new", "none"])
def test_existing_accounts_are_left_alone_unless_all_are_wanted(enroll: str) -> None:
    of = world()
    assert ask(of, Enroll=enroll)["Data"] == {"Enrolled": "0", "LeftOut": "0"}
    assert of.guardduty.members == {}
    assert of.asked("list_accounts", "create_members") == []


def test_every_active_account_but_the_administrator_becomes_a_member() -> None:
    of = world(3)
    of.states |= {
        "300000000001": "SUSPENDED",
        "300000000002": "PENDING_CLOSURE",
        "300000000003": "CLOSED",
        "300000000004": "PENDING_ACTIVATION",
    }
    assert ask(of)["Data"] == {"Enrolled": "4", "LeftOut": "0"}
    assert set(of.guardduty.members[KEY]) == {MANAGEMENT, *accounts(3)} - {SECURITY}


def test_members_are_sent_in_pages_of_fifty() -> None:
    of = world(120, page_sizes=(20,))
    assert ask(of)["Data"] == {"Enrolled": "121", "LeftOut": "0"}
    assert len(of.asked("create_members")) == 3


def test_accounts_that_were_taken_are_waited_for_until_they_are_enabled() -> None:
    of = world()
    of.guardduty.enrolling = 30
    assert ask(of)["Status"] == "SUCCESS"
    assert 30 <= of.now < 60


def test_fails_in_bounded_time_if_no_account_ever_becomes_enabled() -> None:
    of = world(1)
    of.guardduty.enrolling = 10_000
    assert reason(ask(of)) == (
        f"GuardDuty in eu-west-1: none of 2 accounts could be enrolled: {MANAGEMENT} (not enabled yet), {ONE} (not"
        " enabled yet). Mend what the reasons say, and deploy again: nobody is enrolled twice"
    )
    assert of.now < 840


def test_an_account_that_never_becomes_enabled_is_named_in_bounded_time(caplog: pytest.LogCaptureFixture) -> None:
    of = world()
    of.guardduty.members[KEY] = {ONE: "Enabled"}
    of.guardduty.enrolling = 10_000
    assert ask(of)["Data"] == {"Enrolled": "0", "LeftOut": "3"}
    assert set(left_out(caplog).values()) == {"not enabled yet"}
    assert of.now < 840


def test_a_second_time_changes_nothing() -> None:
    of = world()
    ask(of)
    of.calls.clear()
    assert ask(of)["Data"] == {"Enrolled": "0", "LeftOut": "0"}
    assert of.written() == []


def test_plans_that_somebody_else_set_and_we_do_not_state_stay() -> None:
    of = world()
    of.guardduty.configured[KEY] = {
        "AutoEnableOrganizationMembers": "ALL",
        "Features": [{"Name": "AI_PROTECTION", "AutoEnable": "ALL"}, {"Name": "S3_DATA_EVENTS", "AutoEnable": "ALL"}],
    }
    answer = ask(of, MemberFeatures=["S3_DATA_EVENTS"], OtherFeatures=["EKS_AUDIT_LOGS"])
    assert answer["Status"] == "SUCCESS"
    assert of.asked("update_organization_configuration") == []


def test_where_no_plan_is_stated_only_enrolment_is_written() -> None:
    """They are somebody else's, as the detectors are."""
    of = world()
    theirs = [{"Name": "S3_DATA_EVENTS", "AutoEnable": "ALL"}]
    of.guardduty.configured[KEY] = {"AutoEnableOrganizationMembers": "NEW", "Features": theirs}
    assert of.ask("Create", RESOURCE, EU, Enroll="all")["Status"] == "SUCCESS"
    assert of.guardduty.configured[KEY] == {"AutoEnableOrganizationMembers": "ALL", "Features": theirs}
    assert of.ask("Delete", RESOURCE, EU, Enroll="all", RemoveOnDelete="true")["Status"] == "SUCCESS"
    assert of.guardduty.configured[KEY] == {"AutoEnableOrganizationMembers": "NONE", "Features": theirs}


def test_a_failed_update_is_rolled_back_to_what_was() -> None:
    of = world(0)
    before: dict[str, Any] = {
        "Enroll": "new",
        "MemberFeatures": ["S3_DATA_EVENTS"],
        "OtherFeatures": ["RUNTIME_MONITORING"],
    }
    ask(of, **before)
    was = of.guardduty.configured[KEY]
    of.guardduty.unprocessed[MANAGEMENT] = ("The account has another administrator.", 99)
    failed = ask(of, "Update", old=before)
    assert failed["Status"] == "FAILED"
    assert failed["PhysicalResourceId"] == f"{RESOURCE}-{EU}"
    assert of.guardduty.configured[KEY] != was
    assert ask(of, "Update", **before, old=PLANS)["Status"] == "SUCCESS"
    assert of.guardduty.configured[KEY] == was


def test_an_account_that_is_given_back_is_named_and_the_others_are_enrolled(caplog: pytest.LogCaptureFixture) -> None:
    """A failure would have CloudFormation take every Region back, because of one account."""
    of = world(3)
    of.guardduty.unprocessed[ONE] = ("The account has another administrator.", 99)
    answer = ask(of)
    assert (answer["Status"], answer["Data"]) == ("SUCCESS", {"Enrolled": "3", "LeftOut": "1"})
    assert left_out(caplog) == {ONE: "The account has another administrator."}
    assert set(of.guardduty.members[KEY]) == {MANAGEMENT, "200000000001", "200000000002"}
    assert max(of.guardduty.touched.values()) == 1


def test_an_account_whose_guardduty_is_suspended_is_named_at_once_and_not_sent(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """CreateMembers does not start it again, and to wait for it would take five minutes in every Region."""
    of = world(3)
    of.guardduty.members[KEY] = {ONE: "Disabled", "200000000001": "Enabled"}
    began = of.now
    assert ask(of)["Data"] == {"Enrolled": "2", "LeftOut": "1"}
    assert left_out(caplog) == {ONE: "its GuardDuty is suspended; switch it on again"}
    assert set(of.guardduty.touched) == {(MANAGEMENT, EU), ("200000000002", EU)}
    assert of.now == began
    caplog.clear()
    of.calls.clear()
    assert ask(of, "Update")["Data"] == {"Enrolled": "0", "LeftOut": "1"}
    assert left_out(caplog) == {ONE: "its GuardDuty is suspended; switch it on again"}
    assert (of.asked("create_members"), of.now) == ([], began)


def test_an_account_that_is_suspended_while_others_are_waited_for_is_not_waited_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    of = world(3)
    of.guardduty.of_disabled = ("", "Disabled")
    of.not_enabled = {(ONE, EU)}
    began = of.now
    assert ask(of)["Data"] == {"Enrolled": "3", "LeftOut": "1"}
    assert left_out(caplog) == {ONE: "its GuardDuty is suspended; switch it on again"}
    assert of.now == began


def test_an_account_that_is_given_back_again_fails_no_later_deployment_either(caplog: pytest.LogCaptureFixture) -> None:
    """Then it is all that is left to enrol."""
    of = world(3)
    of.guardduty.unprocessed[ONE] = ("The account has another administrator.", 99)
    ask(of)
    caplog.clear()
    assert ask(of, "Update")["Data"] == {"Enrolled": "0", "LeftOut": "1"}
    assert left_out(caplog) == {ONE: "The account has another administrator."}


def test_fails_if_every_account_is_given_back() -> None:
    """Then the mistake is in the request, or in what the organization allows, and not in an account."""
    of = world(2)
    of.guardduty.unprocessed = dict.fromkeys(of.states, ("No.", 99))
    said = reason(ask(of))
    assert said.startswith(f"GuardDuty in eu-west-1: none of 3 accounts could be enrolled: {MANAGEMENT} (No.), {ONE}")
    assert of.guardduty.members.get(KEY, {}) == {}


def test_an_account_that_is_unprocessed_once_is_tried_again() -> None:
    of = world(3)
    of.guardduty.unprocessed[ONE] = ("Internal error", 1)
    assert ask(of)["Status"] == "SUCCESS"
    assert ONE in of.guardduty.members[KEY]
    assert len(of.asked("create_members")) == 2


def test_an_account_that_joined_by_itself_meanwhile_is_fine() -> None:
    """With ALL, GuardDuty enrols too, and gives back what it has already."""
    of = world(3)
    of.guardduty.joins_by_itself.add(ONE)
    assert ask(of)["Status"] == "SUCCESS"


def test_fails_for_the_management_account_without_its_role_in_the_words_of_aws() -> None:
    of = world(0)
    of.service_role = False
    assert f"{MANAGEMENT} (CannotCreateDetectorInOrganizationMasterAccount)" in reason(ask(of))


def test_fails_if_accounts_have_no_state() -> None:
    """`Status` was retired: to read it would enrol nobody, or closed accounts, in silence."""
    of = world()
    of.organizations.without_state = True
    assert "has no State, so that nobody knows whether it is active" in reason(ask(of))
    assert of.asked("create_members") == []


def test_fails_without_a_detector() -> None:
    of = world()
    of.guardduty.detectors.clear()
    assert reason(ask(of)) == (
        "GuardDuty in eu-west-1: account 444455556666 has no detector; deploy the Detection stack of the Region first"
    )


def test_an_appointment_that_has_not_arrived_is_waited_for() -> None:
    of = world()
    of.guardduty.administrators[EU] = (SECURITY, of.now + 30)
    assert ask(of)["Status"] == "SUCCESS"


def test_fails_in_an_account_that_is_not_the_administrator() -> None:
    of = World(states=accounts(1))
    of.guardduty.create_detector(SECURITY, EU)
    said = reason(ask(of))
    assert "account 444455556666 is not GuardDuty's administrator in eu-west-1, or not yet" in said
    assert "deploy the Delegation stack in the management account first" in said
    assert of.now < 200


def test_fails_when_guardduty_takes_no_more_members() -> None:
    of = world()
    of.guardduty.full = True
    assert "as many members as GuardDuty takes (50,000)" in reason(ask(of))


def test_fails_if_what_was_set_does_not_show() -> None:
    of = world()
    of.guardduty.forgets = True
    assert "configuration is still another one than was set" in reason(ask(of))
    assert of.now < 840


def test_a_plan_is_asked_for_only_where_the_region_offers_it() -> None:
    """The fake refuses the others, as the service does."""
    of = delegated(World(states=accounts(1)), "ap-east-2")
    offered = [name for name in region_facts("ap-east-2").features if name != "AI_ANALYST"]
    asked: dict[str, Any] = {"Enroll": "new", "MemberFeatures": offered, "OtherFeatures": []}
    assert of.ask("Create", RESOURCE, "ap-east-2", **asked)["Status"] == "SUCCESS"
    more = {**asked, "MemberFeatures": [*offered, "RDS_LOGIN_EVENTS"]}
    assert "a feature is not offered here" in reason(of.ask("Update", RESOURCE, "ap-east-2", **more))


def test_a_full_organization_can_still_be_left() -> None:
    of = world()
    ask(of)
    of.guardduty.full = True
    assert ask(of, "Delete", RemoveOnDelete="true")["Data"] == {"Changed": "yes"}
    assert of.guardduty.configured[KEY]["AutoEnableOrganizationMembers"] == "NONE"


def test_a_deletion_leaves_the_configuration_of_the_next_administrator_alone_and_waits_for_nobody() -> None:
    of = world()
    ask(of)
    was = of.guardduty.configured[KEY]
    of.guardduty.administrators.clear()
    began = of.now
    assert ask(of, "Delete", RemoveOnDelete="true")["Data"] == {"Changed": "no"}
    assert (of.guardduty.configured[KEY], of.now) == (was, began)


def test_a_deletion_that_is_not_allowed_to_look_fails() -> None:
    of = world()
    ask(of)
    of.faults = iter(["", *["AccessDeniedException"] * 9])
    assert "AccessDeniedException" in reason(ask(of, "Delete", RemoveOnDelete="true"))


def test_a_deletion_keeps_everything() -> None:
    of = world()
    ask(of)
    was = of.guardduty.configured[KEY]
    of.calls.clear()
    assert ask(of, "Delete")["Status"] == "SUCCESS"
    assert (of.calls, of.guardduty.configured[KEY]) == ([], was)


def test_a_deletion_that_was_asked_for_enrols_nobody_from_now_on_and_keeps_members() -> None:
    of = world()
    ask(of)
    members = dict(of.guardduty.members[KEY])
    for _ in range(2):
        assert ask(of, "Delete", RemoveOnDelete="true")["Status"] == "SUCCESS"
    now = of.guardduty.configured[KEY]
    assert now["AutoEnableOrganizationMembers"] == "NONE"
    assert {feature["AutoEnable"] for feature in now["Features"]} == {"NONE"}
    assert of.guardduty.members[KEY] == members
    assert of.asked("update_organization_configuration").count("update_organization_configuration") == 2


def test_an_agent_that_is_switched_the_other_way_is_set() -> None:
    of = world()
    ask(of)
    assert ask(of, Agents=["EKS_ADDON_MANAGEMENT"], OtherAgents=["EC2_AGENT_MANAGEMENT"])["Status"] == "SUCCESS"
    (runtime,) = (one for one in of.guardduty.configured[KEY]["Features"] if one["Name"] == "RUNTIME_MONITORING")
    assert {one["Name"]: one["AutoEnable"] for one in runtime["AdditionalConfiguration"]} == {
        "EKS_ADDON_MANAGEMENT": "ALL",
        "EC2_AGENT_MANAGEMENT": "NONE",
    }


def test_nobody_at_all_is_waited_for_longer_than_a_standstill() -> None:
    of = world(1)
    of.guardduty.enrolling = STANDSTILL_SECONDS + 100
    assert ask(of)["Data"] == {"Enrolled": "2", "LeftOut": "0"}
