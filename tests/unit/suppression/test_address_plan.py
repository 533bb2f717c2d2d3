"""A plan hides exactly the addresses it was made for, in few filters, however they were written down."""

import random
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.suppression import AddressPlan, UnsupportedNetworkError, plan_for
from infra.suppression.octets import octet_patterns
from tests.unit.suppression.evaluation import block_around, every_address, hidden, matches, wanted
from tests.unit.suppression.pools import POOLS, SHOWN, Networks, networks, scattered

BLOCK = IPv4Network("198.51.0.0/16")


def conditions(plan: AddressPlan) -> list[Mapping[str, Sequence[str]]]:
    return [*({"Equals": values} for values in plan.equals), *({"Matches": values} for values in plan.matches)]


def values(plan: AddressPlan) -> dict[str, set[str]]:
    return {"Equals": set(plan.exact_values), "Matches": set(plan.patterns)}


def assert_exact(pool: Networks) -> None:
    """Over every address of every /16 that the pool touches, and of one beside it."""
    blocks = {block_around(network) for network in pool} | {IPv4Network("198.5.0.0/16")}
    around = chain.from_iterable(every_address(block) for block in blocks)
    assert hidden(conditions(plan_for(pool)), around) == wanted(pool)


@st.composite
def some_networks(draw: st.DrawFn, *, widest: int = 17) -> list[IPv4Network]:
    """Networks of any length in one /16, near each other or not."""
    reach = draw(st.sampled_from([0x100, 0x400, 0x4000, 0x10000]))
    start = draw(st.integers(0, 0x10000 - reach))
    lengths = draw(st.lists(st.integers(widest, 32), min_size=1, max_size=8))
    base = int(BLOCK.network_address) + start
    return [IPv4Network((base + draw(st.integers(0, reach - 1)), length), strict=False) for length in lengths]


@pytest.mark.parametrize(
    ("pool", "matches", "exact"),
    [
        pytest.param(["198.51.100.7"], [], ["198.51.100.7"], id="an-address-is-itself"),
        pytest.param(
            ["198.51.100.6/31", "203.0.113.9"],
            [],
            ["198.51.100.6", "198.51.100.7", "203.0.113.9"],
            id="a-small-network-is-listed-with-its-first-and-last-address",
        ),
        pytest.param(["198.51.100.0/24"], ["198.51.100.*"], [], id="a-whole-octet-is-one-pattern"),
        pytest.param(["198.51.0.0/16"], ["198.51.*.*"], [], id="two-whole-octets-are-one-pattern"),
        pytest.param(
            ["198.50.0.0/16", "198.51.0.0/16"], ["198.50.*.*", "198.51.*.*"], [], id="wider-neighbours-stay-apart"
        ),
        pytest.param(["198.51.100.0/23"], ["198.51.100.*", "198.51.101.*"], [], id="split-at-the-dot"),
        pytest.param(
            ["198.51.100.0/25"],
            ["198.51.100.??"],
            [f"198.51.100.{last}" for last in (*range(10), *range(100, 128))],
            id="what-one-filter-of-exact-values-holds-needs-no-pattern",
        ),
        pytest.param(
            ["198.51.0.0/17"],
            ["198.51.?.*", "198.51.??.*", "198.51.10?.*", "198.51.11?.*", *(f"198.51.12{n}.*" for n in range(8))],
            [],
            id="digits-in-the-third-octet",
        ),
        pytest.param(
            [f"198.51.{third}.0/24" for third in range(100, 110)],
            ["198.51.10?.*"],
            [],
            id="ten-neighbours-are-one-pattern",
        ),
        pytest.param(
            [f"198.51.{third}.1" for third in range(100, 200)], ["198.51.1??.1"], [], id="a-pattern-across-networks"
        ),
        pytest.param([f"198.{second}.0.0/16" for second in range(20, 30)], ["198.2?.*.*"], [], id="wide-networks"),
    ],
)
def test_a_pool_becomes(pool: list[str], matches: list[str], exact: list[str]) -> None:
    assert values(plan_for(networks(*pool))) == {"Equals": set(exact), "Matches": set(matches)}


@pytest.mark.parametrize("name", POOLS)
def test_a_typical_pool_is_hidden_and_not_one_address_beside_it(name: str) -> None:
    assert_exact(POOLS[name])


@settings(max_examples=30, deadline=None)
@given(pool=some_networks())
def test_over_a_whole_16_not_one_address_is_wrong(pool: list[IPv4Network]) -> None:
    assert hidden(conditions(plan_for(pool)), every_address(BLOCK)) == wanted(pool)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_shape_the_wanted_addresses_have_none_is_wrong(seed: int) -> None:
    numbers = random.Random(seed)  # noqa: S311
    share = numbers.choice([0.05, 0.5, 0.9, 0.99])
    rows = numbers.sample(range(256), numbers.choice([1, 3, 40]))
    shape = numbers.choice(octet_patterns()[:300]).numbers
    start = int(BLOCK.network_address)
    pool = [
        IPv4Network(start + 256 * row + last)
        for row in rows
        for last in range(256)
        if shape >> last & 1 or numbers.random() < share
    ]
    assert hidden(conditions(plan_for(pool)), every_address(BLOCK)) == wanted(pool)


@settings(deadline=None)
@given(pool=some_networks(widest=22), number=st.integers(0, 2**32 - 1))
def test_an_address_from_anywhere_is_hidden_only_if_wanted(pool: list[IPv4Network], number: int) -> None:
    caller = IPv4Address(number)
    plan = plan_for(pool)
    hit = str(caller) in set(chain(*plan.equals)) or any(matches(one, str(caller)) for one in chain(*plan.matches))
    assert hit == any(caller in network for network in pool)


@settings(deadline=None)
@given(pool=some_networks(), randomness=st.randoms(use_true_random=False))
def test_order_repetition_and_division_change_nothing(pool: list[IPv4Network], randomness: random.Random) -> None:
    halves = [half for network in pool for half in (network.subnets() if network.prefixlen < 32 else [network])]
    again = [*pool, *halves, *pool]
    randomness.shuffle(again)
    assert plan_for(again) == plan_for(halves) == plan_for(pool)


@settings(max_examples=50, deadline=None)
@given(pool=some_networks())
def test_every_value_is_within_the_limits_of_the_service(pool: list[IPv4Network]) -> None:
    plan = plan_for(pool)
    assert plan.filters == len(plan.equals) + len(plan.matches)
    assert all(1 <= len(exact) <= 50 for exact in plan.equals)
    assert all(1 <= len(patterns) <= 5 for patterns in plan.matches)
    for pattern in chain(*plan.matches):
        assert 1 <= pattern.count("*") + pattern.count("?") <= 5
        assert len(pattern) <= 512
        assert pattern.count(".") == 3
    assert (plan.addresses, plan.at_least <= plan.filters) == (len(wanted(pool)), True)


@settings(max_examples=40, deadline=None)
@given(pool=some_networks(widest=23))
def test_no_pattern_matches_a_single_address_or_none_that_others_leave(pool: list[IPv4Network]) -> None:
    patterns = list(chain(*plan_for(pool).matches))
    everything = wanted(pool)
    for pattern in patterns:
        others = [other for other in patterns if other != pattern]
        assert hidden([{"Matches": [pattern]}], everything) - hidden([{"Matches": others}], everything)


def test_a_plan_never_takes_more_filters_than_listing_the_addresses() -> None:
    for number in range(1, 400, 7):
        pool = scattered(number)
        assert plan_for(pool).filters == -(-number // 50)


def test_no_pattern_has_six_wildcards_even_where_two_octets_call_for_three_each() -> None:
    upper = ("100/30", "104/29", "112/28", "128/25")
    plan = plan_for(networks(*(f"198.51.{third}.{last}" for third in range(100, 256) for last in upper)))
    assert max(pattern.count("?") + pattern.count("*") for pattern in plan.patterns) == 5
    assert (plan.filters, plan.exact_values) == (1, ())


def test_the_least_is_known_where_it_is_what_listing_the_strays_takes() -> None:
    strays = chain.from_iterable(scattered(1500, within=f"198.{n}.0.0/16", seed=n) for n in range(20, 24))
    plan = plan_for([*networks("203.0.0.0/17"), *strays])
    assert (plan.filters, plan.at_least, len(plan.patterns)) == (120 + 3, 120 + 3, 12)


def test_the_least_is_left_open_where_the_search_gives_up() -> None:
    numbers = random.Random(3)  # noqa: S311
    plan = plan_for(networks(*(f"198.51.{third}.0/24" for third in range(256) if numbers.random() < 0.95)))
    assert 1 <= plan.at_least < plan.filters


def test_the_configuration_to_be_shown_takes_few_filters() -> None:
    plan = plan_for(SHOWN)
    assert (plan.addresses, plan.filters, plan.at_least) == (60 + 16 + 256 + 512 + 4096 + 32768, 7, 7)


def test_nothing_takes_no_filter() -> None:
    assert plan_for([]).filters == 0
    assert plan_for([]) == AddressPlan(addresses=0, exact_values=(), patterns=(), at_least=0)


def test_fails_for_ipv6_with_the_reason() -> None:
    addresses: list[IPv4Network] = [IPv6Network("2001:db8::1")]  # type: ignore[list-item]
    with pytest.raises(
        UnsupportedNetworkError,
        match=r"egress: must be IPv4, got 2001:db8::1/128; single IPv6 addresses are planned by themselves, and an",
    ):
        plan_for(addresses)


def test_fails_for_a_network_wider_than_a_16() -> None:
    with pytest.raises(
        UnsupportedNetworkError,
        match=r"must be /16 or narrower, got 198\.50\.0\.0/15; leaked credentials used from any of its 131,072 addres",
    ):
        plan_for(networks("198.50.0.0/15"))
