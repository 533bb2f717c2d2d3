"""The filters of one detector."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tools.emulator.account_region import AccountRegion
from tools.emulator.finding_criteria import InvalidCriteriaError, checked_criterion
from tools.emulator.guardduty_rules import OUT_OF_RANGE, GuardDutyError, member_of, only, tags_of, text_of

MAX_FILTERS = 100
"""Filters of one account and Region (GuardDuty user guide, quotas)."""

OTHER_PARTITIONS = ("cn-", "us-gov-", "us-iso", "eu-iso", "eusc-")
"""How names of Regions begin that are not in partition `aws` (botocore endpoint data)."""

_NAME = re.compile(r"[A-Za-z0-9._-]{3,64}")
_DESCRIPTION = re.compile(r"[A-Za-z0-9\s\-.:_{}\[\]()/]{0,512}")


@dataclass(slots=True, kw_only=True)
class Filter:
    """A stored filter, in the words of the API."""

    name: str
    action: str
    rank: int
    description: str
    criterion: Mapping[str, Mapping[str, object]]
    tags: Mapping[str, str]
    created_at: str = ""


class Filters:
    """What one detector holds, by name."""

    def __init__(self) -> None:
        self._by_name: dict[str, Filter] = {}

    def names(self) -> list[str]:
        """In order of the alphabet."""
        return sorted(self._by_name)

    def get(self, name: str) -> Filter:
        """One of them.

        Raises:
            GuardDutyError: There is none of that name.
        """
        if name not in self._by_name:
            raise GuardDutyError(f"The request is rejected since no such resource found: filter {name}")
        return self._by_name[name]

    def create(self, properties: Mapping[str, object], *, place: AccountRegion, now: str) -> str:
        """Add one; returns its name.

        Raises:
            GuardDutyError: The name is taken, 100 exist, or the service would refuse a property.
        """
        created = _checked(properties, place=place, highest_rank=len(self._by_name) + 1)
        if created.name in self._by_name:
            raise GuardDutyError(
                f"The request is rejected because the input name is already used: filter {created.name}"
            )
        if len(self._by_name) == MAX_FILTERS:
            raise GuardDutyError(
                f"The request is rejected because the current account has reached its limit of {MAX_FILTERS} filters: "
                f"{created.name} in {place.region}"
            )
        created.created_at = now
        self._by_name[created.name] = created
        return created.name

    def update(self, properties: Mapping[str, object], *, place: AccountRegion) -> None:
        """Replace everything about one except its name."""
        updated = _checked(properties, place=place, highest_rank=len(self._by_name))
        updated.created_at = self.get(updated.name).created_at
        self._by_name[updated.name] = updated

    def delete(self, name: str) -> None:
        """Remove one."""
        del self._by_name[self.get(name).name]


def _checked(properties: Mapping[str, object], *, place: AccountRegion, highest_rank: int) -> Filter:
    """The filter that these properties describe, if the service would take it.

    Args:
        properties: As CloudFormation gives them.
        place: Where it is to be.
        highest_rank: The highest rank it may take, given the filters that exist.

    Raises:
        GuardDutyError: With the property, what was given, and what is allowed.
    """
    only(properties, "DetectorId", "Name", "Action", "Rank", "Description", "FindingCriteria", "Tags")
    name = text_of(properties, "Name")
    if not _NAME.fullmatch(name):
        raise GuardDutyError(f"{OUT_OF_RANGE}: Name {name!r} must be 3 to 64 of A-Z a-z 0-9 . _ -")
    description = properties.get("Description", "")
    if not isinstance(description, str) or not _DESCRIPTION.fullmatch(description):
        raise GuardDutyError(
            f"{OUT_OF_RANGE}: Description of {name} must be at most 512 letters, digits, spaces and -.:_{{}}[]()/, "
            f"got {description!r}"
        )
    action = member_of({"Action": "NOOP", **properties}, "Action", ("ARCHIVE", "NOOP"), what=f"action of {name}")
    rank = properties.get("Rank", 1)
    # A rank beyond the next free one is refused, so filters created out of order fail (UG: create suppression rules).
    if isinstance(rank, bool) or not isinstance(rank, int) or not 1 <= rank <= min(highest_rank, MAX_FILTERS):
        raise GuardDutyError(
            f"{OUT_OF_RANGE}: Rank of {name} must be 1 to {min(highest_rank, MAX_FILTERS)} (at most one more than the "
            f"filters that exist; chain them with DependsOn), got {rank!r}"
        )
    try:
        criterion = checked_criterion(
            properties.get("FindingCriteria"),
            action=action,
            commercial=not place.region.startswith(OTHER_PARTITIONS),
        )
    except InvalidCriteriaError as problem:
        raise GuardDutyError(f"{OUT_OF_RANGE}: filter {name}: {problem}") from problem
    return Filter(
        name=name, action=action, rank=rank, description=description, criterion=criterion, tags=tags_of(properties)
    )
