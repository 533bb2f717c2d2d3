"""What must agree about account, Regions and keys."""

from collections.abc import Mapping

from infra.config.destinations import AnyDestination, secret_keys
from infra.config.errors import Found
from infra.config.guardduty import GuardDuty
from infra.config.region_override import RegionOverride, facts_in
from infra.config.regions import FORWARDING_PARTITIONS, GUARDDUTY_REGIONS, region_facts
from infra.config.wording import near, sentence, words


def home_is_one_of_the_regions(*, home_region: str, regions: tuple[str, ...]) -> Found:
    """Findings come together where GuardDuty is looked after too."""
    if home_region in GUARDDUTY_REGIONS and home_region not in regions:
        yield ("home_region",), f"must be one of regions, got {home_region!r}; regions are {words(regions)}"


def regions_share_a_partition(*, regions: tuple[str, ...], hub: str) -> Found:
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
    if len(regions) > 1 and hub == "home" and partitions[first] not in FORWARDING_PARTITIONS:
        yield (
            ("regions",),
            f"must be exactly one in partition {partitions[first]}, got {len(regions)}: EventBridge does not forward"
            " findings across Regions there; write hub: regional, which gives each Region a Response stack of its own",
        )


def keys_are_in_every_hub(
    *, hub: str, regions: tuple[str, ...], encryption_key: str, destinations: tuple[AnyDestination, ...]
) -> Found:
    """A key is of one Region, and so is what it encrypts."""
    if hub == "home" or len(regions) == 1:
        return
    if encryption_key != "create":
        yield (
            ("encryption_key",),
            f"must be create with hub: regional and {len(regions)} Regions, got a key of one of them; each Response"
            " stack needs a key of its own Region",
        )
    for position, destination in enumerate(destinations):
        for name, key in secret_keys(destination):
            if key is not None:
                yield (
                    ("destinations", position, name),
                    f"must be left out with hub: regional and {len(regions)} Regions, got a key of one of them; encrypt"
                    " the secret of each Region with the key that AWS manages, or make a file for each Region",
                )


def features_exist_somewhere(
    *, guardduty: GuardDuty, regions: tuple[str, ...], region_overrides: Mapping[str, RegionOverride]
) -> Found:
    """A protection plan that no Region offers would be a choice without effect."""
    for position, feature in enumerate(guardduty.features):
        offering = (r for r in regions if feature in facts_in(r, region_overrides).features)
        if next(offering, None) is None:
            yield (
                ("guardduty", "features", position),
                f"{feature} is offered in none of the regions ({words(regions)}); leave it out, or correct the table"
                " in region_overrides",
            )


def overrides_are_for_our_regions(*, region_overrides: Mapping[str, RegionOverride], regions: tuple[str, ...]) -> Found:
    """A correction to a Region we do not use is a misspelt Region."""
    for region in region_overrides:
        if region not in regions:
            yield (
                ("region_overrides", region),
                sentence(
                    "is not among regions and would have no effect",
                    "" if region in GUARDDUTY_REGIONS else near(region, regions),
                    f"regions are {words(regions)}",
                ),
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


def secret_keys_belong_here(*, destinations: tuple[AnyDestination, ...], home_region: str) -> Found:
    """The secret is in the home Region, and so is its key."""
    for position, destination in enumerate(destinations):
        for name, key in secret_keys(destination):
            if key is not None and (region := key.split(":")[3]) != home_region:
                yield (
                    ("destinations", position, name),
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


RULES = (
    home_is_one_of_the_regions,
    regions_share_a_partition,
    keys_are_in_every_hub,
    features_exist_somewhere,
    overrides_are_for_our_regions,
    keys_belong_here,
    secret_keys_belong_here,
    boundary_belongs_here,
    arns_are_of_the_partition,
)
