"""GitHub's word for which job is running, and roles that take it."""

from collections.abc import Mapping, Sequence

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.acknowledge import acknowledge

ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"

PATH = "detection-stack-ci/"
"""Last part of the path of every role here. The policy for CloudFormation denies changes below it
(docs/execution-policy.json), so that what the pipeline deploys cannot widen what the pipeline may do."""


class GitHubTrust(Construct):
    """Roles for jobs of one repository, each for the environments named and no other.

    An account has one provider for each issuer, so one that is there is taken, and one that is made stays when its
    stack goes: other pipelines may use it by then.

    Args:
        repository: As the tokens' subjects name it.
        provider_arn: A provider that is there already.
        role_path: IAM path under which the roles lie.
    """

    def __init__(
        self, scope: Construct, id_: str, *, repository: str, provider_arn: str | None, role_path: str
    ) -> None:
        super().__init__(scope, id_)
        self._repository = repository
        self._path = f"{role_path}{PATH}"
        if provider_arn is None:
            # Without thumbprints: IAM knows the authorities that sign for GitHub (IAM user guide, OIDC providers).
            provider = iam.CfnOIDCProvider(self, "Provider", url=f"https://{ISSUER}", client_id_list=[AUDIENCE])
            provider.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
            self._provider_arn, self._issuer = provider.attr_arn, ISSUER
        else:
            self._provider_arn, self._issuer = provider_arn, provider_arn.partition("oidc-provider/")[2]

    def role(
        self,
        name: str,
        *,
        description: str,
        environments: Sequence[str],
        statements: Sequence[iam.PolicyStatement],
        pull_requests: bool = False,
    ) -> iam.Role:
        """Make a role for jobs in some environments, and an output with its ARN.

        Args:
            name: Its id; the output, `<name>RoleArn`, is what the repository's variable is named after.
            description: What it is for.
            environments: GitHub environments whose jobs may take it.
            statements: What it may do.
            pull_requests: Whether jobs of pull requests, which have no environment, may take it too.
        """
        subjects = [f"repo:{self._repository}:environment:{environment}" for environment in environments]
        subjects += [f"repo:{self._repository}:pull_request"] if pull_requests else []
        role = iam.Role(
            self,
            name,
            description=description,
            path=self._path,
            assumed_by=iam.WebIdentityPrincipal(self._provider_arn, {"StringEquals": self._claims(subjects)}),
        )
        for statement in statements:
            role.add_to_policy(statement)
        acknowledge(
            role,
            rule="NIST.800.53.R5-IAMNoInlinePolicy",
            reason="Permissions of one pipeline in one account; a managed policy could be attached elsewhere.",
        )
        CfnOutput(Stack.of(self), f"{name}RoleArn", value=role.role_arn, description=description)
        return role

    def _claims(self, subjects: Sequence[str]) -> Mapping[str, object]:
        # Equal, never like: a star in a subject lets in branches and repositories that nobody thought of.
        return {f"{self._issuer}:aud": AUDIENCE, f"{self._issuer}:sub": subjects}
