"""What must agree about the trusted list: it holds an address once, and every Region can take it."""

from collections.abc import Iterator, Mapping, Sequence

from infra.config.agreement.egress import wider_than
from infra.config.egress import EgressEntry, EgressLimits
from infra.config.errors import Found
from infra.config.fields.addresses import every_overlap, written
from infra.config.region_override import RegionOverride, facts_in
from infra.config.trusted_list import TrustedEntry
from infra.config.wording import words
from infra.suppression import MAX_TRUSTED_ENTITIES, MAX_TRUSTED_IP_ADDRESSES, collapsed


def trusted_ranges_keep_to_the_limit(*, trusted_list: tuple[TrustedEntry, ...], egress_limits: EgressLimits) -> Found:
    """What is too wide to hide one kind of finding is too wide to hide them all."""
    yield from wider_than(egress_limits.minimum_netmask_length, key="trusted_list", entries=trusted_list)


def trusted_addresses_stand_once(*, trusted_list: tuple[TrustedEntry, ...]) -> Found:
    """Of two entries for an address one may end, and GuardDuty would stay blind to it all the same."""
    for earlier, later in _overlaps(trusted_list):
        one, other = trusted_list[later[0]], trusted_list[earlier[0]]
        yield (
            ("trusted_list", later[0], "cidrs", later[1]),
            f"{written(one.cidrs[later[1]])} of {one.name!r} overlaps {written(other.cidrs[earlier[1]])} of"
            f" {other.name!r}; an address stands in one entry, so that it has one owner and one end: delete it from one"
            " of them",
        )


def trusted_addresses_are_not_suppressed_too(
    *, trusted_list: tuple[TrustedEntry, ...], egress: tuple[EgressEntry, ...]
) -> Found:
    """A filter sees nothing of an address that is trusted, and an entry that observes would count nothing."""
    trusted = len(trusted_list)
    # egress alone may be long, and has been compared with itself already
    for earlier, later in _overlaps((*trusted_list, *egress)) if trusted_list else ():
        if not earlier[0] < trusted <= later[0]:
            continue  # both in one list: judged there
        entry, suppressed = trusted_list[earlier[0]], egress[later[0] - trusted]
        yield (
            ("trusted_list", earlier[0], "cidrs", earlier[1]),
            f"{written(entry.cidrs[earlier[1]])} of {entry.name!r} overlaps {written(suppressed.cidrs[later[1]])} of"
            f" {suppressed.name!r} in egress; for a trusted address GuardDuty makes no finding that a filter could hide"
            " or count: leave it in egress, which hides less, or take it out there",
        )


def _overlaps(
    entries: Sequence[TrustedEntry | EgressEntry],
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Find ranges of two entries that share addresses: entry and place of the earlier one, then of the later one."""
    ranges = {
        (position, place): cidr for position, entry in enumerate(entries) for place, cidr in enumerate(entry.cidrs)
    }
    for inside, around in every_overlap(ranges):
        if inside[0] != around[0]:  # within one entry: refused there
            yield min(inside, around), max(inside, around)


def trusted_list_fits_every_region(
    *,
    trusted_list: tuple[TrustedEntry, ...],
    regions: tuple[str, ...],
    region_overrides: Mapping[str, RegionOverride],
) -> Found:
    """Counted with the entries that have ended, so that it never depends on the day whether a file is right."""
    needed = len(collapsed(trusted_list))
    strict = [region for region in regions if has_entity_sets(region, region_overrides)]
    limits = (
        (strict, "TrustedEntitySet", MAX_TRUSTED_ENTITIES),
        ([region for region in regions if region not in strict], "IPSet", MAX_TRUSTED_IP_ADDRESSES),
    )
    for where, kind, most in limits:
        if where and needed > most:
            yield (
                ("trusted_list",),
                f"needs {needed:,} addresses or ranges, neighbours put together, but a list in {words(where)} holds"
                f" {most:,} ({kind}), and an account has one list in each Region; take out what egress can hide by"
                " finding type",
            )
            return


def has_entity_sets(region: str, overrides: Mapping[str, RegionOverride]) -> bool:
    """Tell whether the Region takes a trusted list in its newer form."""
    return facts_in(region, overrides).trusted_entity_set


RULES = (
    trusted_ranges_keep_to_the_limit,
    trusted_addresses_stand_once,
    trusted_addresses_are_not_suppressed_too,
    trusted_list_fits_every_region,
)
