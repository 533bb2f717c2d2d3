"""GuardDuty for an organization: who administers it, what it switches on for members, and who they are."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from tools.emulator.account_region import AccountRegion
from tools.emulator.administration import Administration, NotManagementError, NotSettledError, RefusedAppointmentError
from tools.emulator.guardduty_rules import GuardDutyError
from tools.emulator.organizations import email

PRINCIPAL = "guardduty.amazonaws.com"
SERVICE_ROLE = "AWSServiceRoleForAmazonGuardDuty"

MODES = ("ALL", "NEW", "NONE")
FEATURES = (
    "AI_PROTECTION",
    "EBS_MALWARE_PROTECTION",
    "EKS_AUDIT_LOGS",
    "EKS_RUNTIME_MONITORING",
    "LAMBDA_NETWORK_LOGS",
    "RDS_LOGIN_EVENTS",
    "RUNTIME_MONITORING",
    "S3_DATA_EVENTS",
)
"""What can be switched on for members (botocore guardduty 1.44.5, OrgFeature)."""

MOST_AT_ONCE = 50
"""Accounts of one CreateMembers (botocore guardduty 1.44.5)."""

Document = Mapping[str, object]


class Detectors(Protocol):
    """What is needed of the detectors."""

    def switch_on(self, place: AccountRegion) -> None:
        """Make a detector where there is none; one that exists is kept."""

    def add_features(self, place: AccountRegion, names: Sequence[str]) -> None:
        """Switch features on; none is switched off."""

    def features_at(self, place: AccountRegion) -> list[dict[str, object]]:
        """What is on and off there, in the words of the API."""


class GuardDutyOrganization:
    """The organization's part of GuardDuty.

    Args:
        administration: Who administers it.
        detectors: The detectors of all accounts and Regions.
        has_role: Whether an account has a role of that name.
    """

    def __init__(
        self, administration: Administration, detectors: Detectors, *, has_role: Callable[[str, str], bool]
    ) -> None:
        self._administration = administration
        self._detectors = detectors
        self._has_role = has_role
        self._configured: dict[AccountRegion, dict[str, Any]] = {}
        self._members: dict[AccountRegion, set[str]] = {}

    def appointing(
        self, place: AccountRegion, method: str, parts: list[str], body: Mapping[str, Any]
    ) -> Document | None:
        """Answer a request of the management account; None for what it is not."""
        try:
            match method, parts:
                case "GET", ["admin"]:
                    account = self._administration.listed(place)
                    return {"adminAccounts": [{"adminAccountId": account, "adminStatus": "ENABLED"}] if account else []}
                case "POST", ["admin", "enable"]:
                    self._administration.appoint(place, str(body.get("adminAccountId")))
                    # As AWS does, and why a Detection stack comes before its delegation.
                    self._detectors.switch_on(AccountRegion(str(body.get("adminAccountId")), place.region))
                    return {}
                case "POST", ["admin", "disable"]:
                    self._dismiss(place, str(body.get("adminAccountId")))
                    return {}
        except NotSettledError as early:
            raise GuardDutyError(str(early), code="InvalidInputException") from early
        except (NotManagementError, RefusedAppointmentError) as refusal:
            raise GuardDutyError(str(refusal)) from refusal
        return None

    def administering(  # noqa: PLR0911  one for each call of the API
        self, place: AccountRegion, method: str, parts: list[str], body: Mapping[str, Any]
    ) -> Document | None:
        """Answer a request about a detector of the administrator, from the part after its id; None for others."""
        match method, parts:
            case (_, ["admin"]) | (_, ["member", *_]):
                self._only_administrator(place)
        match method, parts:
            case "GET", ["admin"]:
                return {"memberAccountLimitReached": False, **self._configuration(place)}
            case "POST", ["admin"]:
                self._configure(place, body)
                return {}
            case "GET", ["member"]:
                return {"members": [_member(place, id_) for id_ in sorted(self._members.get(place, ()))]}
            case "POST", ["member"]:
                return self._create_members(place, body)
            case "POST", ["member", "detector", "get"]:
                return self._member_detectors(place, body)
            case "POST", ["member", "disassociate"]:
                return self._disassociate(place, body)
        return None

    def may_go(self, place: AccountRegion) -> None:
        """Refuse to let a detector go whose account has members (GuardDuty user guide, suspending or disabling)."""
        if self._administration.is_administrator(place) and self._members.get(place):
            raise GuardDutyError("The request is rejected because the account has members: disassociate them first.")

    def _dismiss(self, place: AccountRegion, account: str) -> None:
        if self._members.get(AccountRegion(account, place.region)):
            # (GuardDuty user guide, changing the delegated administrator)
            raise GuardDutyError("The request is rejected because the administrator has members: disassociate them.")
        self._administration.dismiss(place)

    def _configuration(self, place: AccountRegion) -> dict[str, Any]:
        return self._configured.get(place, {"autoEnableOrganizationMembers": "NONE", "features": []})

    def _configure(self, place: AccountRegion, body: Mapping[str, Any]) -> None:
        mode, features = body.get("autoEnableOrganizationMembers"), body.get("features", [])
        if mode not in MODES or "autoEnable" in body or "dataSources" in body:
            raise GuardDutyError(f"autoEnableOrganizationMembers must be one of {', '.join(MODES)}, and stand alone")
        for feature in features:
            if feature["name"] not in FEATURES or feature["autoEnable"] not in MODES:
                raise GuardDutyError(f"feature {feature['name']}: not one that members can have, or not {MODES}")
        kept = {one["name"]: one for one in self._configuration(place)["features"]}
        kept |= {one["name"]: one for one in features}
        self._configured[place] = {"autoEnableOrganizationMembers": mode, "features": list(kept.values())}
        # With ALL the accounts there are get it too, the administrator's own among them.
        for account in {place.account, *self._members.get(place, ())} if mode == "ALL" else ():
            self._cover(place, account)

    def _cover(self, place: AccountRegion, account: str) -> None:
        on = [one["name"] for one in self._configuration(place)["features"] if one["autoEnable"] == "ALL"]
        there = AccountRegion(account, place.region)
        self._detectors.switch_on(there)
        self._detectors.add_features(there, on)

    def _create_members(self, place: AccountRegion, body: Mapping[str, Any]) -> Document:
        given = body.get("accountDetails", [])
        if not 1 <= len(given) <= MOST_AT_ONCE:
            raise GuardDutyError(f"accountDetails must have 1 to {MOST_AT_ONCE} accounts, got {len(given)}")
        unprocessed = []
        for one in given:
            wrong = self._administration.wrong_with(place.account, one["accountId"], one["email"])
            if one["accountId"] == self._management(place) and not self._has_role(one["accountId"], SERVICE_ROLE):
                wrong = "CannotCreateDetectorInOrganizationMasterAccount"
            if wrong:
                unprocessed.append({"accountId": one["accountId"], "result": wrong})
                continue
            self._members.setdefault(place, set()).add(one["accountId"])
            self._cover(place, one["accountId"])
        return {"unprocessedAccounts": unprocessed}

    def _management(self, place: AccountRegion) -> str:
        return self._administration.organizations.of(place.account).management

    def _member_detectors(self, place: AccountRegion, body: Mapping[str, Any]) -> Document:
        members = self._members.get(place, set())
        asked: list[str] = body.get("accountIds", [])
        return {
            "members": [
                {"accountId": id_, "features": self._detectors.features_at(AccountRegion(id_, place.region))}
                for id_ in asked
                if id_ in members
            ],
            "unprocessedAccounts": [
                {"accountId": id_, "result": "The account is not a member."} for id_ in asked if id_ not in members
            ],
        }

    def _disassociate(self, place: AccountRegion, body: Mapping[str, Any]) -> Document:
        if self._configuration(place)["autoEnableOrganizationMembers"] == "ALL":
            raise GuardDutyError("The request is rejected because autoEnableOrganizationMembers is ALL.")
        self._members.get(place, set()).difference_update(body.get("accountIds", []))
        return {"unprocessedAccounts": []}

    def _only_administrator(self, place: AccountRegion) -> None:
        if not self._administration.is_administrator(place):
            raise GuardDutyError(
                "The request is rejected because the caller is not the delegated administrator of the organization."
            )


def _member(place: AccountRegion, account: str) -> dict[str, object]:
    return {
        "accountId": account,
        "masterId": place.account,
        "administratorId": place.account,
        "email": email(account),
        "relationshipStatus": "Enabled",
        "updatedAt": "2026-11-23T04:00:00.000Z",
    }
