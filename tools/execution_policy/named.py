"""What CloudFormation may do to roles and functions: to those whose names a deployment chooses, and to no others.

Whoever may rewrite a role or a function of somebody else has its permissions. Everything else that the stacks hold has
none of its own, and stays in the policy that is the same for every deployment.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from infra.config import Deployment
from infra.constructs.watch_patterns import STACK_CHARACTERS
from infra.service_principals import GUARDDUTY
from tools.execution_policy.needs import needs_of
from tools.execution_policy.places import Place

FUNCTIONS = (
    "lambda:AddPermission",
    "lambda:CreateFunction",
    "lambda:DeleteFunction",
    "lambda:InvokeFunction",
    "lambda:RemovePermission",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
)
"""What decides what a function does and who may call it; each takes the function as its resource (service authorization
reference, Lambda). CloudFormation itself invokes those of custom resources."""

_BOUND = ("iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy")
"""What gives a role something: with a permissions boundary only to a role that has it (IAM user guide, delegating with
permissions boundaries)."""
_OF_SERVICES = "iam:CreateServiceLinkedRole"
_READS_LISTS = f"aws-service-role/{GUARDDUTY}/AWSServiceRoleForAmazonGuardDuty"
_UNBINDS = "iam:DeleteRolePermissionsBoundary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """How the roles and functions of a deployment are called.

    Attributes:
        beginnings: Of their names; CloudFormation begins a name that it chooses with the stack's.
        path: IAM path of the roles.
        boundary: ARN of the permissions boundary, in whichever account; None for none.
    """

    partition: str
    beginnings: tuple[str, ...]
    path: str
    boundary: str | None

    @classmethod
    def of(cls, deployment: Deployment) -> "Names":
        """Those of a deployment."""
        partition = deployment.region(deployment.home_region).partition
        named = deployment.permissions_boundary
        if named is not None and not named.startswith("arn:"):
            named = f"arn:{partition}:iam::*:policy/{named}"
        chosen = (f"{deployment.name}-"[:STACK_CHARACTERS], f"{deployment.name_prefix}-")
        return cls(
            partition=partition,
            beginnings=tuple(dict.fromkeys(chosen)),
            path=deployment.role_path,
            boundary=named,
        )

    @property
    def roles(self) -> list[str]:
        """Their ARNs, with a star where an account or the end of a name belongs."""
        return [f"arn:{self.partition}:iam::*:role{self.path}{one}*" for one in self.beginnings]

    @property
    def functions(self) -> list[str]:
        """Their ARNs, as `roles`."""
        return [f"arn:{self.partition}:lambda:*:*:function:{one}*" for one in self.beginnings]


def policy_of_names(place: Place, names: Names) -> dict[str, object]:
    """The policy about roles and functions of CloudFormation's role in an account."""
    return {"Version": "2012-10-17", "Statement": list(_statements(place, names))}


def _statements(place: Place, names: Names) -> Iterator[dict[str, object]]:
    needed = needs_of(place)
    functions = [one for one in needed if one in FUNCTIONS]
    # Passing is narrower, by the service; a service's own role has a statement of its own.
    roles = [one for one in needed if one.startswith("iam:") and one not in {"iam:PassRole", _OF_SERVICES}]
    bound = [one for one in roles if one in _BOUND] if names.boundary else []
    free = [one for one in roles if one not in bound and not (names.boundary and one == _UNBINDS)]
    yield {"Sid": "OurFunctions", "Effect": "Allow", "Action": functions, "Resource": names.functions}
    yield {"Sid": "OurRoles", "Effect": "Allow", "Action": free, "Resource": names.roles}
    if bound:
        yield {
            "Sid": "OurRolesWithinTheBoundary",
            "Effect": "Allow",
            "Action": bound,
            "Resource": names.roles,
            "Condition": {"ArnLike": {"iam:PermissionsBoundary": names.boundary}},
        }
        yield {"Sid": "NeverWithoutTheBoundary", "Effect": "Deny", "Action": _UNBINDS, "Resource": "*"}
    yield {
        "Sid": "OurRolesToTheirServices",
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": names.roles,
        "Condition": {"StringEquals": {"iam:PassedToService": list(place.role_takers)}},
    }
    if place.service_roles:
        yield {
            "Sid": "ServicesMakeTheirRoles",
            "Effect": "Allow",
            "Action": _OF_SERVICES,
            "Resource": f"arn:{names.partition}:iam::*:role/aws-service-role/*",
            "Condition": {"StringEquals": {"iam:AWSServiceName": list(place.service_roles)}},
        }
    if "AWS::GuardDuty::IPSet" in place.types and names.partition != "aws":
        yield {
            "Sid": "GuardDutyReadsTheTrustedList",
            "Effect": "Allow",
            "Action": ["iam:DeleteRolePolicy", "iam:PutRolePolicy"],
            "Resource": f"arn:{names.partition}:iam::*:role/{_READS_LISTS}",
        }
