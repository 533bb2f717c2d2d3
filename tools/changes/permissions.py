"""Who may do what: the permissions of a stack, normalised so that two stacks can be compared."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from tools.changes.change import ResourceId
from tools.changes.covering import covers
from tools.changes.uses import uses
from tools.templates.assembly import Resource, Stack
from tools.templates.policy_statements import as_list, shown

_HOLDERS = ("Roles", "Users", "Groups", "RoleName", "UserName", "GroupName")
_IDENTITIES = frozenset({"AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"})
_ATTACHED = frozenset(
    {
        "AWS::IAM::Policy",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::RolePolicy",
        "AWS::IAM::UserPolicy",
        "AWS::IAM::GroupPolicy",
    }
)
_HELD_BY = ("Queues", "Topics", "Bucket")
"""Whose policy a policy is that stands beside them."""
_EVERYTHING_BUT = "everything but "

# Conditions whose list of values means "one of these": each value then is a permission of its own.
ALTERNATIVES = frozenset({"StringEquals", "StringLike", "ArnEquals", "ArnLike", "StringEqualsIgnoreCase", "IpAddress"})
_MOST_ALTERNATIVES = 256

Condition = tuple[str, str, str]
"""Operator, key, value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """One action for one principal on one resource.

    Attributes:
        denies: Whether it is taken away rather than given.
        when: The conditions that all have to hold.
    """

    who: str
    action: str
    on: str
    denies: bool
    when: frozenset[Condition]

    def includes(self, other: "Permission") -> bool:
        """Whether whoever has this one needs not be given the other."""
        return (
            self.denies == other.denies
            and self.when <= other.when
            and self.who in {other.who, "*"}
            and _includes(self.action.lower(), other.action.lower())
            and _includes(self.on, other.on)
        )


def permissions(stack: Stack | None) -> dict[Permission, ResourceId]:
    """Every permission that the template states, with the resource that states it."""
    found: dict[Permission, ResourceId] = {}
    for resource in stack.resources.values() if stack else ():
        for permission in _stated(resource, stack.resources if stack else {}):
            found.setdefault(permission, (stack.name if stack else "", resource.logical_id))
    return found


def _includes(wide: str, narrow: str) -> bool:
    if wide == narrow:
        return True
    # What excludes cannot be compared with what lists.
    return not wide.startswith(_EVERYTHING_BUT) and not narrow.startswith(_EVERYTHING_BUT) and covers(wide, narrow)


def _stated(resource: Resource, resources: Mapping[str, Resource]) -> Iterator[Permission]:
    names = _Names(resources)
    properties = resource.properties
    own = f"<{resource.label}>"
    for who, action, on in uses(resource, shown=names.shown):
        yield Permission(who=who, action=action, on=on, denies=False, when=frozenset())
    if resource.type == "AWS::Lambda::Permission":
        yield from _function_permission(properties, names)
        return
    if resource.type in _IDENTITIES:
        yield from _written(properties.get("AssumeRolePolicyDocument"), names, who=None, default=own)
        for policy in as_list(properties.get("Policies") or []):
            document = policy.get("PolicyDocument", policy) if isinstance(policy, Mapping) else policy
            yield from _written(document, names, who=own, default="*")
        yield from _managed(properties.get("ManagedPolicyArns"), names, who=own)
    elif resource.type in _ATTACHED:
        holders = [holder for key in _HOLDERS for holder in as_list(properties.get(key) or [])]
        # A managed policy without holders can be attached anywhere.
        for holder in holders or [own]:
            who = holder if holder == own else names.shown(holder)
            yield from _written(properties.get("PolicyDocument"), names, who=str(who), default="*")
    elif resource.type == "AWS::Events::EventBusPolicy":
        # Two forms (CloudFormation template reference): a whole statement, or in older templates its parts.
        parts = {"Effect": "Allow", **{key: properties.get(key) for key in ("Action", "Principal", "Condition")}}
        bus = names.shown(properties.get("EventBusName", "the default bus"))
        yield from _documents({"Statement": properties.get("Statement", parts)}, names, who=None, default=bus)
    else:
        about = [names.shown(one) for key in _HELD_BY for one in as_list(properties.get(key) or [])]
        for (name, value), default in product(properties.items(), about or [own]):
            read = _written if name in _POLICIES else _documents
            yield from read(value, names, who=None, default=default)


@dataclass(frozen=True, slots=True)
class _Names:
    resources: Mapping[str, Resource]

    def shown(self, value: object) -> str:
        return shown(value, name=lambda id_: self.resources[id_].label if id_ in self.resources else None)


def _managed(arns: object, names: _Names, *, who: str) -> Iterator[Permission]:
    for arn in as_list(arns or []):
        action = f"everything in the managed policy {names.shown(arn)}"
        yield Permission(who=who, action=action, on="*", denies=False, when=frozenset())


def _function_permission(properties: Mapping[str, object], names: _Names) -> Iterator[Permission]:
    when = {
        ("StringEquals", key, names.shown(value))
        for key, value in properties.items()
        if key not in {"Action", "Principal", "FunctionName"}
    }
    yield Permission(
        who=names.shown(properties.get("Principal")),
        action=names.shown(properties.get("Action")),
        on=names.shown(properties.get("FunctionName")),
        denies=False,
        when=frozenset(when),
    )


_POLICIES = frozenset({"KeyPolicy", "PolicyDocument", "ResourcePolicy"})
"""Properties of other resources that always hold a policy."""


def _written(value: object, names: _Names, *, who: str | None, default: str) -> Iterator[Permission]:
    """The permissions of what has to be a policy: one that CloudFormation computes is one nobody can read here."""
    if isinstance(value, str) or (isinstance(value, Mapping) and "Statement" in value):
        yield from _documents(value, names, who=who, default=default)
    elif value:
        yield _unread(value, names, who=who, on=default)


def _unread(value: object, names: _Names, *, who: str | None, on: str) -> Permission:
    action = f"whatever this means: {names.shown(value)}"
    return Permission(who=who or "somebody", action=action, on=on, denies=False, when=frozenset())


def _documents(value: object, names: _Names, *, who: str | None, default: str) -> Iterator[Permission]:
    """The permissions of a policy document; nothing if the value is none.

    Args:
        value: A property of a resource.
        names: What to call the resources it refers to.
        who: Who has the permissions; None if each statement says so.
        default: What a statement is about that names no resource, or, in a resource's own policy, all of it.
    """
    if isinstance(value, str) and '"Statement"' in value:
        try:
            value = json.loads(value)
        except ValueError:
            return
    if not isinstance(value, Mapping) or "Statement" not in value:
        return
    for statement in as_list(value["Statement"]):
        if isinstance(statement, Mapping) and isinstance(statement.get("Effect"), str):
            yield from _statement(statement, names, who=who, default=default)
        else:
            yield _unread(statement, names, who=who, on=default)


def _statement(
    statement: Mapping[str, object], names: _Names, *, who: str | None, default: str
) -> Iterator[Permission]:
    principals = [who] if who is not None else _principals(statement, names)
    actions = _named(statement, "Action", names, default="*")
    resources = _named(statement, "Resource", names, default=default)
    if who is None:
        resources = [default if resource == "*" else resource for resource in resources]
    denies = statement.get("Effect") == "Deny"
    for one, action, resource, when in product(principals, actions, resources, _whens(statement, names)):
        yield Permission(who=one, action=action, on=resource, denies=denies, when=when)


def _principals(statement: Mapping[str, object], names: _Names) -> Sequence[str]:
    for key, prefix in (("Principal", ""), ("NotPrincipal", _EVERYTHING_BUT)):
        match statement.get(key):
            case None:
                continue
            case Mapping() as kinds if not any(kind == "Ref" or kind.startswith("Fn::") for kind in kinds):
                return [prefix + names.shown(one) for kind in sorted(kinds) for one in as_list(kinds[kind])]
            case other:
                return [prefix + names.shown(one) for one in as_list(other)]
    return ["somebody"]


def _named(statement: Mapping[str, object], key: str, names: _Names, *, default: str) -> list[str]:
    if f"Not{key}" in statement:
        excluded = sorted(names.shown(one) for one in as_list(statement[f"Not{key}"]))
        return [_EVERYTHING_BUT + ", ".join(excluded)]
    return [names.shown(one) for one in as_list(statement.get(key, default))]


def _whens(statement: Mapping[str, object], names: _Names) -> Iterator[frozenset[Condition]]:
    """The conditions of a statement; several where a list of values means one of them."""
    condition = statement.get("Condition") or {}
    if not isinstance(condition, Mapping) or not all(isinstance(keys, Mapping) for keys in condition.values()):
        yield frozenset({("Condition", "", names.shown(condition))})
        return
    choices: list[list[Condition]] = []
    for operator, keys in sorted(condition.items()):
        for key, values in sorted(keys.items()):
            each = sorted(names.shown(value) for value in as_list(values))
            splits = operator in ALTERNATIVES and len(each) > 0
            choices.append([(operator, key, one) for one in (each if splits else [", ".join(each)])])
    if prod(map(len, choices)) > _MOST_ALTERNATIVES:
        choices = [[(*one[0][:2], ", ".join(value for *_, value in one))] for one in choices]
    yield from map(frozenset, product(*choices))
