"""Whether everything that a permission speaks of is still there."""

import re
from collections.abc import Iterator

from tools.changes.comparison import StackPair
from tools.changes.permissions import ALTERNATIVES, Permission
from tools.journey.rules import RULE, bus_of
from tools.templates.assembly import Resource, Stack
from tools.templates.plain_values import UnjudgedError
from tools.templates.policy_statements import PSEUDO_PARAMETERS

_SOURCE = frozenset({"aws:sourcearn", "sourcearn"})
"""The condition of a policy, and the property of `AWS::Lambda::Permission` that says the same."""
_RESOURCE = re.compile(r"<(?P<label>[^>]+)>")
_RULE_ARN = re.compile(r"arn:[^:]+:events:(?P<region>[^:]+):(?P<account>[^:]+):rule/(?P<path>.+)")


def there(name: str, stack: Stack | None) -> bool:
    """Whether a stack has the resource, or that of which it is a part, as objects are of a bucket.

    What is not in angle brackets is outside of the stack, and counts as there; so do its account and Region.
    """
    if stack is None:
        return False
    found = _RESOURCE.match(name)
    if found is None or found[0] in PSEUDO_PARAMETERS.values():
        return True
    return found["label"] in {resource.label for resource in stack.resources.values()}


def all_there(permission: Permission, stack: StackPair) -> bool:
    """Whether a stack still has who may, on what, and the only sources that the permission is for.

    A rule that goes needs no way to its queue: it is told as gone itself, and the permission adds nothing to that.
    """
    sources = {value for operator, key, value in permission.when if operator in ALTERNATIVES and key.lower() in _SOURCE}
    named = {permission.who, permission.on, *sources}
    return all(there(name, stack.new) for name in named) and not any(_of_a_gone_rule(arn, stack) for arn in sources)


def _of_a_gone_rule(arn: str, stack: StackPair) -> bool:
    """Whether it is the ARN of a rule that leaves the stack; one that is renamed stays, and needs its permission."""
    found = _RULE_ARN.fullmatch(arn)
    if found is None or stack.base is None or stack.new is None:
        return False
    place = ({stack.base.region, "<Region>"}, {stack.base.account, "<account>"})
    if found["region"] not in place[0] or found["account"] not in place[1]:
        return False
    stays = {id_ for id_, one in stack.new.resources.items() if one.type == RULE}
    gone = [one for id_, one in stack.base.resources.items() if one.type == RULE and id_ not in stays]
    return found["path"] in {path for one in gone for path in _paths(one, stack.base)}


def _paths(rule: Resource, stack: Stack) -> Iterator[str]:
    """What its ARN ends in, where the template names it."""
    name = rule.properties.get("Name")
    if not isinstance(name, str):
        return
    try:
        bus = bus_of(rule.properties.get("EventBusName", "default"), stack).name
    except UnjudgedError:
        return
    yield name if bus == "default" else f"{bus}/{name}"
