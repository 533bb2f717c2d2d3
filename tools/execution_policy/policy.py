"""What CloudFormation needs to make our stacks, in place of AdministratorAccess: all that it tells by no name."""

from collections.abc import Iterator

from infra.constructs.github_trust import PATH
from tools.execution_policy.named import is_named
from tools.execution_policy.needs import needs_of
from tools.execution_policy.stack_accounts import StackAccount

MOST_CHARACTERS = 6144
"""Characters of a managed policy, without white space (IAM user guide, quotas)."""


_OF_BOOTSTRAP = [
    f"arn:aws:iam::*:role/cdk-*-{one}-role-*"
    for one in ("cfn-exec", "deploy", "file-publishing", "image-publishing", "lookup")
]
"""The roles that bootstrap makes, by the forms of their names (CDK guide, bootstrap template)."""


def policy(account: StackAccount) -> dict[str, object]:
    """The policy of CloudFormation's role in an account, for partition `aws` and every deployment.

    `policy_of_names` has the other half: what has permissions, by the names of one deployment.
    """
    return {"Version": "2012-10-17", "Statement": list(_statements(needs_of(account)))}


def _statements(needed: list[str]) -> Iterator[dict[str, object]]:
    anywhere = [one for one in needed if not one.startswith("s3:") and not is_named(one)]
    yield {"Effect": "Allow", "Action": anywhere, "Resource": "*"}
    files = [one for one in needed if one.startswith("s3:")]
    yield {"Effect": "Allow", "Action": files, "Resource": "arn:aws:s3:::cdk-*-assets-*/*"}
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
        "Resource": [f"arn:aws:iam::*:role/*{PATH}*", *_OF_BOOTSTRAP],
    }
