"""An in-memory Detective: one behavior graph for an account and Region, and the graph of an organization."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from tools.emulator.account_region import AccountRegion
from tools.emulator.administration import Administration, NotManagementError, NotSettledError, RefusedAppointmentError
from tools.emulator.investigations import Investigations
from tools.emulator.organizations import Organizations, email

PRINCIPAL = "detective.amazonaws.com"

WITHOUT_DETECTIVE = frozenset(
    {
        "ap-east-2",
        "ap-northeast-3",
        "ap-south-2",
        "ap-southeast-3",
        "ap-southeast-4",
        "ap-southeast-5",
        "ap-southeast-6",
        "ap-southeast-7",
        "ca-west-1",
        "cn-north-1",
        "cn-northwest-1",
        "eu-central-2",
        "eu-south-2",
        "me-central-1",
        "mx-central-1",
    }
)
"""Regions with GuardDuty and no Detective (endpoint data of botocore 1.44.5)."""

MOST_MEMBERS = 1200
"""Members of one graph (Detective administration guide, quotas)."""


class DetectiveError(Exception):
    """A request that the service refuses.

    Attributes:
        code: The service's name for it.
    """

    def __init__(self, text: str, *, code: str = "ValidationException") -> None:
        super().__init__(text)
        self.code = code


class Detective:
    """The graphs of any number of accounts and Regions."""

    def __init__(self, *, administration: Administration | None = None) -> None:
        self._administration = administration or Administration(PRINCIPAL, Organizations())
        self._graphs: dict[AccountRegion, str] = {}
        self._enrols: set[AccountRegion] = set()
        self._members: dict[AccountRegion, set[str]] = {}
        self._investigations = Investigations()

    def create_graph(self, place: AccountRegion) -> str:
        """Switch Detective on; returns the graph's ARN, which is that of the graph there is, if there is one.

        (botocore detective 1.44.5, CreateGraph.)

        Raises:
            DetectiveError: The Region has no Detective.
        """
        if place.region in WITHOUT_DETECTIVE:
            raise DetectiveError(f"Detective is not offered in {place.region}; leave AWS::Detective::Graph out there")
        if place not in self._graphs:
            self._graphs[place] = f"arn:aws:detective:{place.region}:{place.account}:graph:{uuid4().hex}"
        return self._graphs[place]

    def graph(self, place: AccountRegion) -> str | None:
        """The ARN of the graph there; None if there is none."""
        return self._graphs.get(place)

    def delete_graph(self, place: AccountRegion, arn: str) -> None:
        """Switch Detective off."""
        if self._graphs.get(place) != arn:
            raise DetectiveError(f"{arn} is not a graph of account {place.account} in {place.region}")
        del self._graphs[place]
        self._members.pop(place, None)

    def answer(self, place: AccountRegion, path: str, body: Mapping[str, Any]) -> Mapping[str, object] | None:
        """Answer a request of the Detective REST API; None for what is not offered.

        Raises:
            DetectiveError: The service would refuse it.
        """
        try:
            return self._asked(place, path, body)
        except NotSettledError as early:
            raise DetectiveError(str(early), code="InvalidInputException") from early
        except (NotManagementError, RefusedAppointmentError) as refusal:
            raise DetectiveError(str(refusal)) from refusal

    def _asked(self, place: AccountRegion, path: str, body: Mapping[str, Any]) -> Mapping[str, object] | None:
        match path:
            case "/graphs/list":
                graph = self.graph(place)
                return {"GraphList": [{"Arn": graph}] if graph else []}
            case "/graph/removal":
                self.delete_graph(place, body["GraphArn"])
                return {}
            case "/orgs/adminAccountslist":
                account = self._administration.listed(place)
                return {"Administrators": [{"AccountId": account}] if account else []}
            case "/orgs/enableAdminAccount":
                self._administration.appoint(place, body["AccountId"])
                # An older graph of the account becomes the organization's (Detective guide, designate administrator).
                self.create_graph(AccountRegion(body["AccountId"], place.region))
                return {}
        if path in {
            "/orgs/describeOrganizationConfiguration",
            "/orgs/updateOrganizationConfiguration",
            "/graph/members",
            "/graph/members/list",
        }:
            self._only_administrator(place, body)
            return self._administered(place, path, body)
        asked = path.startswith("/investigations/") and body.get("GraphArn") == self.graph(place)
        return self._investigations.answer(path, body) if asked else None

    def _administered(self, place: AccountRegion, path: str, body: Mapping[str, Any]) -> Mapping[str, object]:
        match path:
            case "/orgs/describeOrganizationConfiguration":
                return {"AutoEnable": place in self._enrols}
            case "/orgs/updateOrganizationConfiguration":
                (self._enrols.add if body["AutoEnable"] else self._enrols.discard)(place)
                return {}
            case "/graph/members":
                return self._create_members(place, body)
        members = sorted(self._members.get(place, ()))
        return {
            "MemberDetails": [{"AccountId": id_, "EmailAddress": email(id_), "Status": "ENABLED"} for id_ in members]
        }

    def _create_members(self, place: AccountRegion, body: Mapping[str, Any]) -> Mapping[str, object]:
        members, unprocessed = self._members.setdefault(place, set()), []
        for one in body["Accounts"]:
            wrong = self._administration.wrong_with(place.account, one["AccountId"], one["EmailAddress"])
            if one["AccountId"] in members:
                wrong = "The account is already a member."
            elif len(members) >= MOST_MEMBERS:
                raise DetectiveError("The graph has too many members.", code="ServiceQuotaExceededException")
            if wrong:
                unprocessed.append({"AccountId": one["AccountId"], "Reason": wrong})
            else:
                members.add(one["AccountId"])
        return {"Members": [], "UnprocessedAccounts": unprocessed}

    def _only_administrator(self, place: AccountRegion, body: Mapping[str, Any]) -> None:
        if not self._administration.is_administrator(place) or self._graphs.get(place) != body.get("GraphArn"):
            raise DetectiveError(
                "The account is not the delegated administrator of the organization.", code="AccessDeniedException"
            )
