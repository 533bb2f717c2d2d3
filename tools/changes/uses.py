"""What a resource gives without a policy: its role, code of others in it, ways to call it, to sign in, or to read."""

from collections.abc import Callable, Iterator, Mapping

from tools.templates.assembly import Resource
from tools.templates.policy_statements import as_list

AS_ITS_ROLE = "sts:AssumeRole as its own role"
"""What a function, a state machine or a target may do with the role it is given: all that the role may."""

MAIL = ("email", "email-json")
"""Protocols of a mailbox: whoever has it is asked first, and can be asked by a reviewer. A queue, a function or a web
address may be anybody's."""

_ROLES = {
    "AWS::Lambda::Function": "Role",
    "AWS::StepFunctions::StateMachine": "RoleArn",
    "AWS::Events::Rule": "RoleArn",
}

Use = tuple[str, str, str]
"""Who does what on what."""
Shown = Callable[[object], str]


def uses(resource: Resource, *, shown: Shown) -> Iterator[Use]:
    """Everything that a resource gives so; nothing for most.

    Args:
        resource: The resource.
        shown: A value in words.
    """
    properties, own = resource.properties, f"<{resource.label}>"
    if (role := properties.get(_ROLES.get(resource.type, ""))) is not None:
        yield own, AS_ITS_ROLE, shown(role)
    match resource.type:
        case "AWS::Events::Rule" | "AWS::Scheduler::Schedule":
            for target in _mappings(properties.get("Targets", properties.get("Target"))):
                if "RoleArn" in target:
                    yield own, AS_ITS_ROLE, shown(target["RoleArn"])
        case "AWS::Lambda::Function":
            yield from ((shown(layer), "run its code in", own) for layer in as_list(properties.get("Layers") or []))
        case "AWS::Lambda::Url":
            who = "*" if properties.get("AuthType") == "NONE" else "whoever IAM lets"
            yield who, "lambda:InvokeFunctionUrl", shown(properties.get("TargetFunctionArn"))
        case "AWS::SNS::Subscription":
            yield from _reads(properties, topic=shown(properties.get("TopicArn")), shown=shown)
        case "AWS::SNS::Topic":
            for subscriber in _mappings(properties.get("Subscription")):
                yield from _reads(subscriber, topic=own, shown=shown)
        case "AWS::IAM::AccessKey":
            yield shown(properties.get("UserName")), "sign in with an access key", "*"
        case "AWS::IAM::UserToGroupAddition":
            group = shown(properties.get("GroupName"))
            yield from ((shown(user), "act as a member", group) for user in as_list(properties.get("Users") or []))


def _reads(subscriber: Mapping[str, object], *, topic: str, shown: Shown) -> Iterator[Use]:
    if subscriber.get("Protocol") not in MAIL:
        yield shown(subscriber.get("Endpoint")), "read what is published", topic


def _mappings(value: object) -> Iterator[Mapping[str, object]]:
    return (one for one in as_list(value or []) if isinstance(one, Mapping))
