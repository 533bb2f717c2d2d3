"""What the management account gives away: the administration of GuardDuty and Detective."""

from constructs import Construct

from infra.config import Deployment, Organization
from infra.constructs.delegation import Delegation
from infra.constructs.member_role import MemberRole
from infra.stacks.deployment_stack import DeploymentStack
from infra.stacks.order import home_first
from infra.stacks.role_names import reader_name


class DelegationStack(DeploymentStack):
    """The only stack of the management account: one function, and what it may do."""

    def __init__(self, scope: Construct, id_: str, *, deployment: Deployment, organization: Organization) -> None:
        super().__init__(
            scope,
            id_,
            deployment=deployment,
            region=deployment.home_region,
            account=organization.management_account,
            description=f"Appoints the administrator of GuardDuty and Detective ({deployment.name})",
        )
        if deployment.account is None:
            raise ValueError("account: an organization needs the account that is appointed; write it in the deployment")
        Delegation(
            self,
            "Delegation",
            administrator=deployment.account,
            regions=home_first(deployment, deployment.regions),
            detective_regions=home_first(deployment, deployment.detective_regions()),
            malware_protection=deployment.scans_volumes,
            remove_on_delete=organization.remove_on_delete,
            operations=self.operations(deployment),
        )
        if (role := deployment.investigation.member_role) is not None:
            hubs = [hub for hub in deployment.hubs if deployment.investigates(hub)]
            MemberRole(
                self,
                "InvestigationRole",
                deployment=deployment.name,
                name=role.name,
                external_id=role.external_id,
                organizational_units=role.organizational_units,
                account=deployment.account,
                readers=[f"{deployment.role_path}{reader_name(deployment, hub=hub)}" for hub in hubs],
                region=deployment.home_region,
                tags=dict(deployment.tags),
            )
        self.complete()
