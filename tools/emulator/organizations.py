"""An in-memory organization: its accounts, trusted access, and who administers which service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

PAGE = 20
"""Most accounts of one page (botocore organizations 1.44.5)."""

NOT_IN_USE = "AWSOrganizationsNotInUseException"


class OrganizationsError(Exception):
    """A request that the service refuses.

    Attributes:
        code: The service's name for it.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """What somebody founded by hand, before any stack.

    Attributes:
        accounts: Name of each account by its id, the management account among them; all of them active.
        trusted: Services that may look at the accounts.
        administrators: Account that administers a service, by the service's principal.
    """

    management: str
    accounts: Mapping[str, str]
    trusted: set[str] = field(default_factory=set)
    administrators: dict[str, str] = field(default_factory=dict)


class Organizations:
    """At most one organization, seen from each of its accounts."""

    def __init__(self) -> None:
        self._organization: Organization | None = None

    def found(self, *, management: str, accounts: Mapping[str, str]) -> None:
        """Found the organization; what the people who own the accounts did long ago."""
        self._organization = Organization(management=management, accounts=dict(accounts))

    def of(self, account: str) -> Organization:
        """The organization of an account.

        Raises:
            OrganizationsError: It is in none.
        """
        if self._organization is None or account not in self._organization.accounts:
            raise OrganizationsError(NOT_IN_USE, "Your account is not a member of an organization.")
        return self._organization

    def answer(self, account: str, operation: str, request: Mapping[str, object]) -> Mapping[str, object]:
        """Answer a request of the Organizations API.

        Raises:
            OrganizationsError: The service would refuse it, or it is not offered here.
        """
        ours = self.of(account)
        if operation == "DescribeOrganization":
            return {"Organization": _organization_document(ours)}
        if operation == "EnableAWSServiceAccess":
            self._only(account, {ours.management})
            ours.trusted.add(str(request["ServicePrincipal"]))
            return {}
        self._only(account, {ours.management, *ours.administrators.values()})
        match operation:
            case "ListAccounts":
                return _page("Accounts", [_account_document(ours, id_) for id_ in ours.accounts], request)
            case "ListAWSServiceAccessForOrganization":
                principals = [{"ServicePrincipal": one} for one in sorted(ours.trusted)]
                return _page("EnabledServicePrincipals", principals, request)
            case "ListDelegatedAdministrators":
                service = request.get("ServicePrincipal")
                delegated = [id_ for principal, id_ in ours.administrators.items() if service in (None, principal)]
                return _page("DelegatedAdministrators", [_account_document(ours, id_) for id_ in delegated], request)
        raise OrganizationsError("InvalidInputException", f"{operation} is not offered by this emulator")

    @staticmethod
    def _only(account: str, allowed: set[str]) -> None:
        if account not in allowed:
            raise OrganizationsError(
                "AccessDeniedException", "You don't have permissions to access this resource: another account has."
            )


def email(account: str) -> str:
    """The address of an account's root user."""
    return f"root-{account}@example.com"


def _organization_document(ours: Organization) -> dict[str, object]:
    return {
        "Id": "o-emulated00",
        "Arn": f"arn:aws:organizations::{ours.management}:organization/o-emulated00",
        "FeatureSet": "ALL",
        "MasterAccountId": ours.management,
        "MasterAccountEmail": email(ours.management),
    }


def _account_document(ours: Organization, id_: str) -> dict[str, object]:
    # Without Status, which was retired on 9 September 2026 (botocore organizations 1.44.5).
    return {
        "Id": id_,
        "Arn": f"arn:aws:organizations::{ours.management}:account/o-emulated00/{id_}",
        "Email": email(id_),
        "Name": ours.accounts[id_],
        "State": "ACTIVE",
    }


def _page(key: str, items: Sequence[object], request: Mapping[str, object]) -> dict[str, object]:
    start = int(str(request.get("NextToken", "0")))
    end = start + PAGE
    return {key: list(items[start:end])} | ({"NextToken": str(end)} if end < len(items) else {})
