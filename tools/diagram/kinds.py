"""Every type of resource that the templates hold, and how the picture shows it; an unknown one is refused by name."""

from collections.abc import Mapping

from tools.diagram.model import UndrawableError

DRAWN: Mapping[str, str] = {
    "AWS::CloudFormation::StackSet": "stack set",
    "AWS::CloudWatch::Alarm": "alarms",
    "AWS::Detective::Graph": "detective",
    "AWS::DynamoDB::Table": "table",
    "AWS::Events::Archive": "archive",
    "AWS::Events::EventBus": "bus",
    "AWS::Events::Rule": "rule",
    "AWS::GuardDuty::Detector": "guardduty",
    "AWS::GuardDuty::Filter": "filter",
    "AWS::GuardDuty::IPSet": "trusted list",
    "AWS::GuardDuty::TrustedEntitySet": "trusted list",
    "AWS::IAM::OIDCProvider": "identity provider",
    "AWS::IAM::Role": "role",
    "AWS::KMS::Key": "key",
    "AWS::Lambda::Function": "function",
    "AWS::SNS::Topic": "topic",
    "AWS::SQS::Queue": "queue",
    "AWS::Scheduler::Schedule": "schedule",
    "AWS::StepFunctions::StateMachine": "machine",
}
"""What has an icon, and the kind of the node."""

FOLDED: Mapping[str, str] = {
    "AWS::CloudWatch::Dashboard": "counted with the alarms, beside which one looks at it",
    "AWS::IAM::Policy": "becomes the lines from the function or machine whose role has it",
    "AWS::Lambda::EventSourceMapping": "becomes the line from a queue to its function",
    "AWS::Logs::MetricFilter": "counted with the alarms, for which it counts",
    "AWS::SNS::Subscription": "becomes the line from a topic to a person",
    "Custom::DetectiveDelegation": "becomes the line from the function that appoints to what it appoints for",
    "Custom::DetectiveOrganization": "becomes the line from the function that enrols to the member accounts",
    "Custom::GuardDutyDelegation": "becomes the line from the function that appoints to what it appoints for",
    "Custom::GuardDutyOrganization": "becomes the line from the function that enrols to the member accounts",
}
"""What has none, but changes what others look like."""

NOT_DRAWN: Mapping[str, str] = {
    "AWS::Lambda::Permission": "says from the other side what a rule's target says already",
    "AWS::Logs::LogGroup": "one beside each function, which tells nobody anything about the flow",
    "AWS::SNS::TopicPolicy": "says from the other side who publishes; docs/permissions.md has it",
    "AWS::SQS::QueuePolicy": "says from the other side who sends; docs/permissions.md has it",
}
"""What the picture leaves out, and why."""


def kind_of(type_: str, *, where: str) -> str | None:
    """The kind of node that a resource becomes; None if it becomes none.

    Raises:
        UndrawableError: Nobody has said yet how this type is drawn.
    """
    if type_ in DRAWN:
        return DRAWN[type_]
    if type_ in FOLDED or type_ in NOT_DRAWN:
        return None
    raise UndrawableError(
        f"{where}: is a {type_}, of which nobody has said how it is drawn; add it to DRAWN, FOLDED or NOT_DRAWN in "
        "tools/diagram/kinds.py"
    )
