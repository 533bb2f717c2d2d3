"""GuardDuty's administrator in one Region, appointed by the management account."""

from organization.administrator import Delegation
from organization.aws import Aws, AwsRefused
from organization.properties import Properties
from organization.resource import Ensured, Told

DELEGATION = Delegation(
    service="guardduty",
    name="GuardDuty",
    principal="guardduty.amazonaws.com",
    listed="AdminAccounts",
    listed_id="AdminAccountId",
    enable="AdminAccountId",
)

MALWARE_PROTECTION = "malware-protection.guardduty.amazonaws.com"

SERVICE_ROLE = "AWSServiceRoleForAmazonGuardDuty"


class GuardDutyDelegation:
    """The administrator, and what the management account needs before it can become a member itself."""

    def ensure(self, aws: Aws, wanted: Properties, *, before: Properties) -> Ensured:
        """Appoint the administrator, trusted access first; see `Delegation.ensure`."""
        also = (MALWARE_PROTECTION,) if wanted.yes("MalwareProtection") else ()
        ensured = DELEGATION.ensure(aws, wanted, before=before, also_trusted=also)
        _ensure_service_role(aws)
        return ensured

    def remove(self, aws: Aws, wanted: Properties) -> Told:
        """End the delegation; GuardDuty stays on in members (GuardDuty user guide, organizations)."""
        changed = DELEGATION.remove(
            aws,
            wanted,
            disable=lambda: aws.call(
                "guardduty",
                "disable_organization_admin_account",
                {"AdminAccountId": wanted.administrator},
                region=wanted.region,
            ),
        )
        return {"Changed": "yes" if changed else "no"}


def _ensure_service_role(aws: Aws) -> None:
    """The management account can be a member once it has GuardDuty, or this role.

    (GuardDuty user guide, add members.)
    """
    try:
        aws.call("iam", "get_role", {"RoleName": SERVICE_ROLE})
    except AwsRefused as refused:
        if refused.code != "NoSuchEntity":
            raise
        try:
            aws.call("iam", "create_service_linked_role", {"AWSServiceName": "guardduty.amazonaws.com"})
        except AwsRefused as taken:
            # Another Region's resource was quicker.
            if taken.code != "InvalidInput" or "has been taken" not in str(taken):
                raise
