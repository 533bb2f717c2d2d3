"""What must agree about what is suppressed: one answer for each address, and none wider than allowed."""

from collections.abc import Sequence
from datetime import date
from ipaddress import IPv6Address

from infra.config.egress import EgressEntry, EgressLimits
from infra.config.errors import Found
from infra.config.fields.addresses import every_overlap, written
from infra.config.fields.finding_types import about_instances
from infra.config.regions import region_facts
from infra.config.scope import VPC_PARTITIONS, apart, within
from infra.config.trusted_list import TrustedEntry
from infra.config.wording import words
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


def addresses_have_one_answer(*, egress: tuple[EgressEntry, ...], today: date | None) -> Found:
    """Whether a finding is hidden, who answers for that and until when: nobody should have to weigh two entries.

    Of two owners one is wrong about whose the address is, unless their scopes share no finding. One owner may give an
    address twice where that says something: other finding types, another scope, or a wider range or scope that
    observes before it replaces the one in force. Whether they may does not depend on the day; what to do does, as an
    entry that has ended says nothing any more.
    """
    ranges = {
        (position, place): cidr for position, entry in enumerate(egress) for place, cidr in enumerate(entry.cidrs)
    }
    yield from _ipv6_has_one_answer(egress, today)
    for inside, around in every_overlap(ranges):
        # told at the later of the two, where somebody has just written
        (position, place), (earlier, at) = max(inside, around), min(inside, around)
        if position == earlier:
            continue  # within one entry: refused there
        entry, other = egress[position], egress[earlier]
        equal = ranges[inside] == ranges[around]
        if text := _objection(inner=egress[inside[0]], outer=egress[around[0]], equal=equal, today=today):
            yield (
                ("egress", position, "cidrs", place),
                f"{written(entry.cidrs[place])} of {entry.name!r} overlaps {written(other.cidrs[at])} of"
                f" {other.name!r} in {written(ranges[inside])}; {text}",
            )


def _ipv6_has_one_answer(egress: Sequence[EgressEntry], today: date | None) -> Found:
    """The same for single addresses, which overlap only where they are equal."""
    seen: dict[IPv6Address, list[int]] = {}
    for position, entry in enumerate(egress):
        for place, address in enumerate(entry.ipv6_addresses):
            for earlier in seen.get(address, ()):
                if text := _objection(inner=entry, outer=egress[earlier], equal=True, today=today):
                    yield (
                        ("egress", position, "ipv6_addresses", place),
                        f"{address} is in {egress[earlier].name!r} too; {text}",
                    )
            seen.setdefault(address, []).append(position)


def _objection(*, inner: EgressEntry, outer: EgressEntry, equal: bool, today: date | None) -> str:
    """Say why two overlapping entries contradict or repeat each other; nothing if they do not."""
    if apart(inner.scope, outer.scope):
        return ""  # of each finding from there at most one of them speaks
    if inner.owner != outer.owner:
        owners = words(sorted((inner.owner, outer.owner)))
        text = f"an address needs one owner, and these are {owners}; agree on one, and take it out of the other's entry"
        if inner.scope or outer.scope:
            text += ", or give both a scope such that no finding fits the two: other accounts, functions or vpc_ids"
    else:
        text = _repetition(inner=inner, outer=outer, equal=equal)
    sooner = min(inner, outer, key=lambda entry: entry.expires)
    if text and today and sooner.expires < today:
        return f"{sooner.name!r} ended on {sooner.expires} and says nothing any more; delete that entry"
    return text


def _repetition(*, inner: EgressEntry, outer: EgressEntry, equal: bool) -> str:
    """Say which of two entries of one owner adds nothing here; nothing if each says something of its own."""
    shared = set(inner.finding_types) & set(outer.finding_types)
    repeating = [inner] if within(inner.scope, outer.scope) else []
    repeating += [outer] if equal and within(outer.scope, inner.scope) else []
    observed = inner.mode != outer.mode
    if observed:
        # what hides says more than what observes
        repeating = [entry for entry in repeating if entry.mode == "observe"]
    if not shared or not repeating:
        return ""
    # of two that say the same keep the one that lasts longer; one with a type of its own says that besides
    spare = [entry for entry in repeating if shared.issuperset(entry.finding_types)]
    less = min(spare or repeating, key=lambda entry: entry.expires)
    more = (outer if less is inner else inner).name
    if spare:
        why = "hides it already, so observing it tells nothing" if observed else "says the same for it already"
        return f"{more!r} {why}; delete it from {less.name!r}"
    types, these = words(sorted(shared)), "that type" if len(shared) == 1 else "those types"
    vain = f"{more!r} hides {types} already, so observing {these} tells nothing"
    return f"{vain if observed else f'both say the same for it of {types}'}; take {these} out of one of the two"


def scopes_fit_their_filters(*, egress: tuple[EgressEntry, ...], regions: tuple[str, ...]) -> Found:
    """GuardDuty takes the VPC in some filters only, and a filter that it refuses fails the deployment half-way."""
    elsewhere = [region for region in regions if region_facts(region).partition not in VPC_PARTITIONS]
    for position, entry in enumerate(egress):
        if entry.scope is None or not entry.scope.vpc_ids:
            continue
        place = ("egress", position, "scope", "vpc_ids")
        if entry.mode == "observe":
            yield (
                place,
                "must be left out while mode is observe: GuardDuty takes the VPC only in filters that hide; observe"
                " without it, which counts other VPCs too, or set mode: enforce",
            )
        if elsewhere:
            yield (
                place,
                f"must be left out in {words(elsewhere)}: GuardDuty takes the VPC in a filter only in partition aws;"
                " narrow by accounts, functions or function_tag",
            )


def scopes_can_match(*, egress: tuple[EgressEntry, ...]) -> Found:
    """Credentials of an instance belong to no function: such a filter would never match."""
    for position, entry in enumerate(egress):
        if entry.scope and entry.scope.about_functions and all(map(about_instances, entry.finding_types)):
            yield (
                ("egress", position, "scope"),
                f"must not narrow by {words(entry.scope.about_functions)} where all finding_types are about EC2"
                " instances, which are no functions, so nothing would match; narrow by accounts, or name other types",
            )


def filters_fit_a_region(*, egress: tuple[EgressEntry, ...], egress_limits: EgressLimits) -> Found:
    """Counted with the entries that have ended, so that it never depends on the day whether a file is right."""
    try:
        check_budget(egress, budget=egress_limits.maximum_filters)
    except TooManyFiltersError as error:
        yield ("egress",), f"{error}; or raise egress_limits.maximum_filters"


RULES = (
    ranges_keep_to_the_limit,
    addresses_have_one_answer,
    scopes_fit_their_filters,
    scopes_can_match,
    filters_fit_a_region,
)
