"""The accounts in which CloudFormation makes our stacks, and what it makes there."""

from dataclasses import dataclass
from pathlib import Path

from infra.service_principals import DETECTIVE, GUARDDUTY, MALWARE_PROTECTION

_DOCS = Path(__file__).parents[2] / "docs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One of them; tests compare each with its templates.

    Attributes:
        name: As the command line says it.
        file: Where its policy belongs.
        types: Types of the stacks that the pipeline deploys there; those of custom resources are ours.
        role_takers: Services to which CloudFormation passes roles of ours.
        service_roles: Services that make a role for themselves when they are switched on.
    """

    name: str
    file: Path
    types: tuple[str, ...]
    role_takers: tuple[str, ...]
    service_roles: tuple[str, ...] = ()


SECURITY = Place(
    name="security",
    file=_DOCS / "execution-policy.json",
    types=(
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::Detective::Graph",
        "AWS::DynamoDB::Table",
        "AWS::Events::Archive",
        "AWS::Events::EventBus",
        "AWS::Events::Rule",
        "AWS::GuardDuty::Detector",
        "AWS::GuardDuty::Filter",
        "AWS::GuardDuty::IPSet",
        "AWS::GuardDuty::TrustedEntitySet",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
        "AWS::KMS::Key",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::Function",
        "AWS::Lambda::Permission",
        "AWS::Logs::LogGroup",
        "AWS::Logs::MetricFilter",
        "AWS::SNS::Subscription",
        "AWS::SNS::Topic",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::Queue",
        "AWS::SQS::QueuePolicy",
        "AWS::Scheduler::Schedule",
        "AWS::StepFunctions::StateMachine",
    ),
    role_takers=("events.amazonaws.com", "lambda.amazonaws.com", "scheduler.amazonaws.com", "states.amazonaws.com"),
    service_roles=(
        DETECTIVE,
        GUARDDUTY,
        MALWARE_PROTECTION,
    ),
)
"""The account of GuardDuty's administrator, or the only one."""

MANAGEMENT = Place(
    name="management",
    file=_DOCS / "execution-policy-management.json",
    types=(
        "AWS::CloudFormation::StackSet",
        "AWS::CloudWatch::Alarm",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
        "AWS::Lambda::Function",
        "AWS::Logs::LogGroup",
        "AWS::SNS::Subscription",
        "AWS::SNS::Topic",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::Queue",
        "AWS::SQS::QueuePolicy",
    ),
    role_takers=("lambda.amazonaws.com",),
)
"""The organization's management account."""

PLACES = (SECURITY, MANAGEMENT)
