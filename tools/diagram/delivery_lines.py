"""The lines of delivery: bus, rule, queue, function, topic, person; and what becomes of the undelivered."""

import json
from collections.abc import Mapping

from tools.diagram.nodes import dead_letter_queues, given_up_to, is_schedule, targets_of
from tools.diagram.references import resource_at
from tools.diagram.world import World
from tools.templates.assembly import Resource, Stack
from tools.templates.policy_statements import as_list

_DELIVERED_TO = {"AWS::SQS::Queue", "AWS::SNS::Topic"}


def rule(resource: Resource, stack: Stack, world: World) -> None:
    """From its bus to the rule, from there to each target; and onto the default bus, what AWS puts there."""
    own = world.node_of(resource, stack)
    waking = is_schedule(resource)
    for target in targets_of(resource):
        world.draw(
            own,
            world.node_at(target.get("Arn"), stack),
            "wakes" if waking else "targets",
            because=(stack.name, resource.label),
        )
    if waking:
        return
    bus = world.node_at(resource.properties.get("EventBusName", "default"), stack)
    world.draw(bus, own, "matches", because=(stack.name, resource.label))
    if "EventBusName" not in resource.properties:
        pattern = json.dumps(resource.properties.get("EventPattern"))
        if "GuardDuty Finding" in pattern:
            for one in world.guardduty(stack):
                world.draw(one, bus, "finds", because=(stack.name, resource.label))
        if "AWS API Call via CloudTrail" in pattern:
            world.draw(world.cloudtrail(stack), bus, "records", because=(stack.name, resource.label))


def scheduled(resource: Resource, stack: Stack, world: World) -> None:
    """From a schedule to what it wakes."""
    target = resource.properties.get("Target")
    if isinstance(target, Mapping):
        world.draw(
            world.node_of(resource, stack),
            world.node_at(target.get("Arn"), stack),
            "beats",
            because=(stack.name, resource.label),
        )


def queue_reader(resource: Resource, stack: Stack, world: World) -> None:
    """From a queue to the function that reads it."""
    source = world.node_at(resource.properties.get("EventSourceArn"), stack)
    world.draw(
        source,
        world.node_at(resource.properties.get("FunctionName"), stack),
        "polls",
        because=(stack.name, resource.label),
    )


def mail(resource: Resource, stack: Stack, world: World) -> None:
    """From a topic to who is subscribed to it."""
    person = world.outside("mail", str(resource.properties.get("Endpoint")), "e-mail")
    topic = world.node_at(resource.properties.get("TopicArn"), stack)
    kind = "warns" if topic is not None and world.kind_of(topic) == "alarms" else "mails"
    world.draw(topic, person, kind, because=(stack.name, resource.label))


def dead_letters(resource: Resource, stack: Stack, world: World) -> None:
    """From whatever cannot deliver to the queue that takes it."""
    own = world.node_of(resource, stack)
    if resource.type == "AWS::SNS::Subscription":
        own = world.node_at(resource.properties.get("TopicArn"), stack)
    for queue in given_up_to(resource, stack):
        target = world.node_of(queue, stack)
        kind = "redrives" if resource.type == "AWS::SQS::Queue" else "gives up"
        if target is not None and world.kind_of(target) == "alarms":
            kind = "gives up, and rings"
        world.draw(own, target, kind, because=(stack.name, resource.label))


def topics_and_alarms(resource: Resource, stack: Stack, world: World) -> None:
    """From dead letters to alarms; from the key to what it encrypts."""
    own = world.node_of(resource, stack)
    letters = dead_letter_queues(stack)
    for dimension in as_list(resource.properties.get("Dimensions", [])):
        watched = resource_at(dimension.get("Value"), stack) if isinstance(dimension, Mapping) else None
        if watched is not None and watched.logical_id in letters:
            world.draw(world.node_of(watched, stack), own, "rings", because=(stack.name, resource.label))
    if resource.type in _DELIVERED_TO and (key := resource_at(resource.properties.get("KmsMasterKeyId"), stack)):
        world.draw(world.node_of(key, stack), own, "encrypts", because=(stack.name, resource.label))
