"""What it takes to see whether what is live is as declared: `cdk drift`, `python -m tools verify` and `unchanged`.

`cdk drift` asks with the credentials of whoever runs it, and CloudFormation reads each resource with them too: hence
the permissions that the resource schemas name for reading (cfn-lint 1.58.0; a test compares).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_iam as iam

STACKS = (
    "cloudformation:DescribeStackResourceDrifts",
    "cloudformation:DescribeStacks",
    "cloudformation:DetectStackDrift",
    "cloudformation:DetectStackResourceDrift",
    "cloudformation:GetTemplate",
    "cloudformation:ListStackResources",
)

HUB = (
    "cloudwatch:GetDashboard",
    "dynamodb:DescribeContinuousBackups",
    "dynamodb:DescribeContributorInsights",
    "dynamodb:DescribeKinesisStreamingDestination",
    "dynamodb:DescribeTable",
    "dynamodb:DescribeTimeToLive",
    "dynamodb:GetResourcePolicy",
    "dynamodb:ListTagsOfResource",
    "events:DescribeArchive",
    "events:DescribeEventBus",
    "events:DescribeRule",
    "events:ListTagsForResource",
    "events:ListTargetsByRule",
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListResourceTags",
    "secretsmanager:DescribeSecret",
    "states:DescribeStateMachine",
    "states:ListTagsForResource",
)
"""What is where findings come together: bus, archive, tables, key, secrets, the workflow of investigations."""

WORKERS = (
    # Drift detection asks it for the types of a stack (CloudFormation user guide, drift).
    "cloudformation:BatchDescribeTypeConfigurations",
    "cloudformation:DescribeStackDriftDetectionStatus",
    "cloudwatch:DescribeAlarmHistory",
    "cloudwatch:DescribeAlarms",
    "cloudwatch:ListTagsForResource",
    "lambda:GetEventSourceMapping",
    "lambda:GetFunction",
    "lambda:GetFunctionCodeSigningConfig",
    "lambda:GetFunctionConcurrency",
    "lambda:GetFunctionConfiguration",
    "lambda:GetFunctionRecursionConfig",
    "lambda:GetFunctionScalingConfig",
    "lambda:GetPolicy",
    "lambda:GetRuntimeManagementConfig",
    "lambda:ListTags",
    "logs:DescribeIndexPolicies",
    "logs:DescribeLogGroups",
    "logs:DescribeMetricFilters",
    "logs:DescribeResourcePolicies",
    "logs:GetDataProtectionPolicy",
    "logs:ListTagsForResource",
    "sns:GetDataProtectionPolicy",
    "sns:GetSubscriptionAttributes",
    "sns:GetTopicAttributes",
    "sns:ListSubscriptionsByTopic",
    "sns:ListTagsForResource",
    "sqs:GetQueueAttributes",
    "sqs:ListQueueTags",
)
"""Functions with their logs, queues, topics and alarms: in every account that has a stack."""

DETECTION = (
    "detective:DescribeOrganizationConfiguration",
    "detective:ListGraphs",
    "detective:ListTagsForResource",
    "guardduty:GetDetector",
    "guardduty:GetFilter",
    "guardduty:GetIPSet",
    "guardduty:GetTrustedEntitySet",
    # Somebody else's detector is named by no resource of the stack.
    "guardduty:ListDetectors",
    "guardduty:ListFilters",
    "guardduty:ListTagsForResource",
    "scheduler:GetSchedule",
)

MEMBERS = (
    "detective:ListMembers",
    "guardduty:DescribeOrganizationConfiguration",
    "guardduty:GetMemberDetectors",
    "guardduty:ListMembers",
)

STACK_SETS = (
    "cloudformation:DescribeStackInstance",
    "cloudformation:DescribeStackSet",
    "cloudformation:ListStackInstances",
)
"""The role of investigations in member accounts."""

# The permission is in the singular, the call is not (service authorization reference).
ADMINISTRATORS = ("detective:ListOrganizationAdminAccount", "guardduty:ListOrganizationAdminAccounts")


ROLES = (
    "iam:GetOpenIDConnectProvider",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What may be read.

    Attributes:
        regional: Calls that are limited to Regions.
        organization: Calls of Organizations, which has no Regions.
        elsewhere: Calls about the deployment's stacks in any Region: one that was taken out may have kept its stack.
    """

    regional: Sequence[str]
    organization: Sequence[str] = ()
    elsewhere: Sequence[str] = ()


ORGANIZATION = "organizations:DescribeOrganization"
"""What Detective asks of its callers' organization in their name, also of those who have none (its resource schemas,
read handlers)."""

SECURITY = Reading(
    regional=(*HUB, *WORKERS, *DETECTION), organization=(ORGANIZATION,), elsewhere=("cloudformation:DescribeStacks",)
)
SECURITY_OF_ORGANIZATION = Reading(
    regional=(*SECURITY.regional, *MEMBERS),
    organization=(ORGANIZATION, "organizations:ListAccounts"),
    elsewhere=SECURITY.elsewhere,
)
MANAGEMENT = Reading(
    regional=(*WORKERS, *STACK_SETS, *ADMINISTRATORS),
    organization=(ORGANIZATION, "organizations:ListAWSServiceAccessForOrganization"),
)


def reading(*, stacks: str, regions: Sequence[str], read: Reading) -> list[iam.PolicyStatement]:
    """Permissions to look at stacks and what they are made of, and to change nothing.

    Args:
        stacks: ARN of the stacks, with a star for what CloudFormation adds.
        regions: Where.
        read: What there is.
    """
    where = {"StringEquals": {"aws:RequestedRegion": list(regions)}}
    return [
        iam.PolicyStatement(actions=list(STACKS), resources=[stacks], conditions=where),
        *([iam.PolicyStatement(actions=list(read.elsewhere), resources=[stacks])] if read.elsewhere else []),
        iam.PolicyStatement(actions=sorted({*read.regional}), resources=["*"], conditions=where),
        # Services without Regions. All of IAM's answer for their own account only.
        iam.PolicyStatement(actions=sorted([*ROLES, *read.organization]), resources=["*"]),
    ]
