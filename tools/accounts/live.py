"""The accounts of an organization with what is said of them there: tags, and the units they are in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tools.live.pages import pages

_ACTIVE = "ACTIVE"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveAccount:
    """One active account.

    Attributes:
        tags: Its own tags; none if they were not asked for.
        units: Names of the organizational units it is in, the nearest first; none if they were not asked for.
    """

    id: str
    name: str
    tags: Mapping[str, str]
    units: tuple[str, ...]


def accounts_of(client: Any, *, tags: bool, units: bool) -> Iterator[LiveAccount]:  # noqa: ANN401 (a boto3 client)
    """Every active account, one after another: Organizations answers few calls a second.

    Raises:
        ClientError, BotoCoreError: Organizations did not answer, or not these credentials.
    """
    known: dict[str, tuple[str, ...]] = {}
    for one in pages(client.list_accounts, "Accounts"):
        # State says what an account is; Status was retired on 9 September 2026 (botocore organizations 1.44.5).
        if one.get("State") == _ACTIVE:
            yield LiveAccount(
                id=one["Id"],
                name=one.get("Name", ""),
                tags=_tags(client, one["Id"]) if tags else {},
                units=_units(client, one["Id"], known) if units else (),
            )


def _tags(client: Any, account: str) -> dict[str, str]:  # noqa: ANN401 (a boto3 client)
    return {tag["Key"]: tag["Value"] for tag in pages(client.list_tags_for_resource, "Tags", ResourceId=account)}


def _units(client: Any, child: str, known: dict[str, tuple[str, ...]]) -> tuple[str, ...]:  # noqa: ANN401 (a boto3 client)
    """The units above a child; each is asked about once, however many accounts are in it."""
    (parent,) = pages(client.list_parents, "Parents", ChildId=child)
    if parent["Type"] == "ROOT":
        return ()
    if (unit := parent["Id"]) not in known:
        name = client.describe_organizational_unit(OrganizationalUnitId=unit)["OrganizationalUnit"]["Name"]
        known[unit] = (name, *_units(client, unit, known))
    return known[unit]
