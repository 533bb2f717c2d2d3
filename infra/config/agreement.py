"""What the parts of a deployment must agree on; each rule names, as its parameters, the fields it looks at."""

import inspect
import json
from collections.abc import Callable, Iterator, Mapping

from infra.config.addresses import overlapping, written
from infra.config.destinations import SlackDestination, SnsDestination
from infra.config.egress import EgressEntry
from infra.config.errors import Path
from infra.config.guardduty import GuardDuty, RegionOverride
from infra.config.model import near, sentence, words
from infra.config.regions import FORWARDING_PARTITIONS, GUARDDUTY_REGIONS, region_facts
from infra.config.routes import Route

Found = Iterator[tuple[Path, str]]

PATTERN_BUDGET = 1800
"""Characters for types and accounts in one event pattern; EventBridge allows 2,048 and the rest needs its share."""

WILDCARD_RULES = 30
"""Most rules with a wildcard on one bus (EventBridge quotas)."""


def disagreements(fields: Mapping[str, object]) -> Found:
    """Apply every rule whose fields are all there.

    Fields that are wrong by themselves are left out by the caller, so that nobody reads of a mistake that is only the
    echo of another one.
    """
    for rule in RULES:
        names = inspect.signature(rule).parameters
        if all(name in fields for name in names):
            yield from rule(**{name: fields[name] for name in names})


def home_is_one_of_the_regions(*, home_region: str, regions: tuple[str, ...]) -> Found:
    """Findings come together where GuardDuty is looked after too."""
    if home_region in GUARDDUTY_REGIONS and home_region not in regions:
        yield ("home_region",), f"must be one of regions, got {home_region!r}; regions are {words(regions)}"


def regions_share_a_partition(*, regions: tuple[str, ...]) -> Found:
    """One account, one partition; several Regions only where EventBridge forwards between them."""
    partitions = {region: region_facts(region).partition for region in regions}
    first = regions[0]
    for position, region in enumerate(regions):
        if partitions[region] != partitions[first]:
            yield (
                ("regions", position),
                f"must be of one partition, got {region!r} of {partitions[region]} beside {first!r} of"
                f" {partitions[first]}; accounts do not span partitions, so make a second configuration file",
            )
            return
    if len(regions) > 1 and partitions[first] not in FORWARDING_PARTITIONS:
        yield (
            ("regions",),
            f"must be exactly one in partition {partitions[first]}, got {len(regions)}: EventBridge does not forward"
            " findings across Regions there; make a configuration file for each Region",
        )


def features_exist_somewhere(
    *, guardduty: GuardDuty, regions: tuple[str, ...], region_overrides: Mapping[str, RegionOverride]
) -> Found:
    """A protection plan that no Region offers would be a choice without effect."""
    for position, feature in enumerate(guardduty.features):
        offering = (r for r in regions if feature in _facts_features(r, region_overrides))
        if next(offering, None) is None:
            yield (
                ("guardduty", "features", position),
                f"{feature} is offered in none of the regions ({words(regions)}); leave it out, or correct the table"
                " in region_overrides",
            )


def _facts_features(region: str, overrides: Mapping[str, RegionOverride]) -> tuple[str, ...]:
    facts = region_facts(region)
    return overrides[region].applied_to(facts).features if region in overrides else facts.features


def overrides_are_for_our_regions(*, region_overrides: Mapping[str, RegionOverride], regions: tuple[str, ...]) -> Found:
    """A correction to a Region we do not use is a misspelt Region."""
    for region in region_overrides:
        if region not in regions:
            yield (
                ("region_overrides", region),
                sentence(
                    "is not among regions and would have no effect",
                    near(region, regions),
                    f"regions are {words(regions)}",
                ),
            )


def entries_do_not_overlap(*, egress: tuple[EgressEntry, ...]) -> Found:
    """Two owners, two end dates: nobody could say whether the address is suppressed."""
    ranges = {
        (position, place): cidr for position, entry in enumerate(egress) for place, cidr in enumerate(entry.cidrs)
    }
    for (position, place), (earlier, at) in overlapping(ranges):
        entry, other = egress[position], egress[earlier]
        yield (
            ("egress", position, "cidrs", place),
            f"{written(entry.cidrs[place])} of {entry.name!r} overlaps {written(other.cidrs[at])} of {other.name!r};"
            " an address needs one owner and one end date, take it out of one of them",
        )


def routes_name_destinations(
    *, routes: tuple[Route, ...], destinations: tuple[SnsDestination | SlackDestination, ...]
) -> Found:
    """A route can only send to what exists."""
    names = tuple(destination.name for destination in destinations)
    for position, route in enumerate(routes):
        yield from _known(("routes", position, "to"), route.to, names)


def catch_all_names_destinations(
    *, catch_all: tuple[str, ...], destinations: tuple[SnsDestination | SlackDestination, ...]
) -> Found:
    """The catch-all can only send to what exists."""
    yield from _known(("catch_all",), catch_all, tuple(destination.name for destination in destinations))


def _known(path: Path, given: tuple[str, ...], names: tuple[str, ...]) -> Found:
    for place, name in enumerate(given):
        if name not in names:
            text = sentence(f"unknown destination {name!r}", near(name, names), f"known: {words(names)}")
            yield (*path, place), text


def nothing_is_sent_twice(*, routes: tuple[Route, ...], catch_all: tuple[str, ...]) -> Found:
    """A destination of the catch-all has every finding already."""
    for position, route in enumerate(routes):
        for place, name in enumerate(route.to):
            if name in catch_all:
                yield (
                    ("routes", position, "to", place),
                    f"{name!r} is in catch_all and already receives every finding, a second delivery would be a"
                    " duplicate; take it out of this route or out of catch_all",
                )


def patterns_fit_a_rule(*, routes: tuple[Route, ...]) -> Found:
    """EventBridge limits the length of a pattern, and the number of rules with a wildcard."""
    for position, route in enumerate(routes):
        types = [{"wildcard": name} if "*" in name else name for name in route.finding_types]
        length = len(json.dumps([types, route.accounts], separators=(",", ":")))
        if length > PATTERN_BUDGET:
            yield (
                ("routes", position),
                f"finding_types and accounts need {length:,} characters of an EventBridge pattern, at most"
                f" {PATTERN_BUDGET:,} fit; use wildcards, or split the route in two",
            )
    wildcards = sum(any("*" in name for name in route.finding_types) for route in routes)
    if wildcards > WILDCARD_RULES:
        yield (
            ("routes",),
            f"{wildcards} routes use a star in finding_types, EventBridge allows {WILDCARD_RULES} on one bus;"
            " write exact types",
        )


def keys_belong_here(
    *,
    encryption_key: str,
    home_region: str,
    account: str | None,
) -> Found:
    """Queues and topics use keys of their own Region; a wrong account is a slip of copying."""
    if encryption_key == "create":
        return
    _, _, _, region, owner, _ = encryption_key.split(":", 5)
    if region != home_region:
        yield (
            ("encryption_key",),
            f"must be a key of the home Region {home_region}, got one of {region!r}; queues and topics can only use a"
            " key of their own Region",
        )
    if account is not None and owner != account:
        yield ("encryption_key",), f"must be a key of account {account}, got one of {owner}"


def secret_keys_belong_here(*, destinations: tuple[SnsDestination | SlackDestination, ...], home_region: str) -> Found:
    """The secret is in the home Region, and so is its key."""
    for position, destination in enumerate(destinations):
        key = destination.webhook_secret_key if isinstance(destination, SlackDestination) else None
        if key is not None and (region := key.split(":")[3]) != home_region:
            yield (
                ("destinations", position, "webhook_secret_key"),
                f"must be a key of the home Region {home_region}, where the secret is, got one of {region!r}",
            )


def boundary_belongs_here(*, permissions_boundary: str | None, account: str | None) -> Found:
    """IAM takes a boundary from the same account, or one of AWS's own."""
    if permissions_boundary is None or account is None or ":" not in permissions_boundary:
        return
    owner = permissions_boundary.split(":")[4]
    if owner not in {account, "aws"}:
        yield ("permissions_boundary",), f"must be a policy of account {account}, got one of {owner}"


def arns_are_of_the_partition(*, encryption_key: str, permissions_boundary: str | None, home_region: str) -> Found:
    """An ARN of another partition names nothing here."""
    partition = region_facts(home_region).partition
    for name, arn in (("encryption_key", encryption_key), ("permissions_boundary", permissions_boundary)):
        if arn is not None and arn.startswith("arn:") and (given := arn.split(":")[1]) != partition:
            yield (name,), f"must be an ARN of partition {partition}, got one of {given!r}"


RULES: tuple[Callable[..., Found], ...] = (
    home_is_one_of_the_regions,
    regions_share_a_partition,
    features_exist_somewhere,
    overrides_are_for_our_regions,
    entries_do_not_overlap,
    routes_name_destinations,
    catch_all_names_destinations,
    nothing_is_sent_twice,
    patterns_fit_a_rule,
    keys_belong_here,
    secret_keys_belong_here,
    boundary_belongs_here,
    arns_are_of_the_partition,
)
