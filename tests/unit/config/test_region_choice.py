"""Which Regions a file is for: a list, all, or all but some."""

import pytest

from infra.config import GUARDDUTY_REGIONS, region_facts
from tests.unit.config.examples import ConfigFile, spoiled

LISTED = "regions: [eu-west-1, us-east-1]"


def of_partition(partition: str) -> tuple[str, ...]:
    return tuple(name for name in GUARDDUTY_REGIONS if region_facts(name).partition == partition)


def test_all_is_every_region_of_the_partition(config_file: ConfigFile) -> None:
    assert config_file.load((LISTED, "regions: all")).deployment.regions == of_partition("aws")


def test_all_follows_the_home_region(config_file: ConfigFile) -> None:
    loaded = config_file.load(
        (LISTED, "regions: {all_except: [us-gov-east-1]}"), ("home_region: eu-west-1", "home_region: us-gov-west-1")
    )
    assert loaded.deployment.regions == ("us-gov-west-1",)


def test_all_except_leaves_out_just_these(config_file: ConfigFile) -> None:
    found = config_file.deployment((LISTED, "regions: {all_except: [me-south-1, ap-east-2]}")).regions
    assert found == tuple(name for name in of_partition("aws") if name not in {"me-south-1", "ap-east-2"})


def test_all_is_known_also_where_something_else_is_wrong(config_file: ConfigFile) -> None:
    """The other rules still see the Regions, so that every mistake is told at once."""
    text = config_file.refusal(
        (LISTED, "regions: all"),
        more="archive_days: 0\nregion_overrides: {us-gov-west-1: {detective: true}}\n",
    )
    assert [line.split(": ")[1] for line in text.splitlines()] == ["archive_days", "region_overrides.us-gov-west-1"]


REFUSED = [
    spoiled(
        "neither-all-nor-a-list",
        (LISTED, "regions: ALL"),
        says=(
            "3: regions: must be all, a list such as [eu-west-1, us-east-1], or a mapping such as "
            "{all_except: [me-south-1]}, got 'ALL'; did you mean 'all'?"
        ),
    ),
    spoiled(
        "mapping-of-something-else",
        (LISTED, "regions: {all_but: [me-south-1]}"),
        says=(
            "3: regions: must be all, a list such as [eu-west-1, us-east-1], or a mapping such as "
            "{all_except: [me-south-1]}, got a mapping of keys; there is no key 'all_but', only all_except"
        ),
    ),
    spoiled(
        "all-except-a-misspelt-region",
        (LISTED, "regions: {all_except: [me-soth-1]}"),
        says=(
            "3: regions.all_except[0]: must be a Region with GuardDuty such as eu-west-1, got 'me-soth-1'; did you "
            "mean 'me-south-1'?"
        ),
    ),
    spoiled(
        "all-except-one-region-twice",
        (LISTED, "regions: {all_except: [me-south-1, me-south-1]}"),
        says=(
            "3: regions.all_except[1]: must be distinct, got 'me-south-1', which is already at [0]; keep one of them"
        ),
    ),
    spoiled(
        "all-except-a-region-of-another-partition",
        (LISTED, "regions: {all_except: [us-gov-west-1]}"),
        says=(
            "3: regions.all_except[0]: must be a Region of partition aws, got 'us-gov-west-1'; it is not among all, "
            "so leave it out here"
        ),
    ),
    spoiled(
        "all-except-home",
        (LISTED, "regions: {all_except: [eu-west-1]}"),
        says=("3: regions.all_except[0]: must not be the home Region, got 'eu-west-1'; findings come together there"),
    ),
    spoiled(
        "all-except-none",
        (LISTED, "regions: {all_except: []}"),
        says="3: regions.all_except: must hold at least 1 item, got none",
    ),
]


@pytest.mark.parametrize(("changes", "more", "says"), REFUSED)
def test_fails_saying_where_what_and_what_to_do(
    config_file: ConfigFile, changes: tuple[tuple[str, str], ...], more: str, says: str
) -> None:
    assert config_file.refusal(*changes, more=more) == says
