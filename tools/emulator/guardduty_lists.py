"""The rules of GuardDuty for trusted lists, and where they are kept: one of each kind for a detector."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from uuid import uuid4

from tools.emulator.account_region import AccountRegion
from tools.emulator.guardduty_rules import OUT_OF_RANGE, GuardDutyError, tags_of, text_of

ReadObject = Callable[[str, str, str], bytes | None]
"""Reads an object: account that owns the bucket, bucket, key; None if there is no such object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListKind:
    """A kind of trusted list.

    Attributes:
        name: As CloudFormation has it.
        path: Part of the address in the REST API.
        ids: Key under which the API lists them.
        most: Entries that one may hold (GuardDuty user guide, quotas).
        names: What its name may look like (botocore guardduty 1.44.5).
        missing: Regions without it (CloudFormation schemas in cfn-lint 1.58.0).
        checks_owner: Whether the bucket must be the caller's own if nobody else is named as its owner.
    """

    name: str
    path: str
    ids: str
    most: int
    names: str
    missing: frozenset[str]
    checks_owner: bool


IP_SET = ListKind(
    name="IPSet",
    path="ipset",
    ids="ipSetIds",
    most=2000,
    names=r"[A-Za-z0-9\s_-]{1,300}",
    missing=frozenset(),
    checks_owner=False,
)
TRUSTED_ENTITY_SET = ListKind(
    name="TrustedEntitySet",
    path="trustedentityset",
    ids="trustedEntitySetIds",
    most=1000,
    names=r"[A-Za-z0-9_-]{1,300}",
    missing=frozenset({"cn-north-1", "cn-northwest-1", "us-gov-east-1", "us-gov-west-1"}),
    checks_owner=True,
)
KINDS = {kind.path: kind for kind in (IP_SET, TRUSTED_ENTITY_SET)}

_KNOWN = frozenset({"Activate", "DetectorId", "ExpectedBucketOwner", "Format", "Location", "Name", "Tags"})
_LOCATION = re.compile(r"s3://(?P<bucket>[^/]+)/(?P<key>.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedList:
    """A stored list, in the words of the API."""

    id: str
    name: str
    location: str
    status: str
    tags: Mapping[str, str]
    expected_bucket_owner: str | None

    @property
    def document(self) -> dict[str, object]:
        """What GetIPSet or GetTrustedEntitySet answers."""
        owner = {"expectedBucketOwner": self.expected_bucket_owner} if self.expected_bucket_owner else {}
        return {
            "name": self.name,
            "format": "TXT",
            "location": self.location,
            "status": self.status,
            "tags": self.tags,
            **owner,
        }


class TrustedLists:
    """The trusted lists of any number of detectors."""

    def __init__(self, *, read_object: ReadObject) -> None:
        self._read_object = read_object
        self._kept: dict[tuple[str, ListKind], TrustedList] = {}

    def create(self, place: AccountRegion, kind: ListKind, properties: Mapping[str, object]) -> str:
        """Add a list, and read its file if it is active; returns its id.

        Raises:
            GuardDutyError: There is one of this kind, or the service would refuse a property or the file.
        """
        detector_id = text_of(properties, "DetectorId")
        if (detector_id, kind) in self._kept:
            raise GuardDutyError(
                f"The request is rejected because the current account has reached its limit of 1 {kind.name}:"
                f" {properties.get('Name')} in {place.region}"
            )
        created = self._checked(place, kind, properties, list_id=uuid4().hex)
        self._kept[detector_id, kind] = created
        return created.id

    def update(self, place: AccountRegion, kind: ListKind, list_id: str, properties: Mapping[str, object]) -> None:
        """Change everything about a list but its format, and read its file again if it is active."""
        detector_id = text_of(properties, "DetectorId")
        self.get(detector_id, kind, list_id)
        self._kept[detector_id, kind] = self._checked(place, kind, properties, list_id=list_id)

    def delete(self, detector_id: str, kind: ListKind, list_id: str) -> None:
        """Remove a list: GuardDuty sees its addresses again."""
        self.get(detector_id, kind, list_id)
        del self._kept[detector_id, kind]

    def forget(self, detector_id: str) -> None:
        """Remove every list of a detector that is gone."""
        for kind in KINDS.values():
            self._kept.pop((detector_id, kind), None)

    def ids(self, detector_id: str, kind: ListKind) -> list[str]:
        """The id of the list, if there is one."""
        return [self._kept[detector_id, kind].id] if (detector_id, kind) in self._kept else []

    def get(self, detector_id: str, kind: ListKind, list_id: str) -> TrustedList:
        """The list of that id."""
        if list_id not in self.ids(detector_id, kind):
            raise GuardDutyError(
                f"The request is rejected since no such resource found: {kind.name} {list_id} of detector {detector_id}"
            )
        return self._kept[detector_id, kind]

    def _checked(
        self, place: AccountRegion, kind: ListKind, properties: Mapping[str, object], *, list_id: str
    ) -> TrustedList:
        if place.region in kind.missing:
            raise GuardDutyError(f"AWS::GuardDuty::{kind.name} does not exist in {place.region}; use an IPSet there")
        if unknown := sorted(set(properties) - _KNOWN):
            raise GuardDutyError(f"unknown property {', '.join(unknown)}; known: {', '.join(sorted(_KNOWN))}")
        name, location = text_of(properties, "Name"), text_of(properties, "Location")
        if not re.fullmatch(kind.names, name):
            raise GuardDutyError(f"{OUT_OF_RANGE}: Name {name!r} must be 1 to 300 of A-Z a-z 0-9 _ -")
        if (given := properties.get("Format")) != "TXT":
            raise GuardDutyError(f"{OUT_OF_RANGE}: Format is {given!r}; this emulator reads TXT only")
        activate = properties.get("Activate")
        if not isinstance(activate, bool):
            raise GuardDutyError(f"{OUT_OF_RANGE}: Activate must be true or false, got {activate!r}")
        owner = properties.get("ExpectedBucketOwner")
        if owner is not None and not (isinstance(owner, str) and re.fullmatch(r"\d{12}", owner)):
            raise GuardDutyError(f"{OUT_OF_RANGE}: ExpectedBucketOwner must be 12 digits, got {owner!r}")
        if activate:
            self._read(place, kind, location, owner=owner or (place.account if kind.checks_owner else None))
        return TrustedList(
            id=list_id,
            name=name,
            location=location,
            status="ACTIVE" if activate else "INACTIVE",
            tags=tags_of(properties),
            expected_bucket_owner=owner,
        )

    def _read(self, place: AccountRegion, kind: ListKind, location: str, *, owner: str | None) -> None:
        """Read the file of a list as an activation does, and refuse what GuardDuty could not use."""
        found = _LOCATION.fullmatch(location)
        if not found:
            raise GuardDutyError(f"{OUT_OF_RANGE}: Location must be s3://<bucket>/<key>, got {location!r}")
        content = self._read_object(owner or place.account, found["bucket"], found["key"])
        if content is None:
            raise GuardDutyError(f"{location} cannot be read: no such object in a bucket of {owner or place.account}")
        entries = content.decode("ascii").split()
        if not 1 <= len(entries) <= kind.most:
            raise GuardDutyError(f"{location} must hold 1 to {kind.most:,} entries, got {len(entries):,}")
        for entry in entries:
            try:
                IPv4Network(entry)
            except ValueError as error:
                raise GuardDutyError(f"{location} holds {entry!r}, which is no IPv4 address or network") from error
