"""The lines around GuardDuty: filters and lists that hide, and the archive that keeps."""

from tools.diagram.world import World
from tools.templates.assembly import Resource, Stack


def suppression(resource: Resource, stack: Stack, world: World) -> None:
    """From GuardDuty to the filters that hide its findings; from a trusted list to GuardDuty."""
    own = world.node_of(resource, stack)
    for one in world.guardduty(stack):
        if resource.type == "AWS::GuardDuty::Filter":
            world.draw(one, own, "hides", because=(stack.name, resource.label))
        else:
            world.draw(own, one, "trusts", because=(stack.name, resource.label))


def archive(resource: Resource, stack: Stack, world: World) -> None:
    """From a bus to its archive."""
    bus = world.node_at(resource.properties.get("SourceArn"), stack)
    world.draw(bus, world.node_of(resource, stack), "archives", because=(stack.name, resource.label))
