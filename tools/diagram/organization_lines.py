"""The lines of an organization: who appoints, who enrols, which role is made where; and of a pipeline."""

import json
from collections.abc import Iterator, Mapping

from tools.diagram.references import resource_at
from tools.diagram.world import World
from tools.templates.assembly import Resource, Stack
from tools.templates.policy_statements import as_list

MEMBERS = ("members", "Workloads", "of all member accounts")


def appointed(resource: Resource, stack: Stack, world: World) -> None:
    """From the function to GuardDuty or Detective of the Region, for which it appoints the administrator."""
    worker = world.node_at(resource.properties.get("ServiceToken"), stack)
    for one in _service(resource, stack, world):
        world.draw(worker, one, "appoints", because=(stack.name, resource.label))


def enrolled(resource: Resource, stack: Stack, world: World) -> None:
    """From the function to the members, and from these to GuardDuty or Detective, which watch them."""
    worker = world.node_at(resource.properties.get("ServiceToken"), stack)
    members = world.outside(*MEMBERS)
    world.draw(worker, members, "enrols", because=(stack.name, resource.label))
    if resource.type == "Custom::GuardDutyOrganization":
        for one in _service(resource, stack, world):
            world.draw(members, one, "is watched", because=(stack.name, resource.label))


def member_role(resource: Resource, stack: Stack, world: World) -> None:
    """From a StackSet to each role that it makes in member accounts."""
    body = resource.properties.get("TemplateBody")
    template = json.loads(body) if isinstance(body, str) else body
    resources = template.get("Resources", {}) if isinstance(template, Mapping) else {}
    for name in _roles(resources):
        role = world.outside("member role", name, "reading role")
        world.draw(world.node_of(resource, stack), role, "makes", because=(stack.name, resource.label))


def pipeline(resource: Resource, stack: Stack, world: World) -> None:
    """From the identity provider of a pipeline to each role that it may take."""
    own = world.node_of(resource, stack)
    document = resource.properties.get("AssumeRolePolicyDocument")
    for statement in as_list(document.get("Statement", [])) if isinstance(document, Mapping) else []:
        match statement:
            case {"Principal": {"Federated": who}}:
                provider = resource_at(who, stack)
                source = world.node_of(provider, stack) if provider else world.outside("pipeline", "Pipeline", "GitHub")
                world.draw(source, own, "is trusted", because=(stack.name, resource.label))


def _roles(resources: object) -> Iterator[str]:
    for one in resources.values() if isinstance(resources, Mapping) else ():
        match one:
            case {"Type": "AWS::IAM::Role", "Properties": {"RoleName": str(name)}}:
                yield name


def _service(resource: Resource, stack: Stack, world: World) -> tuple[str, ...]:
    regions = (str(resource.properties.get("Region")),)
    return world.guardduty(stack, regions=regions) if "GuardDuty" in resource.type else world.detective(regions)
