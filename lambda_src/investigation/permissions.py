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
from investigation.words import counted, few, listed

_DOCUMENTS = 24
"""Policies that are read. A role, a user or a group has at most 20 attached ones, and a user is in ten groups at most
(IAM quotas)."""

POLICIES = 12
"""Policies that are named."""

SERVICES = 12
"""Services that are named."""

_PATTERNS, _PATTERN = 2, 40
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
        policies=[policy.name for policy in policies[:POLICIES]],
        more_policies=max(len(policies) - POLICIES, 0),
        unread=few(unread, most=POLICIES),
        services=few(list(_services(_actions(allowed))), most=SERVICES),
        everything=_EVERYTHING in broad,
        broad=few([one for one in broad if one != _EVERYTHING], most=_BROAD),
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
    """`s3 (everything)`, `iam (Create*, 2 actions)`, `dynamodb (3 actions)`: what can do most first."""
    found: dict[str, set[str]] = {}
    for action in actions:
        service, _, name = action.partition(":")
        if name:
            found.setdefault("every service" if service == "*" else service.lower(), set()).add(name)
    for service, names in sorted(found.items(), key=_most_first):
        yield f"{service} ({'everything' if _whole(names) else _named(names)})"


def _most_first(one: tuple[str, set[str]]) -> tuple[bool, int, int, str]:
    service, names = one
    return not _whole(names), -len(_patterns(names)), -len(names), service


def _named(names: set[str]) -> str:
    """A pattern allows dozens of actions, so that it is named and not counted among them."""
    patterns = _patterns(names)
    single = len(names) - len(patterns)
    parts = [listed((one[:_PATTERN] for one in patterns), most=_PATTERNS), counted(single, "action") if single else ""]
    return ", ".join(filter(None, parts))


def _whole(names: set[str]) -> bool:
    return any(not one.strip("*") for one in names)


def _patterns(names: set[str]) -> list[str]:
    return sorted(one for one in names if "*" in one or "?" in one)
