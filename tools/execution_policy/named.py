"""What CloudFormation may do to what has permissions: to those whose names a deployment chooses, and to no others.

Whoever may rewrite a role, a function or a state machine of somebody else has its permissions, and whoever may change a
StackSet has every member account's. What else the stacks hold stays in the policy that is the same for everybody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from infra.config import Deployment
from infra.config.stack_names import Kind, beginning
from infra.constructs.fixed_names import machine_name, stack_set_name
from infra.constructs.watched_names import STACK_CHARACTERS
from infra.service_principals import GUARDDUTY, MALWARE_PROTECTION, service_role
from infra.stacks.role_names import enroller_name, readers_of_members
from tools.execution_policy.needs import needs_of
from tools.execution_policy.stack_accounts import StackAccount

_CHANGES = ("Add", "Create", "Delete", "Invoke", "Publish", "Put", "Remove", "Update")
_READERS = "EventSourceMapping"


def is_named(action: str) -> bool:
    """Whether a permission is given by name: it changes a role, a function, a state machine or a StackSet, or calls it.

    Each of them takes the thing itself as its resource, but for making a StackSet (service authorization reference:
    IAM, Lambda, Step Functions, CloudFormation); a function's event source mapping is one of its own, without a name.
    """
    service, _, name = action.partition(":")
    if service == "lambda":
        return name.startswith(_CHANGES) and _READERS not in name
    return service in {"iam", "states"} or "StackSet" in name or "StackInstance" in name


_BOUND = ("iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy")
"""What gives a role something: with a permissions boundary only to a role that has it (IAM user guide, delegating with
permissions boundaries)."""
_OF_SERVICES = "iam:CreateServiceLinkedRole"
_NEW_STACK_SET = "cloudformation:CreateStackSet"
_UNBINDS = "iam:DeleteRolePermissionsBoundary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """How the roles and functions of a deployment are called.

    Attributes:
        stacks: Beginnings of our stacks' names; CloudFormation begins the name of a role or function with its stack's.
        fixed: Names of roles that are given one.
        machine: Name of the state machine.
        stack_set: Name of the StackSet; None without one.
        path: IAM path of the roles.
        boundary: ARN of the permissions boundary, in whichever account; None for none.
    """

    partition: str
    stacks: tuple[str, ...]
    fixed: tuple[str, ...]
    machine: str
    stack_set: str | None
    path: str
    boundary: str | None

    @classmethod
    def of(cls, deployment: Deployment) -> "Names":
        """Those of a deployment."""
        partition = deployment.region(deployment.home_region).partition
        named = deployment.permissions_boundary
        if named is not None and not named.startswith("arn:"):
            named = f"arn:{partition}:iam::*:policy/{named}"
        kinds: tuple[Kind, ...] = ("Detection", "Response", "Delegation", "Organization")
        member = deployment.investigation.member_role
        return cls(
            partition=partition,
            stacks=tuple(dict.fromkeys(beginning(deployment, kind)[:STACK_CHARACTERS] for kind in kinds)),
            fixed=(
                *((f"{readers_of_members(deployment)}*",) if member else ()),
                *((enroller_name(deployment),) if deployment.organization else ()),
            ),
            machine=machine_name(deployment.name_prefix),
            stack_set=stack_set_name(deployment.name) if member and deployment.organization else None,
            path=deployment.role_path,
            boundary=named,
        )

    @property
    def roles(self) -> list[str]:
        """Their ARNs, with a star where an account or the end of a name belongs."""
        names = (*(f"{one}*" for one in self.stacks), *self.fixed)
        return [f"arn:{self.partition}:iam::*:role{self.path}{one}" for one in names]

    @property
    def functions(self) -> list[str]:
        """Their ARNs, as `roles`."""
        return [f"arn:{self.partition}:lambda:*:*:function:{one}*" for one in self.stacks]

    @property
    def stack_sets(self) -> list[str]:
        """The StackSet, what it is deployed to, and the types that its template may hold."""
        kinds = (f"*:*:stackset/{self.stack_set}:*", f"*:*:stackset-target/{self.stack_set}:*", "*::type/resource/*")
        return [f"arn:{self.partition}:cloudformation:{one}" for one in kinds]


def policy_of_names(account: StackAccount, names: Names) -> dict[str, object]:
    """The policy of CloudFormation's role in an account about what it tells by name."""
    return {"Version": "2012-10-17", "Statement": list(_statements(account, names))}


def _statements(account: StackAccount, names: Names) -> Iterator[dict[str, object]]:
    needed = needs_of(account)
    named = [one for one in needed if is_named(one)]
    functions = [one for one in named if one.startswith("lambda:")]
    machines = [one for one in named if one.startswith("states:")]
    stack_sets = [one for one in named if one.startswith("cloudformation:")]
    # Passing is narrower, by the service; a service's own role has a statement of its own.
    roles = [one for one in needed if one.startswith("iam:") and one not in {"iam:PassRole", _OF_SERVICES}]
    bound = [one for one in roles if one in _BOUND] if names.boundary else []
    free = [one for one in roles if one not in bound and not (names.boundary and one == _UNBINDS)]
    yield _allow("OurFunctions", functions, names.functions)
    if machines:
        yield _allow("OurStateMachine", machines, f"arn:{names.partition}:states:*:*:stateMachine:{names.machine}")
    if stack_sets and names.stack_set:
        yield _allow("OurStackSet", [one for one in stack_sets if one != _NEW_STACK_SET], names.stack_sets)
        # It knows no resource: the StackSet is not there yet.
        yield _allow("ANewStackSet", _NEW_STACK_SET, "*")
    yield _allow("OurRoles", free, names.roles)
    if bound:
        within = {"ArnLike": {"iam:PermissionsBoundary": names.boundary}}
        yield _allow("OurRolesWithinTheBoundary", bound, names.roles, within)
        yield {"Sid": "NeverWithoutTheBoundary", "Effect": "Deny", "Action": _UNBINDS, "Resource": "*"}
    to_services = {"StringEquals": {"iam:PassedToService": list(account.role_takers)}}
    yield _allow("OurRolesToTheirServices", "iam:PassRole", names.roles, to_services)
    roles_anywhere = f"arn:{names.partition}:iam::*:role"
    if account.service_roles:
        of_services = {"StringEquals": {"iam:AWSServiceName": list(account.service_roles)}}
        yield _allow("ServicesMakeTheirRoles", _OF_SERVICES, f"{roles_anywhere}/aws-service-role/*", of_services)
        # GuardDuty asks in CloudFormation's name whether they are there (the detector's resource schema).
        seen = [f"arn:{names.partition}:iam::*:{service_role(one)}" for one in (GUARDDUTY, MALWARE_PROTECTION)]
        yield _allow("GuardDutySeesItsRoles", "iam:GetRole", seen)
    if "AWS::GuardDuty::IPSet" in account.types and names.partition != "aws":
        reads = ["iam:DeleteRolePolicy", "iam:PutRolePolicy"]
        yield _allow("GuardDutyReadsTheTrustedList", reads, f"arn:{names.partition}:iam::*:{service_role(GUARDDUTY)}")


def _allow(
    sid: str, actions: str | list[str], resources: str | list[str], condition: Mapping[str, object] | None = None
) -> dict[str, object]:
    statement: dict[str, object] = {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}
    return statement if condition is None else {**statement, "Condition": condition}
