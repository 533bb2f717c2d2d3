"""The trusted list as it is deployed, read back from its tags."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

ENTRIES_TAG, OWNER_TAG, EXPIRES_TAG = "trusted-entries", "owner", "expires"
BETWEEN = " / "
"""Tags of the list, each with one part for each entry; a contract test holds both halves together."""


_COUNTED = re.compile(r"and \d+ more")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedEntry:
    """One entry of the trusted list of a Region."""

    name: str
    owner: str
    expires: date


def trusted_entries(tags: Mapping[str, str]) -> tuple[TrustedEntry, ...]:
    """The entries that the tags of a list tell of; of more than a tag holds, those that it holds: what ends first."""
    names, owners, ends = (tags.get(name, "").split(BETWEEN) for name in (ENTRIES_TAG, OWNER_TAG, EXPIRES_TAG))
    if len(owners) != len(names) or bool(_COUNTED.fullmatch(owners[-1])) != bool(_COUNTED.fullmatch(names[-1])):
        # An owner's name may hold what stands between two, or fewer owners than names fit: then all of them answer.
        owners = [tags.get(OWNER_TAG, "unknown")] * len(names)
    entries = []
    for name, owner, expires in zip(names, owners, ends, strict=False):
        if _COUNTED.fullmatch(name):
            break  # a tag of dates holds more of them than one of names, but nobody knows whose they are
        try:
            last = date.fromisoformat(expires)
        except ValueError:
            continue  # "and 3 more": told by the configuration only
        entries.append(TrustedEntry(name=name, owner=owner, expires=last))
    return tuple(entries)
