"""Roles for a pipeline, deployed by a person: the pipeline can take them and not change them."""

from aws_cdk import CliCredentialsStackSynthesizer
from constructs import Construct

from infra.config import Ci, Deployment, Organization
from infra.config.stack_names import beginning
from infra.constructs.ci_access import CiAccess, TrustedEnvironments
from infra.constructs.github_trust import GitHubTrust
from infra.constructs.live_reading import MANAGEMENT, SECURITY, SECURITY_OF_ORGANIZATION
from infra.stacks.deployment_stack import DeploymentStack


class CiAccessStack(DeploymentStack):
    """The pipeline's roles in the security account. Without the roles of bootstrap: those are what it gives away."""

    def __init__(self, scope: Construct, id_: str, *, deployment: Deployment, ci: Ci) -> None:
        super().__init__(
            scope,
            id_,
            deployment=deployment,
            region=deployment.home_region,
            description=f"Lets a pipeline deploy and verify ({deployment.name})",
            synthesizer=CliCredentialsStackSynthesizer(),
        )
        CiAccess(
            self,
            "Ci",
            github=GitHubTrust(
                self,
                "GitHub",
                repository=ci.repository,
                provider_arn=ci.oidc_provider_arn,
                role_path=deployment.role_path,
            ),
            deployment=deployment.name,
            prefix="",
            regions=deployment.regions,
            read_regions=deployment.regions,
            read=SECURITY if deployment.organization is None else SECURITY_OF_ORGANIZATION,
            trusted=TrustedEnvironments(
                deploying=ci.environments, looking=[ci.nightly_environment], pull_requests=ci.pull_requests
            ),
            compares=True,
            proves=beginning(deployment, "Response"),
        )


class ManagementCiAccessStack(DeploymentStack):
    """The pipeline's roles in the management account, where one stack is deployed in one Region."""

    def __init__(
        self, scope: Construct, id_: str, *, deployment: Deployment, ci: Ci, organization: Organization
    ) -> None:
        super().__init__(
            scope,
            id_,
            deployment=deployment,
            region=deployment.home_region,
            account=organization.management_account,
            description=f"Lets a pipeline deploy and verify the delegation ({deployment.name})",
            synthesizer=CliCredentialsStackSynthesizer(),
        )
        CiAccess(
            self,
            "Ci",
            github=GitHubTrust(
                self,
                "GitHub",
                repository=ci.repository,
                provider_arn=ci.management_oidc_provider_arn,
                role_path=deployment.role_path,
            ),
            deployment=deployment.name,
            prefix="Management",
            regions=[deployment.home_region],
            # Its administrators are named Region by Region.
            read_regions=deployment.regions,
            read=MANAGEMENT,
            trusted=TrustedEnvironments(deploying=[ci.management_environment], looking=[ci.nightly_environment]),
            compares=False,
        )
