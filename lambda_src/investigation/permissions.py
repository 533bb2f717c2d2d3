"""What the role's own policies allow, in a few words; nothing is evaluated, and nothing is changed."""

import json
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import unquote

from investigation.aws import Service
from investigation.documents import Entity, Permissions
from investigation.refused import Refusal
from investigation.wire import Block, block, blocks, text
from investigation.words import listed

_POLICIES = 12
"""Policies of each kind that are read; a role has at most 20 attached ones (IAM quotas)."""

_PAGES = 5
_SERVICES = 24
_NAME = 140
_BROAD, _BUT = 6, 4


def permissions_of(entity: Entity, *, iam: Callable[[], Service]) -> Permissions:
    """The policies of the role, and the services that they name.

    Raises:
        Throttled: Another attempt may succeed.
    """
    if not entity["name"]:
        return unknown(entity["reason"])
    try:
        return _read(entity["name"], iam())
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
    )


def _read(role: str, client: Service) -> Permissions:
    boundary = block(block(client.call("get_role", RoleName=role).get("Role")).get("PermissionsBoundary"))
    attached = [
        (text(one.get("PolicyName"), limit=_NAME), text(one.get("PolicyArn")))
        for page in _pages(client, "list_attached_role_policies", role)
        for one in blocks(page.get("AttachedPolicies"))
    ]
    inline = [
        text(name, limit=_NAME)
        for page in _pages(client, "list_role_policies", role)
        for name in _list(page.get("PolicyNames"))
    ]
    documents: list[tuple[str, Callable[[], object]]] = [
        *((name, lambda arn=arn: _managed(client, arn)) for name, arn in attached[:_POLICIES]),
        *((name, lambda name=name: _inline(client, role, name)) for name in inline[:_POLICIES]),
    ]
    allowed: list[Block] = []
    unread = [name for name, _ in attached[_POLICIES:]] + inline[_POLICIES:]
    for name, document in documents:
        try:
            allowed += _allowed(document())
        except (Refusal, ValueError):
            unread.append(name)
    broad = list(dict.fromkeys(one for statement in allowed for one in _broad(statement)))
    names = [*(name for name, _ in attached), *(f"{name} (inline)" for name in inline)]
    return Permissions(
        read=True,
        reason="",
        policies=names[:_POLICIES],
        more_policies=max(len(names) - _POLICIES, 0),
        unread=unread[:_POLICIES],
        services=list(_services(_actions(allowed)))[:_SERVICES],
        everything=_EVERYTHING in broad,
        broad=[one for one in broad if one != _EVERYTHING][:_BROAD],
        boundary=text(boundary.get("PermissionsBoundaryArn")),
    )


def _managed(client: Service, arn: str) -> object:
    version = block(client.call("get_policy", PolicyArn=arn).get("Policy")).get("DefaultVersionId")
    answer = client.call("get_policy_version", PolicyArn=arn, VersionId=version)
    return block(answer.get("PolicyVersion")).get("Document")


def _inline(client: Service, role: str, name: str) -> object:
    return client.call("get_role_policy", RoleName=role, PolicyName=name).get("PolicyDocument")


def _pages(client: Service, operation: str, role: str) -> Iterator[Block]:
    marker: dict[str, object] = {}
    for _ in range(_PAGES):
        page = client.call(operation, RoleName=role, **marker)
        yield page
        if not page.get("IsTruncated"):
            return
        marker = {"Marker": page.get("Marker")}


def _allowed(document: object) -> list[Block]:
    """The statements of a policy that allow something."""
    if isinstance(document, str):
        # botocore decodes it; what it could not read comes as it was sent, percent-encoded (IAM API reference).
        document = json.loads(unquote(document))
    return [one for one in blocks(block(document).get("Statement")) if one.get("Effect") == "Allow"]


def _broad(statement: Block) -> Iterator[str]:
    """What a statement allows of all services, in words; each is told with what bounds it."""
    where = "" if "*" in _list(statement.get("Resource")) else " on some resources"
    when = " under conditions" if statement.get("Condition") else ""
    if "NotAction" in statement:
        names = [text(one, limit=_NAME) for one in _list(statement["NotAction"])]
        yield f"all actions but {listed(names, most=_BUT)}{where}{when}"
    if any(_is_everything(one) for one in _list(statement.get("Action"))):
        yield f"{_EVERYTHING}{where}{when}"


_EVERYTHING = "all actions"


def _is_everything(action: object) -> bool:
    """`*` and `*:*` (IAM user guide, policy elements)."""
    return "*" in (name := text(action, limit=_NAME)) and not name.strip("*:")


def _actions(statements: Sequence[Block]) -> set[str]:
    """What is allowed by the name of a service."""
    given = {text(one, limit=_NAME) for statement in statements for one in _list(statement.get("Action"))}
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


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
