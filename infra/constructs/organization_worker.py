"""The function that delegates or enrols, and its custom resources: one for each Region and service."""

from collections.abc import Mapping, Sequence

from aws_cdk import Aws, CustomResource, Duration
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.constructs.dead_letter_queue import DeadLetterQueue
from infra.constructs.operations import Operations
from infra.constructs.python_function import PythonFunction, package_code
from infra.service_principals import service_role

PACKAGE = "organization"

AT_ONCE = 4
"""Regions that are worked on at the same time. Organizations is one service for the whole organization and throttles
whoever asks too much of it, other people's pipelines included."""

Value = str | Sequence[str]


class OrganizationWorker(Construct):
    """A function that CloudFormation asks, and that answers it by itself.

    Without the provider framework of the CDK, which would add up to three functions in another language, a state
    machine and their roles to an account where every role is one too many (docs/decisions/0018).

    Attributes:
        function: The function and its role.

    Args:
        role_name: For a role that something else knows by its name.
    """

    def __init__(
        self, scope: Construct, id_: str, *, description: str, operations: Operations, role_name: str | None = None
    ) -> None:
        super().__init__(scope, id_)
        dead_letters = DeadLetterQueue(
            self,
            "DeadLetters",
            label=PACKAGE,
            says="A request of CloudFormation could not be answered three times, so its deployment waits for an hour "
            "and then fails. The function's log says why; deploy again, which is safe.",
            runbook=f"{PACKAGE}-deadletters",
            operations=operations,
        )
        self.function = PythonFunction(
            self,
            "Worker",
            package=PACKAGE,
            description=description,
            environment={},
            code=package_code(PACKAGE),
            key=None,
            # The longest there is: the function waits for what it has begun.
            timeout=Duration.minutes(15),
            accepted={
                "NIST.800.53.R5-LambdaConcurrency": "Invoked by CloudFormation, for a few Regions at once; reserved "
                "concurrency would take from the account's pool.",
                "Serverless-LambdaTracing": "Runs while a stack is deployed; its log, and the reason in the stack's "
                "events, say what it did.",
            },
            dead_letters=dead_letters,
            role_name=role_name,
            keeps_log=True,
        )
        acknowledge(
            self.function.role,
            rule="AwsSolutions-IAM5[Resource::*]",
            reason="Calls of Organizations, GuardDuty and Detective that know no resources (service authorization "
            "reference), or that are about every account; limited to services and Regions of the deployment.",
        )

    def allow(self, actions: Sequence[str], *, on: str = "*", when: Mapping[str, object] | None = None) -> None:
        """Give the function permissions.

        Args:
            actions: What it may do.
            on: The resource; `*` for calls that know none.
            when: Conditions, each with one value or several: `StringEquals` of these.
        """
        self.function.role.add_to_policy(
            iam.PolicyStatement(
                actions=sorted(actions), resources=[on], conditions={"StringEquals": dict(when)} if when else None
            )
        )

    def allow_service_role(self, principal: str) -> None:
        """Let the function have a service make its own role, which it does where it is switched on first."""
        self.allow(["iam:CreateServiceLinkedRole"], on=_service_role(principal), when={"iam:AWSServiceName": principal})

    def allow_reading_service_role(self, principal: str) -> None:
        """Let the function see whether a service has its role: services ask that in the caller's name."""
        self.allow(["iam:GetRole"], on=_service_role(principal))

    def resources(self, service: str, type_: str, properties: Mapping[str, Mapping[str, Value]]) -> None:
        """Make one custom resource for each Region: the first alone, then the others, a few at a time.

        A service that is delegated for the first time refuses other Regions until that is over
        (aws-samples/aws-secure-environment-accelerator#778).

        Args:
            service: Beginning of the resources' ids.
            type_: Type of the resources, which the function knows without `Custom::`.
            properties: What is wanted in each Region, in the order of deployment.
        """
        made: list[CustomResource] = []
        for number, (region, wanted) in enumerate(properties.items()):
            resource = CustomResource(
                self,
                f"{service}-{region}",
                service_token=self.function.arn,
                resource_type=f"Custom::{type_}",
                properties={"Region": region, **wanted},
            )
            if made:
                resource.node.add_dependency(made[max(number - AT_ONCE, 0)])
            made.append(resource)


def _service_role(principal: str) -> str:
    return f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:{service_role(principal)}"
