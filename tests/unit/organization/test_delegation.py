"""Who administers GuardDuty and Detective: one account, the same everywhere, never taken from somebody else."""

from typing import NoReturn

import pytest

from organization.patience import BETWEEN_LOOKS
from tests.unit.organization.world import MANAGEMENT, SECURITY, STRANGER, Delegated, World, refuse, without_end

SERVICES = {"GuardDutyDelegation": "GuardDuty", "DetectiveDelegation": "Detective"}
EU, US = "eu-west-1", "us-east-1"

both = pytest.mark.parametrize("resource", SERVICES)


def service(world: World, resource: str) -> Delegated:
    return world.guardduty if resource.startswith("GuardDuty") else world.detective


def reason(answer: dict[str, object]) -> str:
    assert answer["Status"] == "FAILED"
    return str(answer["Reason"])


@both
def test_the_security_account_is_appointed_after_trusted_access(resource: str) -> None:
    world = World(lag=12)
    answer = world.ask("Create", resource, EU)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", f"{resource}-{EU}")
    assert answer["Data"] == {"Administrator": SECURITY, "Changed": "yes"}
    assert service(world, resource).administrators[EU][0] == SECURITY
    assert world.asked("enable_aws_service_access", "enable_organization_admin_account") == [
        "enable_aws_service_access",
        "enable_organization_admin_account",
    ]


@both
def test_nobody_is_appointed_before_trusted_access_shows(resource: str) -> None:
    world = World()
    world.organizations.lag = 40
    assert world.ask("Create", resource, EU)["Status"] == "SUCCESS"
    assert service(world, resource).first == (EU, world.now)
    assert 40 <= world.now <= 40 + BETWEEN_LOOKS


@both
def test_fails_in_bounded_time_if_trusted_access_never_shows(resource: str) -> None:
    world = World()
    world.organizations.lag = 10_000
    said = reason(world.ask("Create", resource, EU, seconds=300))
    assert f"organizations: trusted access of {service(world, resource).principal} is still not on" in said
    assert service(world, resource).administrators == {}
    assert world.now <= 300


@both
def test_a_second_time_changes_nothing(resource: str) -> None:
    world = World()
    world.ask("Create", resource, EU)
    world.calls.clear()
    answer = world.ask("Create", resource, EU)
    assert (answer["Status"], answer["Data"]) == ("SUCCESS", {"Administrator": SECURITY, "Changed": "no"})
    assert world.written() == []


@both
def test_trusted_access_that_somebody_took_away_comes_back(resource: str) -> None:
    world = World()
    world.ask("Create", resource, EU)
    world.trusted.clear()
    assert world.ask("Update", resource, EU)["Status"] == "SUCCESS"
    assert service(world, resource).principal in world.trusted


def test_a_detector_that_exists_is_kept_and_otherwise_one_is_made() -> None:
    """Why Detection comes first: after delegation CloudFormation would meet a detector that it did not make."""
    world = World()
    own = world.guardduty.create_detector(SECURITY, EU)
    for region in (EU, US):
        world.ask("Create", "GuardDutyDelegation", region)
    assert world.guardduty.detectors[SECURITY, EU] == own
    with pytest.raises(Exception, match="a detector already exists for the current account"):
        world.guardduty.create_detector(SECURITY, US)


def test_an_older_graph_becomes_the_one_of_the_organization() -> None:
    world = World()
    own = world.detective.create_graph(SECURITY, EU)
    world.ask("Create", "DetectiveDelegation", EU)
    assert world.detective.graphs == {(SECURITY, EU): own}


@both
def test_fails_for_a_foreign_administrator_and_says_who_it_is(resource: str) -> None:
    world = World()
    theirs = service(world, resource)
    theirs.administrators[EU] = (STRANGER, 0)
    said = reason(world.ask("Create", resource, EU))
    assert said == (
        f"{SERVICES[resource]} in eu-west-1: the delegated administrator is already account 999900001111, and account"
        " 444455556666 is wanted; there can be one only, the same in every Region, and its members would be left"
        " without any. Write 999900001111 as account, or have the management account remove it in every Region first"
        " (docs/operations.md)"
    )
    assert theirs.administrators[EU][0] == STRANGER
    assert world.written() == []


@both
def test_fails_for_a_foreign_administrator_of_another_region(resource: str) -> None:
    world = World()
    world.registered[service(world, resource).principal] = STRANGER
    said = reason(world.ask("Create", resource, EU))
    assert f"account {STRANGER} is registered in the organization as administrator of" in said
    assert "the same administrator in every Region" in said
    assert world.written() == []


@both
def test_fails_in_an_account_that_is_not_the_management_account(resource: str) -> None:
    world = World()
    said = reason(world.ask("Create", resource, EU, account=SECURITY))
    assert (
        f"this is account {SECURITY}, and the management account of organization o-abcdefghij is {MANAGEMENT}" in said
    )
    assert "write it as organization.management_account and deploy there" in said
    assert world.written() == []


@both
def test_fails_to_change_the_administrator_and_rolls_back_to_the_one_there_was(resource: str) -> None:
    world = World()
    world.ask("Create", resource, EU)
    world.calls.clear()
    said = reason(world.ask("Update", resource, EU, Administrator=STRANGER, old={"Administrator": SECURITY}))
    assert f"already account {SECURITY}, appointed by this stack, and account {STRANGER} is wanted" in said
    back = world.ask("Update", resource, EU, Administrator=SECURITY, old={"Administrator": STRANGER})
    assert (back["Status"], back["PhysicalResourceId"]) == ("SUCCESS", f"{resource}-{EU}")
    assert service(world, resource).administrators[EU][0] == SECURITY
    assert world.written() == []


@both
def test_a_first_time_that_is_not_over_yet_is_waited_for(resource: str) -> None:
    """Two Regions at once, the first time: the second is refused for a while, and not for good."""
    world = World(settling=45)
    assert world.ask("Create", resource, EU)["Status"] == "SUCCESS"
    assert world.ask("Create", resource, US)["Status"] == "SUCCESS"
    assert set(service(world, resource).administrators) == {EU, US}


@both
def test_fails_if_the_first_time_never_ends(resource: str) -> None:
    world = World(settling=10_000)
    world.ask("Create", resource, EU)
    assert "InvalidInputException" in reason(world.ask("Create", resource, US))
    assert world.now < 840


def test_a_removal_under_way_is_waited_for() -> None:
    world = World()
    world.guardduty.leaving[EU] = (STRANGER, 60)
    assert world.ask("Create", "GuardDutyDelegation", EU)["Status"] == "SUCCESS"
    assert 60 <= world.now <= 60 + BETWEEN_LOOKS


@both
def test_fails_in_bounded_time_if_the_appointment_never_shows(resource: str) -> None:
    world = World(lag=10_000)
    said = reason(world.ask("Create", resource, EU, seconds=300))
    assert f"{SERVICES[resource]} in eu-west-1: account {SECURITY} is still not listed as administrator" in said
    assert "deploy again: what is done is not done twice" in said
    assert world.now <= 300


@both
def test_fails_in_an_opt_in_region_that_is_not_enabled_and_says_how(resource: str) -> None:
    world = World(not_enabled={(MANAGEMENT, "eu-south-1")})
    said = reason(world.ask("Create", resource, "eu-south-1"))
    assert "if eu-south-1 is an opt-in Region, enable it in account 111122223333 (aws account enable-region" in said


@both
def test_every_call_of_the_service_goes_to_the_region_of_the_resource(resource: str) -> None:
    """An opt-in Region takes its own endpoint only; and a client of another Region would answer for that one."""
    world = World()
    for region in (EU, "af-south-1", US):
        world.calls.clear()
        world.ask("Create", resource, region)
        own = {where for name, where, _ in world.calls if name in {"guardduty", "detective"}}
        shared = {where for name, where, _ in world.calls if name in {"organizations", "iam"}}
        assert (own, shared) == ({region}, {EU})
        assert {name for name, _, _ in world.calls} <= {"guardduty", "detective", "organizations", "iam"}


def test_malware_protection_is_trusted_only_where_its_plan_is_used() -> None:
    plain, scanning = World(), World()
    plain.ask("Create", "GuardDutyDelegation", EU, MalwareProtection="false")
    scanning.ask("Create", "GuardDutyDelegation", EU, MalwareProtection="true")
    assert plain.trusted == {"guardduty.amazonaws.com"}
    assert scanning.trusted == {"guardduty.amazonaws.com", "malware-protection.guardduty.amazonaws.com"}


def test_the_management_account_gets_the_role_it_needs_to_be_a_member() -> None:
    world = World()
    world.ask("Create", "GuardDutyDelegation", EU)
    world.ask("Create", "GuardDutyDelegation", US)
    assert world.service_role
    assert world.asked("create_service_linked_role") == ["create_service_linked_role"]


def test_a_role_that_was_made_meanwhile_will_do() -> None:
    world = World()
    world.iam.made_meanwhile = True
    assert world.ask("Create", "GuardDutyDelegation", EU)["Status"] == "SUCCESS"


def test_fails_if_the_role_is_refused_for_another_reason_than_that_it_is_there() -> None:
    """IAM has one name for both; without the role the management account could not become a member."""
    world = World()

    def refused(*_: object, **__: object) -> NoReturn:
        raise refuse("CreateServiceLinkedRole", "InvalidInput", "AWSServiceName is not valid")

    world.iam.create_service_linked_role = refused  # type: ignore[method-assign]
    said = reason(world.ask("Create", "GuardDutyDelegation", EU))
    assert "create_service_linked_role in eu-west-1, account 111122223333: InvalidInput: AWSServiceName" in said


@both
@pytest.mark.parametrize(
    "fault", ["ConcurrentModificationException", "ThrottlingException", "TooManyRequestsException"]
)
def test_what_passes_is_waited_for(resource: str, fault: str) -> None:
    world = World(faults=iter([fault, "", fault, fault, "", fault, "", fault]))
    assert world.ask("Create", resource, EU)["Status"] == "SUCCESS"
    assert world.asked("enable_organization_admin_account").count("enable_organization_admin_account") <= 2


@both
def test_fails_in_bounded_time_if_it_never_passes(resource: str) -> None:
    world = World(faults=without_end("ConcurrentModificationException"))
    said = reason(world.ask("Create", resource, EU))
    assert (
        "organizations describe_organization in eu-west-1, account 111122223333: ConcurrentModificationException"
        in said
    )
    assert "tried 10 times, deploy again" in said
    assert world.now < 200


@both
def test_a_deletion_keeps_the_delegation(resource: str) -> None:
    world = World()
    world.ask("Create", resource, EU)
    world.calls.clear()
    answer = world.ask("Delete", resource, EU)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", f"{resource}-{EU}")
    assert world.calls == []
    assert EU in service(world, resource).administrators


def test_a_deletion_ends_the_delegation_of_guardduty_if_the_configuration_says_so() -> None:
    world = World(lag=7)
    world.ask("Create", "GuardDutyDelegation", EU)
    for changed in ("yes", "no"):
        answer = world.ask("Delete", "GuardDutyDelegation", EU, RemoveOnDelete="true")
        assert (answer["Status"], answer["Data"]) == ("SUCCESS", {"Changed": changed})
    assert world.guardduty.administrators == {}
    assert world.guardduty.detectors, "GuardDuty stays on"
    assert world.trusted, "others may use it"


def test_a_deletion_is_over_only_when_the_administrator_has_left() -> None:
    """Whoever is appointed before that is refused."""
    world = World()
    world.ask("Create", "GuardDutyDelegation", EU)
    world.lag = 60
    assert world.ask("Delete", "GuardDutyDelegation", EU, RemoveOnDelete="true")["Data"] == {"Changed": "yes"}
    assert 60 <= world.now <= 60 + BETWEEN_LOOKS


def test_a_deletion_never_ends_the_delegation_of_detective() -> None:
    """To remove Detective's administrator deletes the graph: the fake fails the test that tries."""
    world = World()
    world.ask("Create", "DetectiveDelegation", EU)
    answer = world.ask("Delete", "DetectiveDelegation", EU, RemoveOnDelete="true")
    assert (answer["Status"], answer["Data"]) == ("SUCCESS", {"Administrator": SECURITY, "Changed": "no"})
    assert set(world.detective.graphs) == {(SECURITY, EU)}


def test_a_deletion_leaves_an_administrator_that_is_not_ours() -> None:
    world = World()
    world.guardduty.administrators[EU] = (STRANGER, 0)
    answer = world.ask("Delete", "GuardDutyDelegation", EU, RemoveOnDelete="true")
    assert (answer["Status"], answer["Data"]) == ("SUCCESS", {"Changed": "no"})
    assert world.guardduty.administrators[EU][0] == STRANGER


@both
def test_a_failed_creation_takes_nothing_away_when_it_is_rolled_back(resource: str) -> None:
    """CloudFormation deletes at once what it could not make; somebody may have appointed our account before."""
    world = World()
    world.ask("Create", resource, EU)
    world.faults = without_end("ThrottlingException")
    failed = world.ask("Create", resource, EU, RemoveOnDelete="true")
    assert failed["PhysicalResourceId"] == f"{resource}-{EU}/not-made"
    world.faults = iter(())
    world.ask("Delete", resource, EU, RemoveOnDelete="true", physical_id=str(failed["PhysicalResourceId"]))
    assert service(world, resource).administrators[EU][0] == SECURITY


def test_a_deletion_ends_the_delegation_of_its_own_region_and_of_no_other() -> None:
    world = World()
    for region in (EU, US):
        world.ask("Create", "GuardDutyDelegation", region)
    world.calls.clear()
    answer = world.ask("Delete", "GuardDutyDelegation", US, RemoveOnDelete="true")
    assert (answer["Status"], answer["Data"]) == ("SUCCESS", {"Changed": "yes"})
    assert set(world.guardduty.administrators) == {EU}
    assert {where for name, where, _ in world.calls if name == "guardduty"} == {US}


def test_fails_if_it_cannot_be_told_whether_the_management_account_has_the_role() -> None:
    world = World()

    def denied(*_: object, **__: object) -> NoReturn:
        raise refuse("GetRole", "AccessDenied", "no")

    world.iam.get_role = denied  # type: ignore[method-assign]
    said = reason(world.ask("Create", "GuardDutyDelegation", EU))
    assert "iam get_role in eu-west-1, account 111122223333: AccessDenied" in said
