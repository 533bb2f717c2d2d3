"""What every EventBridge rule of ours needs beside itself: leave to deliver, and an alarm when it cannot."""

from collections.abc import Sequence

from infra.constructs.operations import Metric, Operations
from infra.constructs.policy import Statement
from infra.constructs.stack_location import StackLocation


def rule_arns(place: StackLocation, names: Sequence[str]) -> list[str]:
    """The ARNs of rules on the default bus of a stack's Region, also before there are any."""
    return [place.arn("events", f"rule/{name}") for name in names]


def from_rules(rule_arns: Sequence[str], *, account: str) -> Statement:
    """Lets these rules, and no other sender, put events on a queue; without the queue.

    A resource policy and no role: with a role an encrypted queue can refuse (EventBridge user guide, resource-based
    policies).
    """
    return {
        "Sid": "EventBridgeRules",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Condition": {
            "ArnEquals": {"aws:SourceArn": list(rule_arns)},
            "StringEquals": {"aws:SourceAccount": account},
        },
    }


def add_rule_alarms(*, rule_name: str, bus_name: str | None, label: str, remedy: str, operations: Operations) -> None:
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
