"""One request of CloudFormation: return what came of it, or raise."""

from dataclasses import dataclass, field

from organization.aws import Aws
from organization.detective_delegation import DetectiveDelegation
from organization.detective_organization import DetectiveOrganization
from organization.guardduty_delegation import GuardDutyDelegation
from organization.guardduty_organization import GuardDutyOrganization
from organization.refused import Refused
from organization.request import Request
from organization.resource import Resource, Told

RESOURCES: dict[str, Resource] = {
    "GuardDutyDelegation": GuardDutyDelegation(),
    "DetectiveDelegation": DetectiveDelegation(),
    "GuardDutyOrganization": GuardDutyOrganization(),
    "DetectiveOrganization": DetectiveOrganization(),
}
"""Each by its type in a template, without `Custom::`. The template has the same types (contract test)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a request.

    Attributes:
        physical_id: The same for ever for a resource and a Region. A new one would make CloudFormation delete what it
            takes for the old resource, that is the administrator it has just appointed.
        told: Attributes of the resource.
    """

    physical_id: str
    told: Told = field(default_factory=dict)


def on_event(request: Request, aws: Aws) -> Outcome:
    """Do what is asked.

    Raises:
        Refused: It cannot be done; CloudFormation then asks for what was before.
    """
    if request.kind == "Delete":
        kept = Outcome(physical_id=request.physical_id)
        # Asked first: whoever cannot even read the rest must be able to delete.
        if not request.was_made or not request.properties.remove_on_delete:
            return kept
        return Outcome(physical_id=request.physical_id, told=_resource(request).remove(aws, request.properties))
    told = _resource(request).ensure(aws, request.properties, before=request.old)
    return Outcome(physical_id=physical_id(request), told=told)


def physical_id(request: Request) -> str:
    """The id of the resource that a request is about."""
    return f"{request.resource}-{request.properties.region}"


def _resource(request: Request) -> Resource:
    if request.resource not in RESOURCES:
        raise Refused(
            f"resource type: must be one of {', '.join(f'Custom::{name}' for name in RESOURCES)}, got"
            f" 'Custom::{request.resource[:80]}'; template and function are of two versions: deploy the whole stack"
            " again"
        )
    return RESOURCES[request.resource]
