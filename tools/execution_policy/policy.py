"""What CloudFormation needs to make our stacks, in place of AdministratorAccess.

Written from the resource schemas that cfn-lint ships: each names, for each of its types, the permissions that
CloudFormation's handlers need. What a handler needs only for a property that no stack of ours sets is left out.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from infra.constructs.github_trust import PATH
from tools.execution_policy.places import Place
from tools.execution_policy.unused import UNUSED

MOST_CHARACTERS = 6144
"""Characters of a managed policy, without white space (IAM user guide, quotas)."""

SCHEMAS_OF = "eu-west-1"
"""Region whose schemas are asked; it has every type. What a handler needs is the same everywhere."""

CUSTOM_RESOURCES = ("lambda:InvokeFunction",)
"""CloudFormation asks the functions of custom resources with its own role."""


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


def policy(place: Place) -> dict[str, object]:
    """The policy of CloudFormation's role in an account, for partition `aws`."""
    actions = sorted({action for type_ in place.types for action in needed(type_)} | {*CUSTOM_RESOURCES})
    services: dict[str, list[str]] = defaultdict(list)
    for action in actions:
        services[action.partition(":")[0]].append(action)
    return {"Version": "2012-10-17", "Statement": list(_statements(services, place))}


def _statements(services: dict[str, list[str]], place: Place) -> Iterator[dict[str, object]]:
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
        "Condition": {"StringEquals": {"iam:PassedToService": list(place.role_takers)}},
    }
    if place.service_roles:
        yield {
            "Effect": "Allow",
            "Action": "iam:CreateServiceLinkedRole",
            "Resource": "arn:aws:iam::*:role/aws-service-role/*",
            "Condition": {"StringEquals": {"iam:AWSServiceName": list(place.service_roles)}},
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
