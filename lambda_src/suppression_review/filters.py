"""Our suppression rules as they are deployed, read back from GuardDuty."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

ENTRY_TAG, OWNER_TAG, EXPIRES_TAG, NOTIFY_TAG = "egress-entry", "owner", "expires", "notify"
"""Tags of a compiled filter; a contract test holds both halves together."""

_NUMBER = re.compile(r"-[0-9]{2,3}")
"""End of a filter's name (contract test)."""

Criterion = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class EgressFilter:
    """One filter that belongs to an egress entry.

    The deployed filter rather than the configuration: it says what is hidden now, also where a deployment is overdue.

    Attributes:
        entry: Name of the egress entry.
        owner: Who answers for it.
        expires: Its last day; None where somebody took the tag away.
        notify: Destinations to tell before it ends; empty for the default ones.
        hides: Whether it archives; otherwise it only counts.
        created: When GuardDuty made it; None where the service does not say.
    """

    name: str
    region: str
    entry: str
    owner: str
    expires: date | None
    notify: tuple[str, ...]
    hides: bool
    criterion: Criterion
    created: datetime | None

    def matches(self, finding: Mapping[str, object]) -> bool:
        """Whether the filter is about this finding, given as the API shows it (PascalCase).

        Attributes combine with AND (GuardDuty user guide, filter findings). An operator that our compiler does not
        write counts as not matching: the finding is then reported as archived by something else, which it was.
        """
        return all(
            any(_holds(condition, value) for value in _values(finding, attribute.split(".")))
            for attribute, condition in self.criterion.items()
        )

    @property
    def finding_types(self) -> tuple[str, ...]:
        """The finding types that it is about."""
        types = self.criterion.get("type", {}).get("Equals", ())
        return tuple(map(str, types)) if isinstance(types, Sequence) and not isinstance(types, str) else ()


def egress_filter(document: Mapping[str, object], *, region: str, name_prefix: str) -> EgressFilter | None:
    """The filter that `GetFilter` describes; None if it does not belong to an egress entry of this deployment.

    Another deployment in the account has filters with the same tags, and may have entries of the same names. A filter
    is called `<name_prefix>-<entry>-<number>`, and nobody can rename it. The entry alone is in the tag: without it
    `prod-eu-office-01` could be of `prod` or of `prod-eu`.
    """
    tags = document.get("Tags")
    criteria = document.get("FindingCriteria")
    if not isinstance(tags, Mapping) or ENTRY_TAG not in tags or not isinstance(criteria, Mapping):
        return None
    name, entry = str(document["Name"]), str(tags[ENTRY_TAG])
    start = f"{name_prefix}-{entry}"
    if not (name.startswith(start) and _NUMBER.fullmatch(name, len(start))):
        return None
    created = document.get("CreatedAt")
    return EgressFilter(
        name=name,
        region=region,
        entry=entry,
        owner=str(tags.get(OWNER_TAG, "nobody (the filter has lost its owner tag)")),
        expires=_day(tags.get(EXPIRES_TAG)),
        notify=tuple(str(tags.get(NOTIFY_TAG, "")).split()),
        hides=document.get("Action") == "ARCHIVE",
        criterion=criteria.get("Criterion", {}),
        created=created if isinstance(created, datetime) else None,
    )


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _holds(condition: Mapping[str, object], value: str) -> bool:
    for operator, operand in condition.items():
        if not isinstance(operand, Sequence) or isinstance(operand, str):
            return False
        if operator == "Equals":
            if value not in operand:
                return False
        elif operator == "Matches":
            if not any(_pattern(str(pattern)).fullmatch(value) for pattern in operand):
                return False
        else:
            return False
    return bool(condition)


@cache
def _pattern(wanted: str) -> re.Pattern[str]:
    """`*` stands for any run of characters and `?` for exactly one (GuardDuty user guide, suppression rules)."""
    return re.compile("".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in wanted))


def _values(document: object, path: Sequence[str]) -> Iterator[str]:
    if isinstance(document, list):
        for item in document:
            yield from _values(item, path)
    elif not path:
        if isinstance(document, str):
            yield document
    elif isinstance(document, Mapping):
        # The API shows `ipAddressV4` as `IpAddressV4`.
        yield from _values(document.get(path[0][:1].upper() + path[0][1:]), path[1:])
