"""Detective's administrator in one Region, appointed by the management account."""

from organization.administrator import Delegation
from organization.aws import Aws
from organization.properties import Properties
from organization.resource import Ensured, Told

DELEGATION = Delegation(
    service="detective",
    name="Detective",
    principal="detective.amazonaws.com",
    listed="Administrators",
    listed_id="AccountId",
    enable="AccountId",
)


class DetectiveDelegation:
    """The administrator; an older graph of that account becomes the graph of the organization."""

    def ensure(self, aws: Aws, wanted: Properties, *, before: Properties) -> Ensured:
        """Appoint the administrator, trusted access first; see `Delegation.ensure`."""
        return DELEGATION.ensure(aws, wanted, before=before)

    def remove(self, aws: Aws, wanted: Properties) -> Told:
        """Leave the administrator: to remove it deletes the graph, and up to a year of history with it, for good.

        (botocore detective 1.44.5, DisableOrganizationAdminAccount.) Whoever means that does it by hand
        (docs/operations.md).
        """
        return {"Administrator": wanted.administrator, "Changed": "no"}
