"""What the stacks of a deployment have in common."""

from aws_cdk import Aws, Environment, IStackSynthesizer, PermissionsBoundary, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.config import Deployment
from infra.config.regions import LAMBDA_IN_FULL
from infra.constructs.operations import Operations
from infra.constructs.stack_location import StackLocation


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
        self.place = StackLocation(
            partition=deployment.region(region).partition, region=region, account=account or Aws.ACCOUNT_ID
        )
        self._role_path = deployment.role_path

    def operations(self, deployment: Deployment) -> Operations:
        """Make the topic for the alarms of this stack; once for each stack."""
        return Operations(
            self,
            "Operations",
            emails=deployment.operations.emails,
            chat=deployment.operations.chat,
            runbook_url=deployment.operations.runbook_url,
            account=self.place.account,
        )

    def complete(self) -> None:
        """Put every role of the stack under the configured IAM path, and have functions be what the partition has.

        Called last.
        """
        if self._role_path == "/" and self.place.partition in LAMBDA_IN_FULL:
            return
        for node in self.node.find_all():
            if isinstance(node, iam.CfnRole) and self._role_path != "/":
                node.path = self._role_path
            if isinstance(node, lambda_.CfnFunction) and self.place.partition not in LAMBDA_IN_FULL:
                _without_json_logs(node)


def _without_json_logs(function: lambda_.CfnFunction) -> None:
    """Have the function write JSON lines itself (`shared.json_lines`), on the processor that is everywhere."""
    function.add_property_deletion_override("LoggingConfig.LogFormat")
    function.add_property_deletion_override("LoggingConfig.ApplicationLogLevel")
    function.add_property_override("Environment.Variables.LOG_LINES", "JSON")
    function.add_property_override("Architectures", ["x86_64"])


def _boundary(name_or_arn: str | None) -> PermissionsBoundary | None:
    if name_or_arn is None:
        return None
    if name_or_arn.startswith("arn:"):
        return PermissionsBoundary.from_arn(name_or_arn)
    return PermissionsBoundary.from_name(name_or_arn)
