"""The key that encrypts what the home Region keeps of a finding."""

from aws_cdk import ArnFormat, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk.region_info import RegionInfo
from constructs import Construct


def findings_key(scope: Construct, id_: str, *, key_arn: str | None) -> kms.IKey:
    """The configured key, or a new one with yearly rotation that lets the AWS services of the stack in.

    An existing key keeps its own policy: it has to allow what `allow_services` allows (docs/permissions.md).
    """
    if key_arn is not None:
        return kms.Key.from_key_arn(scope, id_, key_arn)
    key = kms.Key(
        scope,
        id_,
        description="Findings in queues, topics and logs of the detection stack",
        enable_key_rotation=True,
        # Dead letters of a deleted stack stay readable.
        removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    )
    allow_services(key)
    return key


def allow_services(key: kms.Key) -> None:
    """Let EventBridge write to encrypted queues, and CloudWatch Logs encrypt its log groups.

    The key that AWS manages for SQS cannot be shared with EventBridge: nothing would arrive
    (cloudposse/terraform-aws-guardduty#10).
    """
    stack = Stack.of(key)
    key.add_to_resource_policy(
        iam.PolicyStatement(
            sid="EventBridge",
            principals=[iam.ServicePrincipal("events.amazonaws.com")],
            actions=["kms:Decrypt", "kms:GenerateDataKey*"],
            resources=["*"],
            conditions={"StringEquals": {"aws:SourceAccount": stack.account}},
        )
    )
    key.add_to_resource_policy(
        iam.PolicyStatement(
            sid="Logs",
            # In China its name ends in `.com.cn` (aws-cdk-lib 2.275.0, region-info; serverless/serverless#12087).
            principals=[iam.ServicePrincipal(f"logs.{stack.region}.{RegionInfo.get(stack.region).domain_suffix}")],
            actions=["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
            resources=["*"],
            conditions={
                # The ARN of the log group without `:*` (CloudWatch Logs user guide, encrypting log data); each part
                # between colons is compared by itself, so that `log-group/*` fits none.
                "ArnLike": {
                    "kms:EncryptionContext:aws:logs:arn": stack.format_arn(
                        service="logs",
                        resource="log-group",
                        resource_name="*",
                        arn_format=ArnFormat.COLON_RESOURCE_NAME,
                    )
                }
            },
        )
    )
