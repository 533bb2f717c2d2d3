"""GuardDuty and Detective, given into the hands of one account by the management account."""

from collections.abc import Sequence

from constructs import Construct

from infra.constructs.operations import Operations
from infra.constructs.organization_worker import OrganizationWorker
from infra.service_principals import DETECTIVE, GUARDDUTY, MALWARE_PROTECTION


class Delegation(Construct):
    """Trusted access, and the delegated administrator of each service in each Region.

    Args:
        administrator: The account that is appointed.
        regions: Where for GuardDuty; the first is worked on before the others.
        detective_regions: Where for Detective.
        malware_protection: Whether GuardDuty scans volumes, which has a trusted access of its own.
        remove_on_delete: Whether a resource that goes ends GuardDuty's delegation.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        administrator: str,
        regions: Sequence[str],
        detective_regions: Sequence[str],
        malware_protection: bool,
        remove_on_delete: bool,
        operations: Operations,
    ) -> None:
        super().__init__(scope, id_)
        worker = OrganizationWorker(
            self,
            "Organization",
            description="Appoints the administrator of GuardDuty and Detective for the organization",
            operations=operations,
        )
        principals = [GUARDDUTY]
        principals += [DETECTIVE] if detective_regions else []
        principals += [MALWARE_PROTECTION] if malware_protection else []
        self._permit_organization(worker, principals)
        self._permit_services(
            worker, regions=regions, detective_regions=detective_regions, remove_on_delete=remove_on_delete
        )
        common = {"Administrator": administrator, "RemoveOnDelete": str(remove_on_delete).lower()}
        scanning = {"MalwareProtection": str(malware_protection).lower()}
        worker.resources("GuardDuty", "GuardDutyDelegation", dict.fromkeys(regions, common | scanning))
        worker.resources("Detective", "DetectiveDelegation", dict.fromkeys(detective_regions, common))

    def _permit_organization(self, worker: OrganizationWorker, principals: Sequence[str]) -> None:
        worker.allow(
            [
                # GuardDuty asks some of these in the caller's name (GuardDuty user guide, permissions to designate an
                # administrator).
                "organizations:DescribeAccount",
                "organizations:DescribeOrganization",
                "organizations:DescribeOrganizationalUnit",
                "organizations:ListAWSServiceAccessForOrganization",
                "organizations:ListAccounts",
                "organizations:ListDelegatedAdministrators",
            ]
        )
        worker.allow(
            ["organizations:EnableAWSServiceAccess", "organizations:RegisterDelegatedAdministrator"],
            when={"organizations:ServicePrincipal": principals},
        )
        # GuardDuty makes the role of its scans with the plan, by whoever switches that on.
        for principal in (one for one in principals if one != MALWARE_PROTECTION):
            worker.allow_service_role(principal)
        worker.allow_reading_service_role(GUARDDUTY)

    def _permit_services(
        self,
        worker: OrganizationWorker,
        *,
        regions: Sequence[str],
        detective_regions: Sequence[str],
        remove_on_delete: bool,
    ) -> None:
        appointing = ["guardduty:EnableOrganizationAdminAccount", "guardduty:ListOrganizationAdminAccounts"]
        worker.allow(appointing, when={"aws:RequestedRegion": regions})
        if remove_on_delete:
            # Also where the deployment is no more: a Region that was taken out is removed after the role has changed.
            worker.allow(
                ["guardduty:DisableOrganizationAdminAccount", "guardduty:ListOrganizationAdminAccounts"],
            )
        if detective_regions:
            worker.allow(
                # The permission is in the singular, the call is not (service authorization reference).
                ["detective:EnableOrganizationAdminAccount", "detective:ListOrganizationAdminAccount"],
                when={"aws:RequestedRegion": detective_regions},
            )
