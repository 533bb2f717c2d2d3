"""The function that tells one destination of each finding."""

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs.acknowledge import acknowledge

PYTHON_RUNTIME = lambda_.Runtime.PYTHON_3_14
"""The newest that this aws-cdk-lib knows; cdk-nag's AwsSolutions-L1 asks for that. The one place that names it."""

BATCH_SIZE = 5
NOTIFIER_TIMEOUT = Duration.seconds(60)
"""Enough for one message whose every call times out; a contract test holds the two halves together. The notifier
begins another message only while as much time is left, so that a batch is never cut in the middle."""

_SOURCE = Path(__file__).resolve().parents[2] / "lambda_src"


def notifier_code() -> lambda_.Code:
    """The notifier as it lies in the repository: no bundling, no package index, the same hash everywhere."""
    others = [entry.name for entry in sorted(_SOURCE.iterdir()) if entry.name != "notifier"]
    return lambda_.Code.from_asset(str(_SOURCE), exclude=[*others, "**/__pycache__", "**/*.pyc"])


class Notifier(Construct):
    """One function for one destination, all from the same code.

    One each, so that the role reads one queue and one secret, and so that a destination that hangs cannot take the
    others' share of invocations.

    Attributes:
        function: The function.
        role: Its role, for the destination's permissions.
    """

    def __init__(
        self, scope: Construct, id_: str, *, environment: Mapping[str, str], code: lambda_.Code, key: kms.IKey
    ) -> None:
        super().__init__(scope, id_)
        log_group = logs.LogGroup(
            self,
            "Logs",
            encryption_key=key,
            retention=logs.RetentionDays.THREE_MONTHS,
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description="Reads findings of one queue and tells one destination",
        )
        self.role.add_to_policy(
            iam.PolicyStatement(
                actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                # The ARN of a log group ends in `:*`, which stands for its streams.
                resources=[log_group.log_group_arn],
            )
        )
        self.function = lambda_.Function(
            self,
            "Function",
            description="Tells one destination of each GuardDuty finding",
            runtime=PYTHON_RUNTIME,
            architecture=lambda_.Architecture.ARM_64,
            handler="notifier.handler.handler",
            code=code,
            role=self.role,
            environment=dict(environment),
            memory_size=256,
            timeout=NOTIFIER_TIMEOUT,
            log_group=log_group,
            logging_format=lambda_.LoggingFormat.JSON,
        )
        self._acknowledge()

    def _acknowledge(self) -> None:
        reasons = {
            "NIST.800.53.R5-LambdaInsideVPC": "Talks to AWS APIs and to one public webhook and holds no credentials "
            "but its own; a VPC would add a NAT whose outage silences the alerts.",
            "NIST.800.53.R5-LambdaConcurrency": "The event source limits how many run at once; reserved concurrency "
            "would take from the account's pool and cannot be had in accounts with a small one.",
            "NIST.800.53.R5-LambdaDLQ": "Invoked by a queue, which has a dead-letter queue; one on the function "
            "serves asynchronous invocations only.",
            "Serverless-LambdaDLQ": "Invoked by a queue, which has a dead-letter queue; one on the function serves "
            "asynchronous invocations only.",
            "Serverless-LambdaTracing": "One hop from queue to destination; the logs name the finding and the time "
            "it took, and tracing would need permissions on every resource.",
        }
        for rule, reason in reasons.items():
            acknowledge(self.function, rule=rule, reason=reason)
        acknowledge(
            self.role,
            rule="NIST.800.53.R5-IAMNoInlinePolicy",
            reason="Permissions of one function on its own queue, destination and logs; a managed policy could be "
            "attached elsewhere.",
        )
