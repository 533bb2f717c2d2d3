"""The accounts of the organization that can be enrolled."""

from dataclasses import dataclass, field

from organization.aws import Aws
from organization.refused import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account as enrolment needs it; the address is never logged.

    Attributes:
        id: 12 digits.
        email: Address of its root user, which GuardDuty and Detective ask for.
    """

    id: str
    email: str = field(repr=False)


def active_accounts(aws: Aws, *, but: str) -> tuple[Account, ...]:
    """Every active account but one, the administrator, by id.

    At most 20 a page (botocore organizations 1.44.5). `State` says what an account is; `Status` was retired on
    9 September 2026. Accounts that are suspended, pending or closed can have no detector.

    Raises:
        Refused: The organization cannot be read, or does not say of an account what it is.
    """
    found: dict[str, Account] = {}
    for account in aws.pages("organizations", "list_accounts", "Accounts"):
        state = account.get("State")
        if state is None:
            raise Refused(
                f"organizations list_accounts: account {account['Id']} has no State, so that nobody knows whether it is"
                " active; the boto3 of this Lambda runtime is older than that member: choose a newer runtime"
            )
        if state == "ACTIVE" and account["Id"] != but:
            found[account["Id"]] = Account(id=account["Id"], email=account["Email"])
    return tuple(found[id_] for id_ in sorted(found))
