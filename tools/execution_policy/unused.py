"""Permissions that a type's handlers need for something that no stack of ours does."""

from dataclasses import dataclass


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
