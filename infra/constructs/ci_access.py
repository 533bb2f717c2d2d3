"""What a pipeline may do in one account: take the roles of bootstrap, look, or send a heartbeat."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import DefaultStackSynthesizer, Stack, Token
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.constructs.github_trust import GitHubTrust
from infra.constructs.live_reading import Reading, reading
from infra.constructs.proving import logs_arn, proving

SESSIONS = "detection-stack-*"
"""Names of the sessions that the pipeline opens: CloudTrail shows them beside every change (CDK_ROLE_SESSION_NAME)."""

DEPLOYING = ("deploy-role", "file-publishing-role", "lookup-role")
"""Roles of bootstrap that `cdk deploy` takes. There are no images, so not the role that publishes them; the role of
CloudFormation itself is taken by CloudFormation only."""

COMPARING = ("lookup-role",)
"""The one that `cdk diff --method=template` takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedEnvironments:
    """GitHub environments, by what their jobs may do.

    Attributes:
        deploying: May deploy.
        looking: May look at what is live, beside those that deploy.
        pull_requests: Whether pull requests may compare.
    """

    deploying: Sequence[str]
    looking: Sequence[str]
    pull_requests: bool = False


class CiAccess(Construct):
    """The roles of a pipeline in one account.

    No role can do anything by itself but read, and send heartbeats: to deploy means to take a role of bootstrap, of
    this account, in a Region of the deployment.

    Args:
        deployment: Name of the deployment, the beginning of its stacks' names.
        prefix: Beginning of the roles' names.
        regions: Regions that are deployed to.
        read_regions: Regions that are looked at.
        read: What there is to look at.
        compares: Whether there is a role that only compares with what is live.
        proves: Beginning of the names of the notifiers' logs, if there is a role that follows heartbeats to them.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        github: GitHubTrust,
        deployment: str,
        prefix: str,
        regions: Sequence[str],
        read_regions: Sequence[str],
        read: Reading,
        trusted: TrustedEnvironments,
        compares: bool,
        proves: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        where = f"of {deployment}" if not prefix else f"of {deployment} in the management account"
        github.role(
            f"{prefix}Deploy",
            description=f"Lets the pipeline {where} take the roles of cdk bootstrap, to deploy",
            environments=trusted.deploying,
            statements=[self._bootstrap(DEPLOYING, regions)],
        )
        if compares:
            github.role(
                f"{prefix}Diff",
                description=f"Lets the pipeline {where} compare with what is live",
                environments=trusted.deploying,
                pull_requests=trusted.pull_requests,
                statements=[self._bootstrap(COMPARING, regions)],
            )
        looking = github.role(
            f"{prefix}Verify",
            description=f"Lets the pipeline {where} see whether what is live is as declared",
            environments=[*trusted.deploying, *trusted.looking],
            statements=reading(stacks=self._stacks(deployment), regions=read_regions, read=read),
        )
        self._acknowledge(
            looking,
            self._stacks(deployment),
            why="Stacks by the beginning of their names: CloudFormation ends their ARNs with an id of its own.",
        )
        if proves:
            role = github.role(
                f"{prefix}Prove",
                description=f"Lets the pipeline {where} see that a finding would arrive",
                environments=trusted.deploying,
                statements=proving(self, logs_of=proves, regions=regions),
            )
            self._acknowledge(
                role,
                logs_arn(self, proves),
                why="Logs of the notifiers by the beginning of their names, which CloudFormation makes.",
            )

    def _bootstrap(self, roles: Sequence[str], regions: Sequence[str]) -> iam.PolicyStatement:
        stack = Stack.of(self)
        qualifier = (
            self.node.try_get_context("@aws-cdk/core:bootstrapQualifier") or DefaultStackSynthesizer.DEFAULT_QUALIFIER
        )
        return iam.PolicyStatement(
            actions=["sts:AssumeRole"],
            resources=[
                stack.format_arn(
                    service="iam",
                    region="",
                    resource="role",
                    resource_name=f"cdk-{qualifier}-{role}-{stack.account}-{region}",
                )
                for role in roles
                for region in regions
            ],
            conditions={"StringLike": {"sts:RoleSessionName": SESSIONS}},
        )

    def _stacks(self, deployment: str) -> str:
        return Stack.of(self).format_arn(
            service="cloudformation", region="*", resource="stack", resource_name=f"{deployment}-*/*"
        )

    def _acknowledge(self, role: iam.Role, arn: str, *, why: str) -> None:
        account = Stack.of(self).account
        # As the report prints it.
        printed = arn.replace(account, "<AWS::AccountId>" if Token.is_unresolved(account) else account)
        acknowledge(
            role,
            rule="AwsSolutions-IAM5[Resource::*]",
            reason="Calls that only read: they know no resources, or resources whose names only CloudFormation knows; "
            "in the Regions of the deployment, and IAM and Organizations, which have none.",
        )
        acknowledge(
            role,
            rule=f"AwsSolutions-IAM5[Resource::{printed}]",
            reason=why,
        )
