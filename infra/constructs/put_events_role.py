"""A role with which one AWS service puts events on one bus."""

from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.constructs.policy import policy_document


def put_events_role(
    scope: Construct, *, service: str, account: str, bus_arn: str, policy_name: str, description: str, users: str
) -> iam.CfnRole:
    """The role, which may do nothing else.

    Args:
        scope: What the role is for.
        service: The service that takes it, such as `events.amazonaws.com`.
        account: The account of the stack: the service takes it for this account only.
        bus_arn: The bus.
        policy_name: Name of its policy.
        description: What it lets the service do.
        users: Who uses it, for those who ask why its policy is its own.
    """
    role = iam.CfnRole(
        scope,
        "Role",
        description=description,
        assume_role_policy_document=policy_document(
            {
                "Effect": "Allow",
                "Principal": {"Service": service},
                "Action": "sts:AssumeRole",
                # Only for this account: the confused deputy of the IAM user guide.
                "Condition": {"StringEquals": {"aws:SourceAccount": account}},
            }
        ),
        policies=[
            iam.CfnRole.PolicyProperty(
                policy_name=policy_name,
                policy_document=policy_document({"Effect": "Allow", "Action": "events:PutEvents", "Resource": bus_arn}),
            )
        ],
    )
    acknowledge(
        role,
        rule="NIST.800.53.R5-IAMNoInlinePolicy",
        reason=f"One action on one bus for {users}; a managed policy could be attached elsewhere.",
    )
    return role
