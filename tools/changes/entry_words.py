"""How sentences name an egress entry: how much, which types, what narrows it, who answers, until when."""

from collections.abc import Collection
from datetime import date
from functools import reduce
from operator import or_

from infra.suppression import SUPPRESSED_FINDING_TYPES
from tools.changes.egress import Entry
from tools.templates.coverage import NOWHERE, Coverage
from tools.templates.filters import EVERY_TYPE, Limits
from tools.templates.wording import counted, listing, quoted


def what(entry: Entry) -> str:
    """All that an entry matches, in a few words."""
    by_shape: dict[tuple[Limits, Coverage], list[str]] = {}
    for (type_, limits), coverage in sorted(entry.all.items(), key=lambda item: (item[0][0], sorted(item[0][1]))):
        by_shape.setdefault((limits, coverage), []).append(type_)
    return " and ".join(
        f"{coverage} for {number(types)}{limited(limits)}" for (limits, coverage), types in by_shape.items()
    )


def where(coverage: Coverage) -> str:
    """From which addresses, as the end of a sentence."""
    named = coverage.named()
    return f": {named}" if named else ""


def whole(entry: Entry) -> Coverage:
    """All addresses of an entry."""
    return reduce(or_, entry.all.values(), NOWHERE)


def number(types: Collection[str]) -> str:
    """How many finding types; what is unusual is named."""
    if EVERY_TYPE in types:
        return "every finding type"
    # What is usual needs no names; anything else does.
    usual = set(types) <= set(SUPPRESSED_FINDING_TYPES)
    return counted(len(types), "finding type") + ("" if usual else f" ({listing(types)})")


def types_named(types: Collection[str]) -> str:
    """The finding types by name."""
    if EVERY_TYPE in types:
        return "every finding type"
    return f"the finding {'type' if len(types) == 1 else 'types'} {listing(types)}"


def limited(limits: Limits, *, comma: str = ",") -> str:
    """What narrows an entry, as the end of a sentence."""
    if not limits:
        return ""
    return f"{comma} limited to " + " and ".join(str(limit) for limit in sorted(limits))


def answer(entry: Entry) -> str:
    """Who answers for an entry, and until when."""
    owner = f"owner {quoted(entry.owner)}" if entry.owner else "without an owner"
    return f", {owner}, {f'until {_day(entry.expires)}' if entry.expires else 'without an end'}"


def end(expires: str) -> str:
    """The day an entry ends."""
    return _day(expires) if expires else "never"


def _day(expires: str) -> str:
    try:
        return date.fromisoformat(expires).isoformat()
    except ValueError:
        return quoted(expires)


def later(new: str, old: str) -> bool:
    """Whether an entry ends later than it did; what is no date counts as later."""
    if not old:
        return False
    try:
        return not new or date.fromisoformat(new) > date.fromisoformat(old)
    except ValueError:
        return True
