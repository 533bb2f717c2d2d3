"""What is said to cost less when entries take too many filters: whole networks that are nearly their own already."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, summarize_address_range

import pytest

from infra.suppression import TooManyFiltersError, check_budget
from tests.unit.suppression.test_compiler import entry


def first(count: int, *, of: int) -> list[IPv4Network]:
    """So many addresses of 203.0.`of`.0/24, from the second on: none of them is a pattern by itself."""
    start = IPv4Address(f"203.0.{of}.1")
    return list(summarize_address_range(start, start + count - 1))


def advice(*networks: IPv4Network, ipv6: int = 0) -> str:
    """What is said of an entry beside what it costs."""
    addresses = tuple(IPv6Address(f"2001:db8::{number:x}") for number in range(1, ipv6 + 1))
    with pytest.raises(TooManyFiltersError) as refused:
        check_budget([replace(entry(*networks), ipv6_addresses=addresses)], budget=1)
    return str(refused.value).split("; ")[1]


def test_a_network_of_which_a_quarter_is_wanted_is_worth_the_rest_and_one_address_less_is_not() -> None:
    assert advice(*first(64, of=113)) == "dc would take 1 if all of 203.0.113.0/24 were its own and listed so"
    assert advice(*first(63, of=114)).startswith("whole /24 or wider networks are cheapest")


def test_networks_that_are_whole_already_are_not_advised() -> None:
    assert (
        advice(*first(200, of=115), IPv4Network("203.0.116.0/24"), *first(64, of=113))
        == "dc would take 1 if all of 203.0.113.0/24, 203.0.115.0/24 were its own and listed so"
    )


def test_the_fullest_eight_are_advised() -> None:
    fuller = [network for of in range(114, 122) for network in first(150, of=of)]
    said = advice(*first(64, of=113), *fuller)
    assert "203.0.114.0/24" in said
    assert "203.0.113.0/24" not in said


def test_filters_for_ipv6_stay_whatever_becomes_of_the_networks() -> None:
    assert advice(*first(64, of=113), ipv6=9).startswith("dc would take 3 if")
