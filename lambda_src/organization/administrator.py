"""The delegated administrator of a service: one for the whole organization, never taken from somebody else."""

from collections.abc import Callable
from dataclasses import dataclass

from organization.aws import Aws
from organization.properties import Properties
from organization.refused import Refused
from organization.resource import Ensured
from organization.trusted_access import ensure_trusted_access

FIRST_TIME = frozenset({"InvalidInputException"})
"""What a service says while it is delegated for the first time in another Region; the call may be repeated then
(aws-samples/aws-secure-environment-accelerator#778)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation:
    """How one service is delegated.

    Attributes:
        service: As boto3 names it.
        name: As people call it.
        principal: The service in trusted access.
        listed: Key of the administrators in the answer of ListOrganizationAdminAccounts.
        listed_id: Key of the account id in each.
        enable: Key of the account id in EnableOrganizationAdminAccount.
    """

    service: str
    name: str
    principal: str
    listed: str
    listed_id: str
    enable: str

    def ensure(
        self, aws: Aws, wanted: Properties, *, before: Properties, also_trusted: tuple[str, ...] = ()
    ) -> Ensured:
        """Make the wanted account the administrator in the Region, unless it is.

        Raises:
            Refused: Somebody else is, here or in another Region, or this is not the management account.
        """
        changed = self._appoint(aws, wanted, before=before, also_trusted=also_trusted)
        told = {"Administrator": wanted.administrator, "Changed": "yes" if changed else "no"}
        return Ensured(told=told, found=not changed)

    def _appoint(self, aws: Aws, wanted: Properties, *, before: Properties, also_trusted: tuple[str, ...]) -> bool:
        region, administrator = wanted.region, wanted.administrator
        self._refuse_unless_management(aws)
        # A removal that is under way ends by itself.
        aws.patience.until(
            lambda: not self._leaving(aws, region),
            says=lambda: f"{self.name} in {region}: the former administrator is still being removed",
        )
        current = self._administrators(aws, region)
        self._refuse_others(aws, current, wanted, before=before)
        ensure_trusted_access(aws, (self.principal, *also_trusted))
        if administrator in current:
            return False
        aws.call(
            self.service,
            "enable_organization_admin_account",
            {self.enable: administrator},
            region=region,
            also_busy=FIRST_TIME,
        )
        aws.patience.until(
            lambda: administrator in self._administrators(aws, region),
            says=lambda: f"{self.name} in {region}: account {administrator} is still not listed as administrator",
        )
        return True

    def remove(self, aws: Aws, wanted: Properties, *, disable: Callable[[], object]) -> bool:
        """End the delegation in the Region, if it is still to the account we appointed; True if it was."""
        region = wanted.region
        if wanted.administrator not in self._administrators(aws, region):
            return False
        disable()
        aws.patience.until(
            lambda: wanted.administrator not in self._administrators(aws, region) and not self._leaving(aws, region),
            says=lambda: f"{self.name} in {region}: account {wanted.administrator} is still listed as administrator",
        )
        return True

    def _listed(self, aws: Aws, region: str) -> list[dict[str, str]]:
        return list(aws.pages(self.service, "list_organization_admin_accounts", self.listed, region=region))

    def _administrators(self, aws: Aws, region: str) -> list[str]:
        # Detective's list has no status: whoever is in it is the administrator (botocore detective 1.44.5).
        return [
            one[self.listed_id]
            for one in self._listed(aws, region)
            if one.get("AdminStatus", "ENABLED") != "DISABLE_IN_PROGRESS"
        ]

    def _leaving(self, aws: Aws, region: str) -> bool:
        return any(one.get("AdminStatus") == "DISABLE_IN_PROGRESS" for one in self._listed(aws, region))

    def _refuse_unless_management(self, aws: Aws) -> None:
        organization = aws.call("organizations", "describe_organization")["Organization"]
        management = organization["MasterAccountId"]
        if management != aws.account:
            raise Refused(
                f"{self.name}: this is account {aws.account}, and the management account of organization"
                f" {organization['Id']} is {management}; write it as organization.management_account and deploy there"
            )

    def _refuse_others(self, aws: Aws, current: list[str], wanted: Properties, *, before: Properties) -> None:
        region, administrator = wanted.region, wanted.administrator
        for other in current:
            if other == administrator:
                continue
            ours = other == before.administrator
            raise Refused(
                f"{self.name} in {region}: the delegated administrator is already account {other}"
                f"{', appointed by this stack' if ours else ''}, and account {administrator} is wanted; there can be"
                f" one only, the same in every Region, and its members would be left without any. Write {other} as"
                " account, or have the management account remove it in every Region first (docs/operations.md)"
            )
        for delegated in aws.pages(
            "organizations",
            "list_delegated_administrators",
            "DelegatedAdministrators",
            {"ServicePrincipal": self.principal},
        ):
            if delegated["Id"] != administrator:
                raise Refused(
                    f"{self.name} in {region}: account {delegated['Id']} is registered in the organization as"
                    f" administrator of {self.principal}, and account {administrator} is wanted; {self.name} has the"
                    f" same administrator in every Region. Write {delegated['Id']} as account, or remove it in every"
                    " Region first (docs/operations.md)"
                )
