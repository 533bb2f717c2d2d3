"""What of a deployment is watched, and whose changes are its own."""

import json

from aws_cdk import aws_kms as kms

from infra.config import Deployment
from infra.config.destinations import secret_names
from infra.config.stack_names import Kind, beginning, organization_stack
from infra.constructs.fixed_names import findings_bus_name, machine_name
from infra.constructs.stack_location import StackLocation
from infra.constructs.watch import hub_rules, region_rules
from infra.constructs.watch_patterns import Pattern, hub_clauses, region_clauses
from infra.constructs.watched_names import STACK_CHARACTERS
from infra.stacks.role_names import enroller_name, readers_of_members

IAM_EVENTS = {"aws": "us-east-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1"}
"""The Region of each partition in which events of IAM arrive (IAM user guide, logging with CloudTrail)."""


def watched_in_region(
    deployment: Deployment, region: str, *, trusted_file: tuple[str, str] | None
) -> dict[str, Pattern]:
    """The rules on calls that could blind a Region, by name; none where nobody wants to hear of them.

    Args:
        deployment: The deployment.
        region: The Region.
        trusted_file: Bucket and key of its trusted list, if it has one.
    """
    if not deployment.watch.enabled:
        return {}
    has_iam_events = region == IAM_EVENTS.get(deployment.region(region).partition)
    clauses = region_clauses(
        prefix=deployment.name_prefix,
        stacks=_stacks(deployment, "Detection"),
        roles=_stacks(deployment, "Detection", "Response", "Organization", *_access(deployment))
        if has_iam_events
        else (),
        role_names=_role_names(deployment),
        boundary=deployment.permissions_boundary,
        trusted_list=trusted_file,
    )
    return region_rules(clauses, prefix=deployment.name_prefix)


def watched_in_hub(
    deployment: Deployment, *, archive: str | None, key: kms.IKey, place: StackLocation
) -> dict[str, Pattern]:
    """The rules on calls that could silence the findings bus and what is behind it, by name."""
    if not deployment.watch.enabled:
        return {}
    clauses = hub_clauses(
        bus=findings_bus_name(deployment.name_prefix),
        archive=archive,
        machine=machine_name(deployment.name_prefix),
        stacks=_stacks(deployment, "Response", "Organization"),
        stacks_of_roles=_stacks(deployment, *_access(deployment)),
        secrets=[name for one in deployment.destinations for name in secret_names(one)],
        key_arn=key.key_arn,
        place=place,
    )
    return hub_rules(clauses, prefix=deployment.name_prefix)


def expected_changes(deployment: Deployment) -> dict[str, str]:
    """Whose changes the notifier keeps to itself, as variables of its environment."""
    if not deployment.watch.enabled:
        return {}
    callers = [[caller.role, caller.session] for caller in deployment.watch.expected]
    if deployment.organization is not None:
        # The function that enrols accounts changes GuardDuty's configuration; a function's session has its name. The
        # role is named in full: Lambda alone may take it, while the beginning of a name may be anybody's.
        generated = organization_stack(deployment)[:STACK_CHARACTERS] + "*"
        callers.append([enroller_name(deployment), generated])
    return {
        "WATCH_EXPECTED": json.dumps(callers, separators=(",", ":")),
        "WATCH_CLOUDFORMATION_ROLES": ",".join(deployment.watch.cloudformation_roles),
        "WATCH_FILTERS": f"{deployment.name_prefix}-",
    }


def _access(deployment: Deployment) -> tuple[Kind, ...]:
    """The stack of the pipeline's roles in this account, if there is one."""
    return () if deployment.ci is None else ("CiAccess",)


def _role_names(deployment: Deployment) -> list[str]:
    """Beginnings of the names of roles that do not have their stack's name."""
    names = [readers_of_members(deployment)] if deployment.investigation.member_role else []
    return [*names, enroller_name(deployment)] if deployment.organization else names


def _stacks(deployment: Deployment, *kinds: Kind) -> list[str]:
    return [beginning(deployment, kind) for kind in kinds]
