"""The policies of a role, or of a user and the groups that the user is in: their names, and how each is read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from investigation.aws import Service
from investigation.documents import EntityKind
from investigation.wire import Block, block, blocks, items, text

NAME = 140
"""Characters of a policy's name that are kept."""

_PAGES = 5

_Holder: TypeAlias = Literal["role", "user", "group"]


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy.

    Attributes:
        name: As a person is told.
        document: Reads what it says.
    """

    name: str
    document: Callable[[], object]


def policies_of(kind: EntityKind, name: str, client: Service) -> Iterator[Policy]:
    """Managed ones first, then inline ones, then those of a user's groups.

    Raises:
        Throttled: Another attempt may succeed.
        Refusal: It may not be asked.
    """
    yield from _held(client, kind, name)
    if kind == "user":
        for page in _pages(client, "list_groups_for_user", UserName=name):
            for one in blocks(page.get("Groups")):
                group = text(one.get("GroupName"))
                for policy in _held(client, "group", group):
                    yield Policy(f"{policy.name}, of group {group}", policy.document)


def described(kind: EntityKind, name: str, client: Service) -> Block:
    """What IAM says of a role or a user.

    Raises:
        Throttled: Another attempt may succeed.
        Refusal: It may not be asked.
    """
    return block(client.call(f"get_{kind}", **_named(kind, name)).get(kind.title()))


def boundary_of(kind: EntityKind, name: str, client: Service) -> str:
    """The ARN of the permissions boundary; empty for none.

    Raises:
        Throttled: Another attempt may succeed.
        Refusal: It may not be asked.
    """
    return text(block(described(kind, name, client), "PermissionsBoundary").get("PermissionsBoundaryArn"))


def keys_of(user: str, client: Service) -> list[str]:
    """The long-term keys of a user, each with its state and since when there is one.

    Raises:
        Throttled: Another attempt may succeed.
        Refusal: It may not be asked.
    """
    return [
        f"{text(one.get('AccessKeyId'))} ({text(one.get('Status')).lower()}, made {one.get('CreateDate'):%Y-%m-%d})"
        for page in _pages(client, "list_access_keys", UserName=user)
        for one in blocks(page.get("AccessKeyMetadata"))
    ]


def _held(client: Service, holder: _Holder, name: str) -> Iterator[Policy]:
    named = _named(holder, name)
    for page in _pages(client, f"list_attached_{holder}_policies", **named):
        for one in blocks(page.get("AttachedPolicies")):
            arn = text(one.get("PolicyArn"))
            yield Policy(text(one.get("PolicyName"), limit=NAME), lambda arn=arn: _managed(client, arn))  # type: ignore[misc]
    for page in _pages(client, f"list_{holder}_policies", **named):
        for inline in map(text, items(page.get("PolicyNames"))):
            yield Policy(f"{inline[:NAME]} (inline)", lambda inline=inline: _inline(client, holder, name, inline))  # type: ignore[misc]


def _named(holder: _Holder, name: str) -> dict[str, object]:
    return {f"{holder.title()}Name": name}


def _managed(client: Service, arn: str) -> object:
    version = block(client.call("get_policy", PolicyArn=arn).get("Policy")).get("DefaultVersionId")
    answer = client.call("get_policy_version", PolicyArn=arn, VersionId=version)
    return block(answer.get("PolicyVersion")).get("Document")


def _inline(client: Service, holder: _Holder, name: str, policy: str) -> object:
    return client.call(f"get_{holder}_policy", **_named(holder, name), PolicyName=policy).get("PolicyDocument")


def _pages(client: Service, operation: str, **parameters: object) -> Iterator[Block]:
    marker: dict[str, object] = {}
    for _ in range(_PAGES):
        page = client.call(operation, **parameters, **marker)
        yield page
        if not page.get("IsTruncated"):
            return
        marker = {"Marker": page.get("Marker")}
