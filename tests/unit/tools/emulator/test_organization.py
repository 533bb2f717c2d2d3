"""The organization of the emulator keeps the rules that AWS documents, and says no in its words."""

from typing import Any

import pytest

from tools.emulator import detective, guardduty_organization
from tools.emulator.account_region import AccountRegion
from tools.emulator.administration import SETTLING, Administration
from tools.emulator.detective import MOST_MEMBERS, Detective, DetectiveError
from tools.emulator.guardduty import Answer, GuardDuty
from tools.emulator.guardduty_organization import SERVICE_ROLE
from tools.emulator.organizations import PAGE, Organizations, OrganizationsError, email

MANAGEMENT, SECURITY, MEMBER, STRANGER = "111122223333", "444455556666", "777788889999", "999900001111"
HOME, OTHER, WITHOUT = "eu-west-1", "us-east-1", "ap-east-2"


class World:
    """An organization of three accounts, with a clock that only a test moves."""

    def __init__(self, **more: str) -> None:
        self.now = 0.0
        self.roles: set[tuple[str, str]] = {(MANAGEMENT, SERVICE_ROLE)}
        self.organizations = Organizations()
        self.organizations.found(
            management=MANAGEMENT,
            accounts={MANAGEMENT: "management", SECURITY: "security", MEMBER: "payments-prod", **more},
        )
        self.guardduty = GuardDuty(
            administration=self.administration(guardduty_organization.PRINCIPAL),
            has_role=lambda account, name: (account, name) in self.roles,
        )
        self.detective = Detective(administration=self.administration(detective.PRINCIPAL))

    def administration(self, principal: str) -> Administration:
        return Administration(principal, self.organizations, clock=lambda: self.now)

    def trust(self) -> None:
        for principal in (guardduty_organization.PRINCIPAL, detective.PRINCIPAL):
            self.organizations.answer(MANAGEMENT, "EnableAWSServiceAccess", {"ServicePrincipal": principal})

    def ask(self, account: str, method: str, path: str, body: Any = None, *, region: str = HOME) -> Answer:
        return self.guardduty.answer(AccountRegion(account, region), method, path, {}, body)

    def appoint(self, account: str = SECURITY, *, region: str = HOME, caller: str = MANAGEMENT) -> Answer:
        return self.ask(caller, "POST", "/admin/enable", {"adminAccountId": account}, region=region)

    def detector(self, account: str = SECURITY, *, region: str = HOME) -> str | None:
        return self.guardduty.id_at(AccountRegion(account, region))

    def enrol(self, *accounts: str, region: str = HOME, **changes: str) -> Any:
        details = [{"accountId": one, "email": email(one), **changes} for one in accounts]
        path = f"/detector/{self.detector(region=region)}/member"
        answer = self.ask(SECURITY, "POST", path, {"accountDetails": details}, region=region)
        return answer.body.get("unprocessedAccounts", answer.body)

    def configure(self, mode: str, *features: str) -> Answer:
        body = {
            "autoEnableOrganizationMembers": mode,
            "features": [{"name": name, "autoEnable": mode} for name in features],
        }
        return self.ask(SECURITY, "POST", f"/detector/{self.detector()}/admin", body)

    def members(self) -> list[str]:
        listed: Any = self.ask(SECURITY, "GET", f"/detector/{self.detector()}/member").body["members"]
        return [one["accountId"] for one in listed]

    def on(self, account: str) -> set[str]:
        features: Any = self.guardduty.features_at(AccountRegion(account, HOME))
        foundational = {"CLOUD_TRAIL", "DNS_LOGS", "FLOW_LOGS"}
        return {one["name"] for one in features if one["status"] == "ENABLED"} - foundational

    def investigate(self, account: str, path: str, *, region: str = HOME, **body: Any) -> Any:
        return self.detective.answer(AccountRegion(account, region), path, body)


@pytest.fixture
def world() -> World:
    """Trusted access is on."""
    made = World()
    made.trust()
    return made


@pytest.fixture
def administered(world: World) -> World:
    """The security account administers both services in the home Region."""
    assert world.appoint().status == 200
    world.investigate(MANAGEMENT, "/orgs/enableAdminAccount", AccountId=SECURITY)
    return world


def refused(answer: Answer) -> str:
    assert answer.status == 400
    return f"{answer.body['__type']}: {answer.body['message']}"


def test_accounts_come_in_pages_with_their_state_and_to_those_who_may_see_them() -> None:
    many = World(**{str(600000000000 + n): f"team-{n}" for n in range(PAGE)})
    first: Any = many.organizations.answer(MANAGEMENT, "ListAccounts", {})
    assert (len(first["Accounts"]), first["NextToken"]) == (PAGE, str(PAGE))
    rest: Any = many.organizations.answer(MANAGEMENT, "ListAccounts", {"NextToken": first["NextToken"]})
    assert (len(rest["Accounts"]), "NextToken" in rest) == (3, False)
    assert {one["State"] for one in first["Accounts"]} == {"ACTIVE"}
    assert "Status" not in first["Accounts"][0]
    with pytest.raises(OrganizationsError, match="permissions"):
        many.organizations.answer(MEMBER, "ListAccounts", {})


def test_fails_for_an_account_of_no_organization() -> None:
    with pytest.raises(OrganizationsError) as error:
        Organizations().answer(MANAGEMENT, "DescribeOrganization", {})
    assert error.value.code == "AWSOrganizationsNotInUseException"


def test_fails_to_trust_a_service_from_another_account_than_the_management(world: World) -> None:
    with pytest.raises(OrganizationsError, match="permissions"):
        world.organizations.answer(SECURITY, "EnableAWSServiceAccess", {"ServicePrincipal": "x.amazonaws.com"})


def test_fails_to_appoint_without_trusted_access() -> None:
    assert "trusted access for guardduty.amazonaws.com is not enabled" in refused(World().appoint())


def test_fails_to_appoint_from_another_account(world: World) -> None:
    assert "required AWS Organization master permission" in refused(world.appoint(caller=SECURITY))
    assert "required AWS Organization master permission" in refused(world.ask(SECURITY, "GET", "/admin"))


def test_fails_to_appoint_a_second_administrator_in_any_region(administered: World) -> None:
    administered.now += SETTLING
    for region in (HOME, OTHER):
        assert f"account {SECURITY} is the delegated administrator already" in refused(
            administered.appoint(MEMBER, region=region)
        )


def test_the_first_time_refuses_other_regions_for_a_while(administered: World) -> None:
    assert refused(administered.appoint(region=OTHER)).startswith("InvalidInputException")
    with pytest.raises(DetectiveError) as error:
        administered.investigate(MANAGEMENT, "/orgs/enableAdminAccount", region=OTHER, AccountId=SECURITY)
    assert error.value.code == "InvalidInputException"
    administered.now += SETTLING
    assert administered.appoint(region=OTHER).status == 200


def test_an_appointment_makes_a_detector_only_where_there_is_none(world: World) -> None:
    ours = world.guardduty.create_detector(AccountRegion(SECURITY, HOME), {"Enable": True})
    world.appoint()
    world.now += SETTLING
    world.appoint(region=OTHER)
    assert world.detector() == ours
    with pytest.raises(Exception, match="a detector already exists for the current account"):
        world.guardduty.create_detector(AccountRegion(SECURITY, OTHER), {"Enable": True})


def test_an_older_graph_becomes_that_of_the_organization(world: World) -> None:
    ours = world.detective.create_graph(AccountRegion(SECURITY, HOME))
    world.investigate(MANAGEMENT, "/orgs/enableAdminAccount", AccountId=SECURITY)
    assert world.detective.graph(AccountRegion(SECURITY, HOME)) == ours


def test_fails_to_appoint_for_detective_where_it_is_not_offered(world: World) -> None:
    with pytest.raises(DetectiveError, match="not offered in ap-east-2"):
        world.investigate(MANAGEMENT, "/orgs/enableAdminAccount", region=WITHOUT, AccountId=SECURITY)


def test_members_get_a_detector_and_the_plans_for_all(administered: World) -> None:
    administered.configure("ALL", "S3_DATA_EVENTS")
    assert administered.enrol(MANAGEMENT, MEMBER) == []
    assert administered.members() == [MANAGEMENT, MEMBER]
    assert administered.on(MEMBER) == {"S3_DATA_EVENTS"}
    detectors: Any = administered.ask(
        SECURITY, "POST", f"/detector/{administered.detector()}/member/detector/get", {"accountIds": [MEMBER, STRANGER]}
    ).body
    assert [one["accountId"] for one in detectors["members"]] == [MEMBER]
    assert [one["accountId"] for one in detectors["unprocessedAccounts"]] == [STRANGER]


def test_plans_for_all_reach_the_members_there_are_and_the_administrator(administered: World) -> None:
    administered.enrol(MEMBER)
    assert administered.on(MEMBER) == set()
    administered.configure("ALL", "S3_DATA_EVENTS", "EKS_AUDIT_LOGS")
    assert administered.on(MEMBER) == administered.on(SECURITY) == {"S3_DATA_EVENTS", "EKS_AUDIT_LOGS"}
    administered.configure("NONE", "S3_DATA_EVENTS")
    assert "S3_DATA_EVENTS" in administered.on(MEMBER), "nothing is switched off"


@pytest.mark.parametrize(
    ("accounts", "changes", "reason"),
    [
        ([MEMBER], {"email": "somebody@example.com"}, "The email address is not the one of the account."),
        ([SECURITY], {}, "The account is not another one of this organization."),
        ([STRANGER], {}, "The account is not another one of this organization."),
    ],
    ids=["another-address", "the-administrator", "a-stranger"],
)
def test_accounts_that_cannot_be_members_are_given_back(
    administered: World, accounts: list[str], changes: dict[str, str], reason: str
) -> None:
    assert administered.enrol(*accounts, **changes) == [{"accountId": accounts[0], "result": reason}]
    assert administered.members() == []


def test_the_management_account_needs_its_role(administered: World) -> None:
    administered.roles.clear()
    (left,) = administered.enrol(MANAGEMENT)
    assert left["result"] == "CannotCreateDetectorInOrganizationMasterAccount"


def test_fails_to_enrol_more_than_fifty_at_once(administered: World) -> None:
    assert "1 to 50 accounts, got 51" in str(administered.enrol(*[MEMBER] * 51))


@pytest.mark.parametrize(("method", "path"), [("GET", "admin"), ("POST", "admin"), ("GET", "member")])
def test_fails_for_an_account_that_is_not_the_administrator(world: World, method: str, path: str) -> None:
    detector = world.guardduty.create_detector(AccountRegion(SECURITY, HOME), {"Enable": True})
    answer = world.ask(SECURITY, method, f"/detector/{detector}/{path}", {})
    assert "the caller is not the delegated administrator" in refused(answer)


def test_fails_for_a_plan_that_members_cannot_have(administered: World) -> None:
    assert "feature AI_ANALYST" in refused(administered.configure("ALL", "AI_ANALYST"))


def test_nobody_is_left_without_an_administrator_by_accident(administered: World) -> None:
    administered.configure("ALL")
    administered.enrol(MEMBER)
    detector = f"/detector/{administered.detector()}"
    dismissal = ("/admin/disable", {"adminAccountId": SECURITY})
    assert "has members: disassociate them first" in refused(administered.ask(SECURITY, "DELETE", detector))
    assert "has members" in refused(administered.ask(MANAGEMENT, "POST", *dismissal))
    leave = {"accountIds": [MEMBER]}
    assert "is ALL" in refused(administered.ask(SECURITY, "POST", f"{detector}/member/disassociate", leave))
    administered.configure("NONE")
    assert administered.ask(SECURITY, "POST", f"{detector}/member/disassociate", leave).status == 200
    assert administered.ask(MANAGEMENT, "POST", *dismissal).status == 200
    assert administered.ask(MANAGEMENT, "GET", "/admin").body == {"adminAccounts": []}
    assert administered.detector(MEMBER) is not None, "GuardDuty stays on in members"
    assert administered.ask(SECURITY, "DELETE", detector).status == 200


def test_detective_enrols_and_gives_back_who_is_in_already(administered: World) -> None:
    graph = administered.detective.graph(AccountRegion(SECURITY, HOME))
    accounts = [{"AccountId": one, "EmailAddress": email(one)} for one in (MANAGEMENT, MEMBER)]

    def asked(path: str, **body: Any) -> Any:
        return administered.investigate(SECURITY, path, GraphArn=graph, **body)

    assert asked("/graph/members", Accounts=accounts)["UnprocessedAccounts"] == []
    again = asked("/graph/members", Accounts=accounts[:1])["UnprocessedAccounts"]
    assert again == [{"AccountId": MANAGEMENT, "Reason": "The account is already a member."}]
    assert [one["AccountId"] for one in asked("/graph/members/list")["MemberDetails"]] == [MANAGEMENT, MEMBER]
    asked("/orgs/updateOrganizationConfiguration", AutoEnable=True)
    assert asked("/orgs/describeOrganizationConfiguration") == {"AutoEnable": True}
    with pytest.raises(DetectiveError) as error:
        administered.investigate(MEMBER, "/graph/members/list", GraphArn=graph)
    assert error.value.code == "AccessDeniedException"


def test_a_graph_takes_so_many_members() -> None:
    world = World(**{str(600000000000 + n): "team" for n in range(MOST_MEMBERS)})
    world.trust()
    world.investigate(MANAGEMENT, "/orgs/enableAdminAccount", AccountId=SECURITY)
    graph = world.detective.graph(AccountRegion(SECURITY, HOME))
    accounts = [
        {"AccountId": str(600000000000 + n), "EmailAddress": email(str(600000000000 + n))} for n in range(MOST_MEMBERS)
    ]
    world.investigate(SECURITY, "/graph/members", GraphArn=graph, Accounts=accounts)
    one_more = [{"AccountId": MEMBER, "EmailAddress": email(MEMBER)}]
    with pytest.raises(DetectiveError) as error:
        world.investigate(SECURITY, "/graph/members", GraphArn=graph, Accounts=one_more)
    assert error.value.code == "ServiceQuotaExceededException"
