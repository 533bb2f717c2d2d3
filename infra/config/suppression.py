"""What must agree about what is suppressed: one answer for each address, and none wider than allowed."""

from collections.abc import Sequence

from infra.config.addresses import every_overlap, written
from infra.config.egress import EgressEntry, EgressLimits
from infra.config.errors import Found
from infra.config.model import words
from infra.config.trusted_list import TrustedEntry
from infra.suppression import TooManyFiltersError, check_budget


def ranges_keep_to_the_limit(*, egress: tuple[EgressEntry, ...], egress_limits: EgressLimits) -> Found:
    """A house may allow less than the project does."""
    yield from wider_than(egress_limits.minimum_netmask_length, key="egress", entries=egress)


def wider_than(least: int, *, key: str, entries: Sequence[EgressEntry | TrustedEntry]) -> Found:
    """Refuse every range whose netmask is shorter than the house allows."""
    for position, entry in enumerate(entries):
        for place, cidr in enumerate(entry.cidrs):
            if cidr.prefixlen < least:
                yield (
                    (key, position, "cidrs", place),
                    f"must be /{least} or narrower, as egress_limits.minimum_netmask_length says, got"
                    f" {written(cidr)!r}; list the parts that are really yours",
                )


def addresses_have_one_answer(*, egress: tuple[EgressEntry, ...]) -> Found:
    """Whether a finding is hidden, who answers for that and until when: nobody should have to weigh two entries.

    Of two owners one is wrong about whose the address is. One owner may give an address twice where that says
    something: other finding types, or a wider range that observes before it replaces the one in force.
    """
    ranges = {
        (position, place): cidr for position, entry in enumerate(egress) for place, cidr in enumerate(entry.cidrs)
    }
    for inside, around in every_overlap(ranges):
        # told at the later of the two, where somebody has just written
        (position, place), (earlier, at) = max(inside, around), min(inside, around)
        if position == earlier:
            continue  # within one entry: refused there
        entry, other = egress[position], egress[earlier]
        if text := _objection(inner=egress[inside[0]], outer=egress[around[0]], equal=ranges[inside] == ranges[around]):
            yield (
                ("egress", position, "cidrs", place),
                f"{written(entry.cidrs[place])} of {entry.name!r} overlaps {written(other.cidrs[at])} of"
                f" {other.name!r} in {written(ranges[inside])}; {text}",
            )


def _objection(*, inner: EgressEntry, outer: EgressEntry, equal: bool) -> str:
    """Say why two overlapping entries contradict or repeat each other; nothing if they do not."""
    if inner.owner != outer.owner:
        return (
            f"an address needs one owner, and these are {words(sorted((inner.owner, outer.owner)))}; agree on one, and"
            " take it out of the other's entry"
        )
    if not set(inner.finding_types) & set(outer.finding_types):
        return ""
    if inner.mode == outer.mode:
        # of two equal ones keep the one that lasts longer
        spare, kept = (outer, inner) if equal and outer.expires < inner.expires else (inner, outer)
        return f"{kept.name!r} says the same for it already; delete it from {spare.name!r}"
    if equal or inner.mode == "observe":
        observing, enforcing = (inner, outer) if inner.mode == "observe" else (outer, inner)
        return f"{enforcing.name!r} hides it already, so observing it tells nothing; delete it from {observing.name!r}"
    return ""


def filters_fit_a_region(*, egress: tuple[EgressEntry, ...], egress_limits: EgressLimits) -> Found:
    """Counted with the entries that have ended, so that it never depends on the day whether a file is right."""
    try:
        check_budget(egress, budget=egress_limits.maximum_filters)
    except TooManyFiltersError as error:
        yield ("egress",), f"{error}; or raise egress_limits.maximum_filters"


RULES = (ranges_keep_to_the_limit, addresses_have_one_answer, filters_fit_a_region)
