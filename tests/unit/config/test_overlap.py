"""Overlapping egress ranges, found in one pass."""

from ipaddress import IPv4Network
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from infra.config.fields.addresses import every_overlap, overlapping

# few addresses, so that overlaps are common
networks = st.builds(
    lambda prefix, number: IPv4Network(
        (int(IPv4Network("198.51.100.0/24").network_address) + number, prefix), strict=False
    ),
    st.integers(24, 32),
    st.integers(0, 255),
)


@given(given_networks=st.lists(networks, max_size=12))
def test_a_range_is_found_exactly_if_it_overlaps_another(given_networks: list[IPv4Network]) -> None:
    ranges = dict(enumerate(given_networks))
    found = list(overlapping(ranges))
    assert all(earlier < later and ranges[earlier].overlaps(ranges[later]) for later, earlier in found)
    overlaps = [pair for pair in combinations(ranges, 2) if ranges[pair[0]].overlaps(ranges[pair[1]])]
    assert {key for pair in found for key in pair} == {key for pair in overlaps for key in pair}


@given(given_networks=st.lists(networks, max_size=12))
def test_every_pair_is_found_with_the_inner_range_first(given_networks: list[IPv4Network]) -> None:
    ranges = dict(enumerate(given_networks))
    found = list(every_overlap(ranges))
    assert len(found) == len(set(found))
    assert all(ranges[inside].subnet_of(ranges[around]) for inside, around in found)
    overlaps = {frozenset(pair) for pair in combinations(ranges, 2) if ranges[pair[0]].overlaps(ranges[pair[1]])}
    assert {frozenset(pair) for pair in found} == overlaps
