"""The finding types that GuardDuty has, and those that our own egress raises without a leak."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SUPPRESSED_FINDING_TYPES = (
    "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS",
    "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS",
)
"""Credentials of a workload used from outside AWS; traffic that leaves a VPC through an on-premises gateway looks
the same, and AWS's own remedy is a filter on these types and the caller's address (GuardDuty user guide, IAM finding
types). The `.InsideAWS` siblings are not here: their caller is an AWS address, never on-premises egress."""

API_CALL = "AWS_API_CALL"
"""The action type whose findings carry the API caller's address, the only address our filters ask for."""

CATALOGUE_FILE = Path(__file__).with_suffix(".json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """GuardDuty's finding types as of a date; neither the API nor an SDK lists them.

    Attributes:
        date: Year and month in which the sources were read.
        sources: Where the types, and their actions, were found.
        actions: Type to action type (`AWS_API_CALL`, …); None where it has none, or none is documented.
        retired: Types that GuardDuty no longer makes.
        renamed: Former name to the name of today.
    """

    date: str
    sources: tuple[str, ...]
    actions: Mapping[str, str | None]
    retired: tuple[str, ...]
    renamed: Mapping[str, str]

    @property
    def with_caller_address(self) -> tuple[str, ...]:
        """The types that a filter on the API caller's address can match at all."""
        return tuple(name for name, action in self.actions.items() if action == API_CALL)


def read_catalogue(text: str) -> Catalogue:
    """Read the text of `finding_types.json`."""
    content = json.loads(text)
    return Catalogue(
        date=content["date"],
        sources=tuple(content["sources"]),
        actions=content["types"],
        retired=tuple(content["retired"]),
        renamed=content["renamed"],
    )


CATALOGUE = read_catalogue(CATALOGUE_FILE.read_text(encoding="utf-8"))
"""Refreshed by `python -m tools finding_types --write`."""
