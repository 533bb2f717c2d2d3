"""What it takes to see that a finding would arrive: `python -m tools selftest`, without `--sample`."""

from collections.abc import Sequence

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.finding_pattern import HEARTBEAT
from infra.constructs.own_events import put_own_events

READING = (
    "events:DescribeRule",
    "events:ListTargetsByRule",
    "lambda:ListFunctions",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
)
"""Where a heartbeat ended, and which function is which destination's."""


def proving(scope: Construct, *, logs_of: str, regions: Sequence[str]) -> list[iam.PolicyStatement]:
    """Permissions to put heartbeats where GuardDuty puts its findings, and to follow them to the notifiers' logs.

    Args:
        scope: In the stack of the account.
        logs_of: Beginning of the names of the notifiers' logs.
        regions: Where findings come from.
    """
    stack = Stack.of(scope)
    where = {"StringEquals": {"aws:RequestedRegion": list(regions)}}
    buses = [
        stack.format_arn(service="events", region=region, resource="event-bus", resource_name="default")
        for region in regions
    ]
    return [
        put_own_events(*buses, detail_type=HEARTBEAT),
        iam.PolicyStatement(actions=list(READING), resources=["*"], conditions=where),
        iam.PolicyStatement(actions=["logs:FilterLogEvents"], resources=[logs_arn(scope, logs_of)], conditions=where),
    ]


def logs_arn(scope: Construct, logs_of: str) -> str:
    """The ARN of logs by the beginning of their names."""
    return Stack.of(scope).format_arn(
        service="logs",
        region="*",
        resource="log-group",
        resource_name=f"{logs_of}*",
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
