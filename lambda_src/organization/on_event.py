"""One request of CloudFormation: return what came of it, or raise."""

from dataclasses import dataclass, field

from organization.aws import Aws
from organization.detective_delegation import DetectiveDelegation
from organization.detective_organization import DetectiveOrganization
from organization.guardduty_delegation import GuardDutyDelegation
from organization.guardduty_organization import GuardDutyOrganization
from organization.refused import Refused
from organization.request import FOUND, Request
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
        physical_id: Where a deletion would take something away, the same for ever for a resource and a Region. A new
            one would make CloudFormation delete what it takes for the old resource, that is the administrator it has
            just appointed.
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
        if not _may_take_away(request) or not request.properties.remove_on_delete:
            return kept
        return Outcome(physical_id=request.physical_id, told=_resource(request).remove(aws, request.properties))
    ensured = _resource(request).ensure(aws, request.properties, before=request.old)
    return Outcome(physical_id=_id_after(request, found=ensured.found), told=ensured.told)


def physical_id(request: Request) -> str:
    """The id of the resource that a request is about."""
    return f"{request.resource}-{request.properties.region}"


def _may_take_away(request: Request) -> bool:
    """Whether the id is the one that we give to what a deletion may take away, and no other.

    While a creation still runs and another resource fails, CloudFormation cancels it and asks for the deletion of an
    id that it made up itself (aws/aws-cdk#36951): what there is may then be somebody else's.
    """
    try:
        return request.physical_id == physical_id(request)
    except Refused:  # Without a Region nothing was made.
        return False


def _id_after(request: Request, *, found: bool) -> str:
    """The id that a resource has now.

    A resource that removes never gets the id that lets it from an update: whether CloudFormation deletes the new id or
    goes on with it when that update is rolled back is not documented, and must not matter. It gets that id from an
    update after which a deletion removes nothing.
    """
    if not request.properties.remove_on_delete:
        return physical_id(request)
    if request.kind == "Create":
        return physical_id(request) + (FOUND if found else "")
    return request.physical_id


def _resource(request: Request) -> Resource:
    if request.resource not in RESOURCES:
        raise Refused(
            f"resource type: must be one of {', '.join(f'Custom::{name}' for name in RESOURCES)}, got"
            f" 'Custom::{request.resource[:80]}'; template and function are of two versions: deploy the whole stack"
            " again"
        )
    return RESOURCES[request.resource]
