"""An organization in memory that keeps the rules of its services, with a clock that only waiting moves."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle
from typing import Any

from botocore.exceptions import ClientError
from botocore.model import ServiceModel
from botocore.session import Session
from botocore.validate import ParamValidator

from infra.config import region_facts
from organization.aws import Aws
from organization.handler import answer_to
from organization.patience import Patience
from organization.request import Request

MANAGEMENT, SECURITY, STRANGER = "111122223333", "444455556666", "999900001111"
HOME = "eu-west-1"

Answer = dict[str, Any]


def email(account: str) -> str:
    return f"root-{account}@example.com"


def refuse(operation: str, code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


@dataclass(kw_only=True)
class World:
    """Everything that the function sees.

    Attributes:
        states: State of each account of the organization.
        page_sizes: How many items the pages of a list hold, in turn; 0 is an empty page with a token.
        faults: For each call in turn, the error that it ends with before it does anything.
        lag: Seconds until a list shows what was written.
        settling: Seconds in which a service that was never delegated refuses every other Region.
        not_enabled: Account and opt-in Region that it did not enable.
        calls: What was asked: service, Region, operation.
    """

    states: dict[str, str] = field(default_factory=lambda: {MANAGEMENT: "ACTIVE", SECURITY: "ACTIVE"})
    page_sizes: tuple[int, ...] = (0, 2, 0, 1)
    faults: Iterator[str] = field(default_factory=lambda: iter(()))
    lag: float = 0
    settling: float = 0
    not_enabled: set[tuple[str, str]] = field(default_factory=set)
    now: float = 0
    calls: list[tuple[str, str, str]] = field(default_factory=list)
    trusted: set[str] = field(default_factory=set)
    registered: dict[str, str] = field(default_factory=dict)
    service_role: bool = False

    def __post_init__(self) -> None:
        self.organizations = FakeOrganizations(self)
        self.guardduty = FakeGuardDuty(self)
        self.detective = FakeDetective(self)
        self.iam = FakeIam(self)

    def aws(self, account: str, *, seconds: float = 840) -> Aws:
        """The account as the function sees it."""
        return Aws(
            account=account,
            home=HOME,
            client=lambda service, region: Client(self, service, region, caller=account),
            patience=Patience(seconds, clock=lambda: self.now, sleep=self.sleep, chance=lambda: 1.0),
        )

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds

    def ask(
        self,
        kind: str,
        resource: str,
        region: str,
        *,
        account: str = "",
        seconds: float = 840,
        physical_id: str = "",
        old: Mapping[str, object] | None = None,
        **properties: Any,
    ) -> Answer:
        """Let CloudFormation ask, in the account of the resource's stack, and return the answer."""
        given = {"Region": region, "Administrator": SECURITY, "RemoveOnDelete": "false", **properties}
        event: dict[str, object] = {
            "RequestType": kind,
            "ResourceType": f"Custom::{resource}",
            "LogicalResourceId": f"{resource}{region}",
            "RequestId": "request",
            "StackId": "stack",
            "ResponseURL": "https://answer.example.com",
            "ResourceProperties": given,
        }
        if kind != "Create":
            event["PhysicalResourceId"] = physical_id or f"{resource}-{region}"
        if kind == "Update":
            event["OldResourceProperties"] = {**given, **(old or {})}
        where = account or (MANAGEMENT if resource.endswith("Delegation") else SECURITY)
        return answer_to(Request.from_event(event), self.aws(where, seconds=seconds))

    def asked(self, *operations: str) -> list[str]:
        """The calls of these operations, in order."""
        return [operation for _, _, operation in self.calls if operation in operations]

    def written(self) -> list[str]:
        """The calls that change something."""
        return [name for _, _, name in self.calls if not name.startswith(("list_", "describe_", "get_"))]

    def pages(self, items: Iterable[Any], given: Mapping[str, Any]) -> tuple[list[Any], str | None]:
        """A page and the token of the next one; a token also where the rest turns out to be empty."""
        everything = list(items)
        page, start = (int(part) for part in given.get("NextToken", "0:0").split(":"))
        size = self.page_sizes[page % len(self.page_sizes)]
        end = start + size
        return everything[start:end], f"{page + 1}:{end}" if end < len(everything) else None


@cache
def model(service: str) -> ServiceModel:
    return Session().get_service_model(service)


@dataclass(frozen=True)
class Client:
    """What boto3 would make: it checks parameters and answers against botocore's model."""

    world: World
    service: str
    region: str
    caller: str

    def __getattr__(self, operation: str) -> Any:
        name = "".join(part.capitalize() for part in operation.split("_")).replace("Aws", "AWS")
        shape = model(self.service).operation_model(name)

        def call(**given: Any) -> Answer:
            world = self.world
            world.calls.append((self.service, self.region, operation))
            if shape.input_shape:
                report = ParamValidator().validate(given, shape.input_shape)
                assert not report.has_errors(), report.generate_report()
            if (self.caller, self.region) in world.not_enabled:
                raise refuse(
                    name, "UnrecognizedClientException", "The security token included in the request is invalid."
                )
            if fault := next(world.faults, ""):
                raise refuse(name, fault, "again, please")
            answer: Answer = getattr(getattr(world, self.service), operation)(self.caller, self.region, **given)
            if shape.output_shape:
                report = ParamValidator().validate(answer, shape.output_shape)
                assert not report.has_errors(), report.generate_report()
            return answer

        return call


class FakeOrganizations:
    """Organizations: one management account, trusted access, accounts in small pages.

    Attributes:
        without_state: Accounts have the older `Status` alone.
        lag: Seconds until the list shows trusted access that was switched on.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.without_state = False
        self.lag: float = 0
        self._shown_from: dict[str, float] = {}

    def describe_organization(self, _caller: str, _region: str) -> Answer:
        return {"Organization": {"Id": "o-abcdefghij", "MasterAccountId": MANAGEMENT}}

    def list_accounts(self, caller: str, _region: str, **given: Any) -> Answer:
        if caller != MANAGEMENT and caller not in self._world.registered.values():
            raise refuse("ListAccounts", "AccessDeniedException", "not the management account or an administrator")
        found, token = self._world.pages(self._world.states.items(), given)
        accounts = [{"Id": id_, "Email": email(id_), "State": state} for id_, state in found]
        if self.without_state:
            accounts = [{"Id": one["Id"], "Email": one["Email"], "Status": "ACTIVE"} for one in accounts]
        return {"Accounts": accounts, **({"NextToken": token} if token else {})}

    def list_aws_service_access_for_organization(self, caller: str, _region: str, **given: Any) -> Answer:
        self._only_management(caller, "ListAWSServiceAccessForOrganization")
        shown = [one for one in sorted(self._world.trusted) if self._shown_from.get(one, 0) <= self._world.now]
        found, token = self._world.pages(shown, given)
        principals = [{"ServicePrincipal": one} for one in found]
        return {"EnabledServicePrincipals": principals, **({"NextToken": token} if token else {})}

    def enable_aws_service_access(self, caller: str, _region: str, *, ServicePrincipal: str) -> Answer:  # noqa: N803 (AWS's names)
        self._only_management(caller, "EnableAWSServiceAccess")
        self._world.trusted.add(ServicePrincipal)
        self._shown_from[ServicePrincipal] = self._world.now + self.lag
        return {}

    def list_delegated_administrators(self, caller: str, _region: str, **given: Any) -> Answer:
        self._only_management(caller, "ListDelegatedAdministrators")
        account = self._world.registered.get(given["ServicePrincipal"])
        found, token = self._world.pages([{"Id": account}] if account else [], given)
        return {"DelegatedAdministrators": found, **({"NextToken": token} if token else {})}

    def _only_management(self, caller: str, operation: str) -> None:
        if caller != MANAGEMENT:
            raise refuse(operation, "AccessDeniedException", "You don't have permissions to access this resource.")


class FakeIam:
    """IAM: one service-linked role."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.made_meanwhile = False

    def get_role(self, _caller: str, _region: str, *, RoleName: str) -> Answer:  # noqa: N803 (AWS's names)
        if not self._world.service_role:
            raise refuse("GetRole", "NoSuchEntity", f"The role with name {RoleName} cannot be found.")
        return {"Role": {"Path": "/", "RoleName": RoleName, "RoleId": "A" * 16, "Arn": "a" * 20, "CreateDate": 0}}

    def create_service_linked_role(self, _caller: str, _region: str, *, AWSServiceName: str) -> Answer:  # noqa: N803 (AWS's names)
        assert AWSServiceName == "guardduty.amazonaws.com"
        if self._world.service_role or self.made_meanwhile:
            text = "Service role name AWSServiceRoleForAmazonGuardDuty has been taken in this account"
            raise refuse("CreateServiceLinkedRole", "InvalidInput", text)
        self._world.service_role = True
        return {}


class Delegated:
    """What GuardDuty and Detective have in common: one administrator in the whole organization, Region by Region.

    Attributes:
        administrators: The administrator of each Region, and since when lists show it.
        leaving: Region to the account that is still being removed, and until when.
        members: Members of each administrator and Region, with what the service says of each.
        touched: How often CreateMembers took an account, by account and Region.
        unprocessed: Accounts that CreateMembers gives back, with the reason and how often.
        joins_by_itself: Accounts that are members by the time CreateMembers is asked, and given back.
        enrolling: Seconds until an account that was taken is a full member.
        of_disabled: What becomes of an account that has not enabled the Region: given back with a reason, or a member
            that never is a full one, with this status.
        full_from: When each member of a Region is one.
    """

    principal = ""

    def __init__(self, world: World) -> None:
        self.world = world
        self.administrators: dict[str, tuple[str, float]] = {}
        self.leaving: dict[str, tuple[str, float]] = {}
        self.first: tuple[str, float] | None = None
        self.members: dict[tuple[str, str], dict[str, str]] = {}
        self.touched: Counter[tuple[str, str]] = Counter()
        self.unprocessed: dict[str, tuple[str, int]] = {}
        self.joins_by_itself: set[str] = set()
        self.enrolling: float = 0
        self.of_disabled: tuple[str, str] = ("The Region is not enabled for the account.", "")
        self.full_from: dict[tuple[str, str], float] = {}

    def listed(self, region: str) -> list[tuple[str, bool]]:
        """The administrators that a list shows, and whether each is leaving."""
        if region in self.leaving and self.leaving[region][1] > self.world.now:
            return [(self.leaving[region][0], True)]
        if region in self.administrators and self.administrators[region][1] <= self.world.now:
            return [(self.administrators[region][0], False)]
        return []

    def appoint(self, caller: str, region: str, account: str, *, error: str) -> None:
        """The rules of EnableOrganizationAdminAccount."""
        name = "EnableOrganizationAdminAccount"
        if caller != MANAGEMENT:
            raise refuse(name, error, "required AWS Organization master permission")
        if self.principal not in self.world.trusted:
            raise refuse(name, error, "trusted access is not enabled for this service")
        if {one for one, _ in self.administrators.values()} - {account}:
            raise refuse(name, error, "another account is the administrator already")
        if self.leaving.get(region, ("", 0.0))[1] > self.world.now:
            raise refuse(name, error, "another account is still being removed")
        if self.first is None:
            self.first = (region, self.world.now + self.world.settling)
        elif region != self.first[0] and self.world.now < self.first[1]:
            raise refuse(name, "InvalidInputException", "You specified an invalid value.")
        assert region not in self.administrators, "appointed twice"
        self.administrators[region] = (account, self.world.now + self.world.lag)
        self.world.registered[self.principal] = account

    def dismiss(self, region: str) -> None:
        account, _ = self.administrators.pop(region)
        self.leaving[region] = (account, self.world.now + self.world.lag)

    def administers(self, caller: str, region: str) -> bool:
        return self.administrators.get(region, ("", 0.0))[0] == caller and self.listed(region) == [(caller, False)]

    def status(self, region: str, account: str, status: str, *, before: str) -> str:
        """What the service says of a member: something else until it is a full one."""
        return before if self.full_from.get((region, account), 0) > self.world.now else status

    def join(self, admin: str, region: str, account: str, given: str, *, status: str) -> str:
        """Make a member of an account; what is wrong with it, if anything is."""
        if given != email(account):
            return "The email address is not the one of the account."
        reason, times = self.unprocessed.get(account, ("", 0))
        if times:
            self.unprocessed[account] = (reason, times - 1)
            return reason
        members = self.members.setdefault((admin, region), {})
        if (account, region) in self.world.not_enabled:
            again = account in members
            reason, status = self.of_disabled
            if status:
                members[account] = status
            return "The request is rejected because the account is already a member." if again else reason
        if account in self.joins_by_itself:
            members[account] = status
            return "The request is rejected because the account is already a member."
        if members.get(account) == "VERIFICATION_FAILED":
            return "The request is rejected because the account is already a member."
        self.touched[account, region] += 1
        assert account not in members, "a member was sent again"
        members[account] = status
        self.full_from[region, account] = self.world.now + self.enrolling
        return ""


class FakeGuardDuty(Delegated):
    """GuardDuty: one detector for each account and Region, a configuration, members.

    Attributes:
        detectors: The detector of each account and Region.
        configured: The organization's configuration of each administrator and Region.
        full: GuardDuty takes no more members.
        forgets: Written configurations do not show.
    """

    principal = "guardduty.amazonaws.com"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.detectors: dict[tuple[str, str], str] = {}
        self.configured: dict[tuple[str, str], Answer] = {}
        self.full = False
        self.forgets = False

    def create_detector(self, account: str, region: str) -> str:
        """What a Detection stack does."""
        if (account, region) in self.detectors:
            text = "The request is rejected because a detector already exists for the current account."
            raise refuse("CreateDetector", "BadRequestException", text)
        self.detectors[account, region] = f"{len(self.detectors):032x}"
        return self.detectors[account, region]

    def list_detectors(self, caller: str, region: str, **given: Any) -> Answer:
        own = [self.detectors[caller, region]] if (caller, region) in self.detectors else []
        found, token = self.world.pages(own, given)
        return {"DetectorIds": found, **({"NextToken": token} if token else {})}

    def list_organization_admin_accounts(self, caller: str, region: str, **given: Any) -> Answer:
        if caller != MANAGEMENT:
            text = "required AWS Organization master permission"
            raise refuse("ListOrganizationAdminAccounts", "BadRequestException", text)
        found, token = self.world.pages(self.listed(region), given)
        accounts = [
            {"AdminAccountId": account, "AdminStatus": "DISABLE_IN_PROGRESS" if leaving else "ENABLED"}
            for account, leaving in found
        ]
        return {"AdminAccounts": accounts, **({"NextToken": token} if token else {})}

    def enable_organization_admin_account(self, caller: str, region: str, *, AdminAccountId: str) -> Answer:  # noqa: N803 (AWS's names)
        self.appoint(caller, region, AdminAccountId, error="BadRequestException")
        if (AdminAccountId, region) not in self.detectors:
            self.create_detector(AdminAccountId, region)
        return {}

    def disable_organization_admin_account(self, _caller: str, region: str, *, AdminAccountId: str) -> Answer:  # noqa: N803 (AWS's names)
        assert self.administrators[region][0] == AdminAccountId
        self.dismiss(region)
        return {}

    def describe_organization_configuration(self, caller: str, region: str, **given: Any) -> Answer:
        self._only_administrator(caller, region, given["DetectorId"], "DescribeOrganizationConfiguration")
        now = self.configured.get((caller, region), {"AutoEnableOrganizationMembers": "NONE", "Features": []})
        found, token = self.world.pages(now["Features"], given)
        return {
            "AutoEnableOrganizationMembers": now["AutoEnableOrganizationMembers"],
            "Features": found,
            "MemberAccountLimitReached": self.full,
            **({"NextToken": token} if token else {}),
        }

    def update_organization_configuration(self, caller: str, region: str, **given: Any) -> Answer:
        self._only_administrator(caller, region, given["DetectorId"], "UpdateOrganizationConfiguration")
        deprecated = set(given) - {"DetectorId", "AutoEnableOrganizationMembers", "Features"}
        assert not deprecated
        names = {feature["Name"] for feature in given.get("Features", ())}
        if names - set(region_facts(region).features):
            raise refuse("UpdateOrganizationConfiguration", "BadRequestException", "a feature is not offered here")
        if not self.forgets:
            kept = self.configured.get((caller, region), {"Features": []})
            self.configured[caller, region] = kept | {key: one for key, one in given.items() if key != "DetectorId"}
        return {}

    def list_members(self, caller: str, region: str, **given: Any) -> Answer:
        self._only_administrator(caller, region, given["DetectorId"], "ListMembers")
        everybody = self.members.get((caller, region), {})
        # Left out, it means those that are associated: which that are is not documented, a disabled Region is a doubt.
        associated = {id_: one for id_, one in everybody.items() if one not in {"RegionDisabled", "Removed"}}
        listed = everybody if given.get("OnlyAssociated") == "false" else associated
        found, token = self.world.pages(listed.items(), given)
        members = [
            {
                "AccountId": id_,
                "MasterId": caller,
                "Email": email(id_),
                "RelationshipStatus": self.status(region, id_, status, before="Created"),
                "UpdatedAt": "now",
            }
            for id_, status in found
        ]
        return {"Members": members, **({"NextToken": token} if token else {})}

    def create_members(self, caller: str, region: str, **given: Any) -> Answer:
        self._only_administrator(caller, region, given["DetectorId"], "CreateMembers")
        assert 1 <= len(given["AccountDetails"]) <= 50, "botocore checks no length"
        results = {
            one["AccountId"]: self._join(caller, region, one["AccountId"], one["Email"])
            for one in given["AccountDetails"]
        }
        return {"UnprocessedAccounts": [{"AccountId": id_, "Result": text} for id_, text in results.items() if text]}

    def _join(self, caller: str, region: str, account: str, given: str) -> str:
        if account == MANAGEMENT and not self.world.service_role:
            return "CannotCreateDetectorInOrganizationMasterAccount"
        return self.join(caller, region, account, given, status="Enabled")

    def _only_administrator(self, caller: str, region: str, detector: str, operation: str) -> None:
        if not self.administers(caller, region) or self.detectors.get((caller, region)) != detector:
            text = "The request is rejected because the caller is not the delegated administrator."
            raise refuse(operation, "BadRequestException", text)


class FakeDetective(Delegated):
    """Detective: one graph for each administrator and Region, members with a volume.

    Attributes:
        volumes: Members that Detective takes no data of, with its word for why.
        unverified: Accounts whose address is wrong.
        takes: Members that it takes.
        refuses: How CreateMembers ends, if it does.
        denies: What IAM says to whoever asks for the configuration; empty where it lets everybody.
    """

    principal = "detective.amazonaws.com"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.graphs: dict[tuple[str, str], str] = {}
        self.enabled: set[tuple[str, str]] = set()
        self.volumes: dict[str, str] = {}
        self.unverified: set[str] = set()
        self.takes = 1200
        self.refuses = ""
        self.denies = ""

    def create_graph(self, account: str, region: str) -> str:
        """What a Detection stack does; an older graph becomes the organization's."""
        arn = f"arn:aws:detective:{region}:{account}:graph:{len(self.graphs):032x}"
        return self.graphs.setdefault((account, region), arn)

    def list_organization_admin_accounts(self, _caller: str, region: str, **given: Any) -> Answer:
        found, token = self.world.pages([one for one in self.listed(region) if not one[1]], given)
        return {
            "Administrators": [{"AccountId": account} for account, _ in found],
            **({"NextToken": token} if token else {}),
        }

    def enable_organization_admin_account(self, caller: str, region: str, *, AccountId: str) -> Answer:  # noqa: N803 (AWS's names)
        self.appoint(caller, region, AccountId, error="ValidationException")
        self.create_graph(AccountId, region)
        return {}

    def disable_organization_admin_account(self, _caller: str, region: str) -> Answer:
        raise AssertionError(f"this deletes the graph of {region}, and up to a year of history with it")

    def list_graphs(self, caller: str, region: str, **given: Any) -> Answer:
        own = [{"Arn": self.graphs[caller, region]}] if (caller, region) in self.graphs else []
        found, token = self.world.pages(own, given)
        return {"GraphList": found, **({"NextToken": token} if token else {})}

    def describe_organization_configuration(self, caller: str, region: str, *, GraphArn: str) -> Answer:  # noqa: N803 (AWS's names)
        if self.denies:
            raise refuse("DescribeOrganizationConfiguration", "AccessDeniedException", self.denies)
        self._only_administrator(caller, region, GraphArn, "DescribeOrganizationConfiguration")
        return {"AutoEnable": (caller, region) in self.enabled}

    def update_organization_configuration(self, caller: str, region: str, *, GraphArn: str, AutoEnable: bool) -> Answer:  # noqa: N803 (AWS's names)
        self._only_administrator(caller, region, GraphArn, "UpdateOrganizationConfiguration")
        if AutoEnable:
            self.enabled.add((caller, region))
        else:
            self.enabled.discard((caller, region))
        return {}

    def list_members(self, caller: str, region: str, **given: Any) -> Answer:
        found, token = self.world.pages(self.members.get((caller, region), {}).items(), given)
        members = [
            {"AccountId": id_, "Status": self.status(region, id_, status, before="VERIFICATION_IN_PROGRESS")}
            | ({"DisabledReason": self.volumes[id_]} if status == "ACCEPTED_BUT_DISABLED" else {})
            for id_, status in found
        ]
        return {"MemberDetails": members, **({"NextToken": token} if token else {})}

    def create_members(self, caller: str, region: str, **given: Any) -> Answer:
        self._only_administrator(caller, region, given["GraphArn"], "CreateMembers")
        if self.refuses:
            raise refuse("CreateMembers", self.refuses, "The request is not valid.")
        assert given["DisableEmailNotification"] is True
        assert 1 <= len(given["Accounts"]) <= 50, "botocore checks no length"
        members = self.members.setdefault((caller, region), {})
        reasons = {}
        for one in given["Accounts"]:
            account = one["AccountId"]
            if len(members) >= self.takes:
                raise refuse("CreateMembers", "ServiceQuotaExceededException", "The graph has too many members.")
            status = "VERIFICATION_FAILED" if account in self.unverified else "ENABLED"
            status = "ACCEPTED_BUT_DISABLED" if account in self.volumes else status
            reasons[account] = self.join(caller, region, account, one["EmailAddress"], status=status)
        return {"UnprocessedAccounts": [{"AccountId": id_, "Reason": text} for id_, text in reasons.items() if text]}

    def _only_administrator(self, caller: str, region: str, graph: str, operation: str) -> None:
        if not self.administers(caller, region) or self.graphs.get((caller, region)) != graph:
            raise refuse(operation, "AccessDeniedException", "The account is not the delegated administrator.")


def accounts(count: int, *, first: int = 200000000000) -> dict[str, str]:
    """So many active accounts, beside the two that every organization has."""
    return {MANAGEMENT: "ACTIVE", SECURITY: "ACTIVE"} | {str(first + n): "ACTIVE" for n in range(count)}


def delegated(world: World, *regions: str) -> World:
    """The world after Detection and Delegation, in these Regions; what was called until then is forgotten."""
    for region in regions:
        if (SECURITY, region) not in world.guardduty.detectors:
            world.guardduty.create_detector(SECURITY, region)
        world.detective.create_graph(SECURITY, region)
        for resource in ("GuardDutyDelegation", "DetectiveDelegation"):
            answer = world.ask("Create", resource, region)
            assert answer["Status"] == "SUCCESS", answer["Reason"]
    world.calls.clear()
    return world


def without_end(fault: str) -> Iterator[str]:
    """A fault that never passes."""
    return cycle([fault])
