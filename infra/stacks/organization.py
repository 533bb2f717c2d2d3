"""What the administrator says about the accounts of the organization."""

import hashlib
import json
from collections.abc import Mapping

from constructs import Construct

from infra.config import VOLUME_SCANS, Deployment, Organization
from infra.constructs.enrolment import Enrolment, MemberPlans
from infra.stacks.deployment_stack import DeploymentStack
from infra.stacks.order import home_first
from infra.stacks.role_names import enroller_name


class OrganizationStack(DeploymentStack):
    """Who is enrolled, with which plans, in every Region: one function in the home Region of the security account."""

    def __init__(self, scope: Construct, id_: str, *, deployment: Deployment, organization: Organization) -> None:
        super().__init__(
            scope,
            id_,
            deployment=deployment,
            region=deployment.home_region,
            description=f"Enrols the accounts of the organization in GuardDuty and Detective ({deployment.name})",
        )

        def plans(region: str) -> MemberPlans | None:
            if not deployment.states_member_plans(region):
                return None
            on = deployment.member_features(region)
            return MemberPlans(on=on, off=[one for one in deployment.offered_to_members(region) if one not in on])

        Enrolment(
            self,
            "Enrolment",
            deployment=deployment.name,
            role_name=enroller_name(deployment),
            enroll=organization.enroll,
            plans={
                region: plans(region)
                for region in home_first(deployment, deployment.regions)
                if deployment.states_enrolment(region)
            },
            agents=deployment.guardduty.runtime_monitoring_agents,
            detective_enroll=deployment.detective_enroll,
            detective_regions=home_first(deployment, deployment.detective_enrolment_regions()),
            enroll_again=organization.enroll_again.isoformat() if organization.enroll_again else "",
            tags_digest=_digest(deployment.tags) if deployment.tags else "",
            malware_protection=any(VOLUME_SCANS in deployment.member_features(region) for region in deployment.regions),
            opt_in_regions=[region for region in deployment.regions if deployment.region(region).opt_in],
            remove_on_delete=organization.remove_on_delete,
            operations=self.operations(deployment),
        )
        self.complete()


def _digest(tags: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(dict(tags), sort_keys=True).encode()).hexdigest()[:12]
