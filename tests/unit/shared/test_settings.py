"""A variable of an environment is taken whole, or refused by name."""

import re

import pytest

from shared.settings import InvalidSettings, matching, number, regions


@pytest.mark.parametrize("value", ["eu-west-1", "eu-west-1,us-gov-east-1", "cn-north-1,ap-southeast-7"])
def test_regions_are_a_list_with_commas(value: str) -> None:
    assert regions({"REGIONS": value}, "REGIONS", required=True) == tuple(value.split(","))


def test_no_region_is_fine_unless_one_is_needed() -> None:
    assert regions({"REGIONS": ""}, "REGIONS") == ()
    with pytest.raises(InvalidSettings, match=r"variable REGIONS: got ''; must be Regions, such as [a-z0-9,-]*;"):
        regions({"REGIONS": ""}, "REGIONS", required=True)


@pytest.mark.parametrize(
    "value", ["eu-west-1,", ",eu-west-1", "eu-west-1 us-east-1", "EU-WEST-1", "evil.example", "eu-west-1\n"]
)
def test_fails_on_what_are_no_regions(value: str) -> None:
    with pytest.raises(InvalidSettings, match=f"variable REGIONS: got {re.escape(repr(value))}; must be"):
        regions({"REGIONS": value}, "REGIONS")


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "10000", "", "٣", " 7"])
def test_fails_on_what_is_no_number(value: str) -> None:
    with pytest.raises(InvalidSettings, match=r"variable HOURS: got .*; must be a whole number from 1 to 9999"):
        number({"HOURS": value}, "HOURS")
    assert number({"HOURS": "24"}, "HOURS") == 24


def test_a_long_value_is_cut_in_the_message() -> None:
    with pytest.raises(InvalidSettings) as raised:
        matching({"NAME": "x" * 5_000}, "NAME", re.compile("y"), "y")
    assert len(str(raised.value)) < 250
