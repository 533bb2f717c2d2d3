"""What the stacks of a deployment have in common."""

from aws_cdk import Aws, Environment, IStackSynthesizer, PermissionsBoundary, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.config import Deployment
from infra.constructs.operations import Operations
from infra.constructs.place import Place


class DeploymentStack(Stack):
    """A stack of one deployment in one Region: its account, tags, permissions boundary and role path.

    Where the configuration leaves the account out, the stack goes to the account of whoever deploys, and its template
    is the same in each.

    Attributes:
        place: Where it is deployed.

    Args:
        account: Another account than the deployment's.
        synthesizer: How it is deployed, if not with the roles of bootstrap.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        deployment: Deployment,
        region: str,
        description: str,
        account: str | None = None,
        synthesizer: IStackSynthesizer | None = None,
    ) -> None:
        account = account or deployment.account
        super().__init__(
            scope,
            id_,
            description=description,
            env=Environment(account=account, region=region),
            tags=dict(deployment.tags),
            permissions_boundary=_boundary(deployment.permissions_boundary),
            synthesizer=synthesizer,
        )
        # As the stack itself would say it, but for a word it would ask another process.
        self.place = Place(
            partition=deployment.region(region).partition, region=region, account=account or Aws.ACCOUNT_ID
        )
        self._role_path = deployment.role_path

    def operations(self, deployment: Deployment) -> Operations:
        """Make the topic for the alarms of this stack; once for each stack."""
        return Operations(
            self,
            "Operations",
            emails=deployment.operations.emails,
            runbook_url=deployment.operations.runbook_url,
            account=self.place.account,
        )

    def place_roles(self) -> None:
        """Put every role of the stack under the configured IAM path; called last."""
        if self._role_path == "/":
            return
        for node in self.node.find_all():
            if isinstance(node, iam.CfnRole):
                node.path = self._role_path


def _boundary(name_or_arn: str | None) -> PermissionsBoundary | None:
    if name_or_arn is None:
        return None
    if name_or_arn.startswith("arn:"):
        return PermissionsBoundary.from_arn(name_or_arn)
    return PermissionsBoundary.from_name(name_or_arn)
