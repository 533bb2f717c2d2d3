"""What the policies of a role or a user allow, in a few words; nothing is evaluated, and nothing is changed."""

import json
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import unquote

from investigation.aws import Service
from investigation.documents import Entity, EntityKind, Permissions
from investigation.entity import kind_of
from investigation.policies import NAME, boundary_of, keys_of, policies_of
from investigation.refused import Refusal
from investigation.wire import Block, block, blocks, items, text
from investigation.words import listed

_DOCUMENTS = 24
"""Policies that are read. A role, a user or a group has at most 20 attached ones, and a user is in ten groups at most
(IAM quotas)."""

_POLICIES = 12
"""Policies that are named."""

_SERVICES = 24
_BROAD, _BUT = 6, 4


def permissions_of(entity: Entity, *, iam: Callable[[], Service]) -> Permissions:
    """The policies of the role or the user, and the services that they name.

    Raises:
        Throttled: Another attempt may succeed.
    """
    if not entity["name"]:
        return unknown(entity["reason"])
    try:
        return _read(kind_of(entity), entity["name"], iam())
    except Refusal as error:
        return unknown(str(error))


def unknown(reason: str) -> Permissions:
    """Nothing is known, and why."""
    return Permissions(
        read=False,
        reason=reason,
        policies=[],
        more_policies=0,
        unread=[],
        services=[],
        everything=False,
        broad=[],
        boundary="",
        keys=[],
    )


def _read(kind: EntityKind, name: str, client: Service) -> Permissions:
    boundary = boundary_of(kind, name, client)
    policies = list(policies_of(kind, name, client))
    allowed: list[Block] = []
    unread = [policy.name for policy in policies[_DOCUMENTS:]]
    for policy in policies[:_DOCUMENTS]:
        try:
            allowed += _allowed(policy.document())
        except (Refusal, ValueError):
            unread.append(policy.name)
    keys: list[str] = []
    if kind == "user":
        try:
            keys = keys_of(name, client)
        except Refusal:
            unread.append("the user's access keys")
    broad = list(dict.fromkeys(one for statement in allowed for one in _broad(statement)))
    return Permissions(
        read=True,
        reason="",
        policies=[policy.name for policy in policies[:_POLICIES]],
        more_policies=max(len(policies) - _POLICIES, 0),
        unread=unread[:_POLICIES],
        services=list(_services(_actions(allowed)))[:_SERVICES],
        everything=_EVERYTHING in broad,
        broad=[one for one in broad if one != _EVERYTHING][:_BROAD],
        boundary=boundary,
        keys=keys,
    )


def _allowed(document: object) -> list[Block]:
    """The statements of a policy that allow something."""
    if isinstance(document, str):
        # botocore decodes it; what it could not read comes as it was sent, percent-encoded (IAM API reference).
        document = json.loads(unquote(document))
    return [one for one in blocks(block(document).get("Statement")) if one.get("Effect") == "Allow"]


def _broad(statement: Block) -> Iterator[str]:
    """What a statement allows of all services, in words; each is told with what bounds it."""
    where = "" if "*" in items(statement.get("Resource")) else " on some resources"
    when = " under conditions" if statement.get("Condition") else ""
    if "NotAction" in statement:
        names = [text(one, limit=NAME) for one in items(statement["NotAction"])]
        yield f"all actions but {listed(names, most=_BUT)}{where}{when}"
    if any(_is_everything(one) for one in items(statement.get("Action"))):
        yield f"{_EVERYTHING}{where}{when}"


_EVERYTHING = "all actions"


def _is_everything(action: object) -> bool:
    """`*` and `*:*` (IAM user guide, policy elements)."""
    return "*" in (name := text(action, limit=NAME)) and not name.strip("*:")


def _actions(statements: Sequence[Block]) -> set[str]:
    """What is allowed by the name of a service."""
    given = {text(one, limit=NAME) for statement in statements for one in items(statement.get("Action"))}
    return {one for one in given if one and not _is_everything(one)}


def _services(actions: set[str]) -> Iterator[str]:
    """`s3 (everything)`, `dynamodb (3 actions)`: what can do most first."""
    found: dict[str, set[str]] = {}
    for action in actions:
        service, _, name = action.partition(":")
        if name:
            found.setdefault("every service" if service == "*" else service.lower(), set()).add(name)
    for service, names in sorted(found.items(), key=lambda one: ("*" not in one[1], -len(one[1]), one[0])):
        some = f"{len(names)} action{'' if len(names) == 1 else 's'}"
        yield f"{service} ({'everything' if '*' in names else some})"
