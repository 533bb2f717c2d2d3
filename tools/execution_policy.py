"""docs/execution-policy.json: what CloudFormation needs to make our stacks, in place of AdministratorAccess.

Written from the resource schemas that cfn-lint ships: each names, for each of its types, the permissions that
CloudFormation's handlers need. What a handler needs only for a property that no stack of ours sets is left out.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from infra.config.generated_file import keep_current
from infra.constructs.github_trust import PATH

POLICY_FILE = Path(__file__).parents[1] / "docs" / "execution-policy.json"

MOST_CHARACTERS = 6144
"""Characters of a managed policy, without white space (IAM user guide, quotas)."""

SCHEMAS_OF = "eu-west-1"
"""Region whose schemas are asked; it has every type. What a handler needs is the same everywhere."""

TYPES = (
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
)
"""Types of the stacks that the pipeline deploys; a test compares them with the templates."""

OPT_IN_TYPES = ("AWS::CloudFormation::StackSet",)
"""Types that one setting asks for, in one account: what they need does not fit beside the rest in a managed policy, and
docs/permissions.md lists it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unused:
    """Permissions that a type's handlers need for something that no stack of ours does.

    Attributes:
        properties: Properties of the type that would need them; none is in a template of ours.
        actions: The permissions; a star at the end stands for all that begin so.
        reason: Where the schema names them for no property of its own.
    """

    type: str
    properties: tuple[str, ...]
    actions: tuple[str, ...]
    reason: str = ""


UNUSED = (
    Unused(
        type="AWS::DynamoDB::Table",
        properties=("ImportSourceSpecification",),
        actions=("dynamodb:DescribeImport", "dynamodb:ImportTable", "s3:*", "logs:*"),
    ),
    Unused(
        type="AWS::DynamoDB::Table",
        properties=("KinesisStreamSpecification",),
        actions=(
            "dynamodb:DisableKinesisStreamingDestination",
            "dynamodb:EnableKinesisStreamingDestination",
            "dynamodb:UpdateKinesisStreamingDestination",
            "kinesis:*",
        ),
    ),
    Unused(type="AWS::DynamoDB::Table", properties=("SSESpecification",), actions=("kms:*",)),
    Unused(
        type="AWS::DynamoDB::Table",
        properties=("ContributorInsightsSpecification",),
        actions=("dynamodb:UpdateContributorInsights", "iam:CreateServiceLinkedRole"),
    ),
    Unused(
        type="AWS::DynamoDB::Table",
        properties=("ResourcePolicy",),
        actions=("dynamodb:DeleteResourcePolicy", "dynamodb:PutResourcePolicy"),
    ),
    Unused(
        type="AWS::DynamoDB::Table",
        properties=(),
        actions=(
            "dynamodb:AssociateTableReplica",
            "dynamodb:BatchWriteItem",
            "dynamodb:CreateTableReplica",
            "dynamodb:DeleteItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:Scan",
            "dynamodb:UpdateItem",
        ),
        reason="for replicas, which are of another type; what is in the tables is none of CloudFormation's business",
    ),
    Unused(type="AWS::Events::Archive", properties=("KmsKeyIdentifier",), actions=("kms:*",)),
    Unused(type="AWS::Events::EventBus", properties=("KmsKeyIdentifier",), actions=("kms:*",)),
    Unused(
        type="AWS::IAM::Policy",
        properties=("Groups", "Users"),
        actions=(
            "iam:DeleteGroupPolicy",
            "iam:DeleteUserPolicy",
            "iam:GetGroupPolicy",
            "iam:GetUserPolicy",
            "iam:PutGroupPolicy",
            "iam:PutUserPolicy",
        ),
    ),
    Unused(
        type="AWS::IAM::Role",
        properties=("ManagedPolicyArns",),
        actions=("iam:AttachRolePolicy", "iam:DetachRolePolicy"),
    ),
    Unused(type="AWS::Lambda::EventSourceMapping", properties=("KmsKeyArn",), actions=("kms:*",)),
    Unused(type="AWS::Lambda::Function", properties=("KmsKeyArn",), actions=("kms:*",)),
    Unused(type="AWS::Lambda::Function", properties=("VpcConfig",), actions=("ec2:*",)),
    Unused(
        type="AWS::Lambda::Function",
        properties=("FileSystemConfigs",),
        actions=("elasticfilesystem:*", "s3files:*"),
    ),
    Unused(
        type="AWS::Lambda::Function",
        properties=("CapacityProviderConfig",),
        actions=("lambda:PassCapacityProvider",),
    ),
    Unused(
        type="AWS::Logs::LogGroup",
        properties=(),
        actions=("firehose:*", "s3:*", "logs:CreateLogDelivery"),
        reason="for deliveries of other services' logs, which are types of their own",
    ),
    Unused(type="AWS::SNS::Subscription", properties=("SubscriptionRoleArn",), actions=("iam:*",)),
    Unused(type="AWS::SNS::Topic", properties=("DeliveryStatusLogging",), actions=("iam:*",)),
    Unused(type="AWS::StepFunctions::StateMachine", properties=("EncryptionConfiguration",), actions=("kms:*",)),
    Unused(type="AWS::StepFunctions::StateMachine", properties=("DefinitionS3Location",), actions=("s3:*",)),
)

ROLE_TAKERS = ("events.amazonaws.com", "lambda.amazonaws.com", "scheduler.amazonaws.com", "states.amazonaws.com")
"""Services to which CloudFormation passes roles of ours."""

CUSTOM_RESOURCES = ("lambda:InvokeFunction",)
"""CloudFormation asks the functions of custom resources with its own role."""

SERVICE_ROLES = (
    "detective.amazonaws.com",
    "guardduty.amazonaws.com",
    "malware-protection.guardduty.amazonaws.com",
)
"""Services that make a role for themselves when they are switched on."""


@cache
def needed(type_: str) -> frozenset[str]:
    """What CloudFormation's handlers of a type need, without what is for properties that we do not set."""
    handlers = PROVIDER_SCHEMA_MANAGER.get_resource_schema(SCHEMAS_OF, type_).schema["handlers"]
    # `list` is for what looks for resources that no stack has.
    named = {one for name, handler in handlers.items() if name != "list" for one in handler["permissions"]}
    unused = [action for one in UNUSED if one.type == type_ for action in one.actions]
    return frozenset(action for action in named if not any(_covers(pattern, action) for pattern in unused))


def _covers(pattern: str, action: str) -> bool:
    return action.startswith(pattern[:-1]) if pattern.endswith("*") else action == pattern


def policy() -> dict[str, object]:
    """The policy, for partition `aws`."""
    actions = sorted({action for type_ in TYPES for action in needed(type_)} | {*CUSTOM_RESOURCES})
    services: dict[str, list[str]] = defaultdict(list)
    for action in actions:
        services[action.partition(":")[0]].append(action)
    return {"Version": "2012-10-17", "Statement": list(_statements(services))}


def _statements(services: dict[str, list[str]]) -> Iterator[dict[str, object]]:
    anywhere = [action for name, those in services.items() if name not in {"iam", "s3"} for action in those]
    yield {"Effect": "Allow", "Action": anywhere, "Resource": "*"}
    limited = {"iam:PassRole", "iam:CreateServiceLinkedRole"}
    yield {
        "Effect": "Allow",
        "Action": [action for action in services["iam"] if action not in limited],
        "Resource": "arn:aws:iam::*:role/*",
    }
    yield {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": "arn:aws:iam::*:role/*",
        "Condition": {"StringEquals": {"iam:PassedToService": list(ROLE_TAKERS)}},
    }
    yield {
        "Effect": "Allow",
        "Action": "iam:CreateServiceLinkedRole",
        "Resource": "arn:aws:iam::*:role/aws-service-role/*",
        "Condition": {"StringEquals": {"iam:AWSServiceName": list(SERVICE_ROLES)}},
    }
    yield {"Effect": "Allow", "Action": services["s3"], "Resource": "arn:aws:s3:::cdk-*-assets-*/*"}
    # The templates ask for the version of bootstrap.
    yield {
        "Effect": "Allow",
        "Action": "ssm:GetParameters",
        "Resource": "arn:aws:ssm:*:*:parameter/cdk-bootstrap/*/version",
    }
    yield {
        "Sid": "NeverThePipelineItself",
        "Effect": "Deny",
        "Action": "iam:*",
        "Resource": [f"arn:aws:iam::*:role/*{PATH}*", "arn:aws:iam::*:role/cdk-*"],
    }


def text() -> str:
    """The policy as the text of its file."""
    return json.dumps(policy(), indent=2) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Print the policy, write it to its file, or tell whether the file is current."""
    return keep_current(
        arguments,
        command="python -m tools execution_policy",
        about=main.__doc__,
        file=POLICY_FILE,
        name="docs/execution-policy.json",
        text=text,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
