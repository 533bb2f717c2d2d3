"""What every EventBridge rule of ours needs beside itself: leave to deliver, and an alarm when it cannot."""

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.operations import Metric, Operations


def rule_arns(scope: Construct, names: Sequence[str]) -> list[str]:
    """The ARNs of rules on the default bus of the scope's Region, also before there are any."""
    before = Stack.of(scope).format_arn(service="events", resource="rule", resource_name="")
    return [f"{before}{name}" for name in names]


def allow_rules(queue: sqs.Queue, rule_arns: Sequence[str]) -> None:
    """Let these rules, and no other sender, put events on the queue.

    A resource policy and no role: with a role an encrypted queue can refuse (EventBridge user guide, resource-based
    policies).
    """
    queue.add_to_resource_policy(
        iam.PolicyStatement(
            sid="EventBridgeRules",
            principals=[iam.ServicePrincipal("events.amazonaws.com")],
            actions=["sqs:SendMessage"],
            resources=[queue.queue_arn],
            conditions={
                "ArnEquals": {"aws:SourceArn": list(rule_arns)},
                "StringEquals": {"aws:SourceAccount": Stack.of(queue).account},
            },
        )
    )


def watch_rule(*, rule_name: str, bus_name: str | None, label: str, remedy: str, operations: Operations) -> None:
    """Alarm when the rule cannot deliver, and when it cannot even put the event on its dead-letter queue.

    Args:
        rule_name: Name of the rule.
        bus_name: Its bus; None for the default bus, whose metrics carry no bus dimension (EventBridge user guide,
            monitoring).
        label: What a person calls the rule.
        remedy: What a person does about it, a sentence.
        operations: Who is told.
    """
    dimensions = {"RuleName": rule_name} | ({"EventBusName": bus_name} if bus_name else {})
    meanings = {
        "FailedInvocations": "could not deliver a finding",
        "InvocationsFailedToBeSentToDlq": "lost a finding: neither its target nor its dead-letter queue took it",
    }
    for name, meaning in meanings.items():
        operations.alarm_above(
            f"{label}-{name}",
            metric=Metric(namespace="AWS/Events", name=name, dimensions=dimensions),
            limit=0,
            says=f"The EventBridge rule {label} {meaning}. {remedy}",
            runbook=name.lower(),
        )
