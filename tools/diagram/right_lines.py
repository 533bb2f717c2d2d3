"""The lines that come of what functions may do: each right leads somewhere, or is of no interest to the picture."""

import re
from collections.abc import Iterator, Mapping

from tools.diagram.model import UndrawableError
from tools.diagram.naming import secret_name
from tools.diagram.references import statements_of
from tools.diagram.world import World
from tools.templates.assembly import Resource, Stack
from tools.templates.policy_statements import shown

OF_NO_INTEREST: Mapping[str, str] = {
    "account": "which Regions the account has enabled is asked of the account itself, which is all of the picture",
    "cloudwatch": "the review counts what filters matched; it changes nothing",
    "iam": "a role is looked at, or a service-linked role made, on the way to something that is drawn",
    "kms": "the key says itself what it encrypts",
    "logs": "every function writes its log",
    "organizations": "the organization is where all of this happens",
    "sqs": "a queue's function reads it, and gives up to its dead-letter queue; both are said elsewhere",
}
"""Services to whose actions no line leads, and why."""

_SENT: Mapping[str, str] = {"slack": "Slack", "teams": "Teams", "pagerduty": "PagerDuty", "webhook": "Webhook"}
_ROLE = re.compile(r":role/(?:.*/)?([^/]+)$")


def rights(resource: Resource, stack: Stack, world: World) -> None:
    """From a function or state machine to what it may do something with, and to the service to which it sends.

    Raises:
        UndrawableError: It may do something with a service of which nobody has said how it is drawn.
    """
    own = world.node_of(resource, stack)
    serves = any(
        one.type.startswith("Custom::") and world.node_at(one.properties.get("ServiceToken"), stack) == own
        for one in stack.resources.values()
    )
    role = resource.properties.get("Role", resource.properties.get("RoleArn"))
    for actions, resources in statements_of(role, stack):
        for service in sorted({action.partition(":")[0] for action in actions}):
            if serves and service in {"guardduty", "detective"}:
                # Said better by what CloudFormation asks of it.
                continue
            for kind, target in _leads(service, resources, stack, world, who=resource.label):
                world.draw(own, target, kind, because=(stack.name, resource.label))
    _sent(resource, stack, world, own=own)


def _sent(resource: Resource, stack: Stack, world: World, *, own: str | None) -> None:
    match resource.properties:
        case {"Environment": {"Variables": {"DESTINATION_KIND": str(kind), "DESTINATION_NAME": str(name), **others}}}:
            if kind in _SENT:
                world.draw(own, world.outside(kind, name, _SENT[kind]), "sends", because=(stack.name, resource.label))
            elif others.get("SNS_MESSAGE_FORMAT") == "custom_notification":
                chat = world.outside("chat", name, "Amazon Q Developer in chat")
                world.draw(
                    world.node_at(others.get("SNS_TOPIC_ARN"), stack),
                    chat,
                    "chats",
                    because=(stack.name, resource.label),
                )
            elif kind != "sns":
                raise UndrawableError(
                    f"{stack.name}: {resource.label}: sends to {kind!r}, of which nobody has said how it is drawn; "
                    "add it to tools/diagram/right_lines.py"
                )


def _leads(
    service: str, resources: tuple[object, ...], stack: Stack, world: World, *, who: str
) -> Iterator[tuple[str, str | None]]:
    here = tuple(dict.fromkeys(one.region for group in world.groups for one in group.stacks))
    match service:
        case "events" | "sns" | "dynamodb" | "states" | "lambda":
            kind = {"events": "reports", "sns": "publishes", "dynamodb": "remembers", "states": "starts"}
            yield from ((kind.get(service, "runs"), world.node_at(one, stack)) for one in resources)
        case "secretsmanager":
            for one in resources:
                name = secret_name(shown(one, name=lambda _: None))
                yield "reads secret", world.secret(name, stack)
        case "guardduty":
            yield from (("looks into", one) for one in world.guardduty(stack, regions=here))
        case "detective":
            yield from (("looks into", one) for one in world.detective(here))
        case "cloudtrail":
            yield "looks into", world.cloudtrail(stack)
        case "sts":
            for one in resources:
                if role := _ROLE.search(shown(one, name=lambda _: None)):
                    yield "assumes", world.outside("member role", role[1], "reading role")
        case _ if service not in OF_NO_INTEREST:
            raise UndrawableError(
                f"{stack.name}: {who}: may do something with {service!r}, of which nobody has said how it is drawn; "
                "add it to tools/diagram/right_lines.py"
            )
