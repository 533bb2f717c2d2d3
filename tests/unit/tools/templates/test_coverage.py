"""Addresses are named as blocks, few of them, and never wrongly."""

from ipaddress import IPv4Address, IPv4Network, collapse_addresses, ip_network
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.templates.addresses import EVERY_ADDRESS, NO_ADDRESS, exactly, matching, network
from tools.templates.coverage import EVERYWHERE, NOWHERE, Coverage
from tools.templates.wording import plain

BASE = int(IPv4Address("198.51.99.0"))


@given(st.sets(st.integers(0, 1023), max_size=60), st.integers(0, 1023), st.integers(0, 10))
def test_the_blocks_are_those_of_the_standard_library(single: set[int], first: int, length: int) -> None:
    start = first >> length << length
    numbers = {*single, *range(start, min(start + (1 << length), 1024))}
    addresses = [IPv4Address(BASE + number) for number in sorted(numbers)]
    assert list(exactly(addresses).networks()) == list(collapse_addresses(IPv4Network(one) for one in addresses))


def test_wide_sets_are_named_without_being_counted_out() -> None:
    assert list(EVERY_ADDRESS.networks()) == [ip_network("0.0.0.0/0")]
    assert list(NO_ADDRESS.networks()) == []
    assert list(network(IPv4Network("203.0.112.0/20")).networks()) == [ip_network("203.0.112.0/20")]
    assert list(islice(matching("*.7").networks(), 2)) == [ip_network("0.0.0.7"), ip_network("0.0.1.7")]


@pytest.mark.parametrize(
    ("coverage", "named"),
    [
        (NOWHERE, ""),
        (EVERYWHERE, ""),
        (Coverage(v6=frozenset({"*"})), ""),
        (Coverage(matching("198.51.100.*"), frozenset({"2001:db8::2", "2001:db8::1"})),
            "198.51.100.0/24, 2001:db8::1, 2001:db8::2"),
        (Coverage(exactly(IPv4Address(BASE + 2 * number) for number in range(8))),
            "198.51.99.0, 198.51.99.2, 198.51.99.4, 198.51.99.6, 198.51.99.8, 198.51.99.10 and 2 more"),
        (Coverage(matching("*.7")), "0.0.0.7, 0.0.1.7, 0.0.2.7, 0.0.3.7, 0.0.4.7, 0.0.5.7 and over 994 more"),
        (Coverage(EVERY_ADDRESS - matching("198.51.100.7")), ""),
    ],
)  # fmt: skip
def test_a_few_are_named_and_the_others_counted(coverage: Coverage, named: str) -> None:
    assert plain(coverage.named()) == named
