"""Where a value of a template leads: to a resource beside it, or to a bus by the ARN that is built from its name."""

import re
from collections.abc import Iterator, Mapping

from tools.templates.assembly import Resource, Stack
from tools.templates.policy_statements import as_list, shown

_BUS = re.compile(r"arn:[^:]+:events:(?P<region>[^:]+):[^:]+:event-bus/(?P<name>[^/]+)")


def resource_at(value: object, stack: Stack) -> Resource | None:
    """The resource that a `Ref` or `Fn::GetAtt` means; None if it means none of this stack."""
    match value:
        case {"Ref": str(id_)} | {"Fn::GetAtt": [str(id_), *_]}:
            return stack.resources.get(id_)
    return None


def bus_at(value: object, stack: Stack) -> tuple[str, str] | None:
    """Region and name of the bus that an ARN or name means; None if it is no bus."""
    if value is None:
        return stack.region, "default"
    found = resource_at(value, stack)
    if found is not None:
        if found.type != "AWS::Events::EventBus":
            return None
        return stack.region, str(found.properties.get("Name", found.label))
    text = shown(value, name=lambda _: None)
    arn = _BUS.fullmatch(text)
    if arn is not None:
        return (stack.region if arn["region"] == "<Region>" else arn["region"]), arn["name"]
    return (stack.region, text) if isinstance(value, str) and ":" not in value else None


def statements_of(role: object, stack: Stack) -> Iterator[tuple[tuple[str, ...], tuple[object, ...]]]:
    """Actions and resources of everything that a role is allowed by policies of its stack."""
    owner = resource_at(role, stack)
    if owner is None:
        return
    documents: list[object] = [
        one.get("PolicyDocument") for one in as_list(owner.properties.get("Policies", [])) if isinstance(one, Mapping)
    ]
    documents += [
        one.properties.get("PolicyDocument")
        for one in stack.resources.values()
        if one.type == "AWS::IAM::Policy"
        and any(resource_at(role_of, stack) is owner for role_of in as_list(one.properties.get("Roles", [])))
    ]
    for document in documents:
        match document:
            case {"Statement": statements}:
                for statement in as_list(statements):
                    match statement:
                        case {"Effect": "Allow", "Action": actions, "Resource": resources}:
                            yield tuple(map(str, as_list(actions))), tuple(as_list(resources))
