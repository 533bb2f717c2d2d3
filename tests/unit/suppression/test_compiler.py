"""Compiled filters name their entry, stay within the limits of the service, and keep their names."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from ipaddress import IPv4Network, IPv6Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.suppression import (
    SUPPRESSED_FINDING_TYPES,
    CompiledFilter,
    TooManyFiltersError,
    compile_filters,
    entry_costs,
)
from infra.suppression.compiler import CALLER_ADDRESS
from tests.unit.suppression.pools import networks, scattered


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An egress entry, as little of it as the compiler asks for."""

    cidrs: tuple[IPv4Network, ...]
    name: str = "dc"
    owner: str = "network-ops"
    reason: str = "Data centre"
    expires: date = date(2027, 6, 30)
    notify: tuple[str, ...] = ()
    ipv6_addresses: tuple[IPv6Address, ...] = ()
    narrowed_by: Mapping[str, Sequence[str]] = field(default_factory=dict)


def entry(
    *cidrs: str | IPv4Network, name: str = "dc", reason: str = "Data centre", owner: str = "network-ops"
) -> Entry:
    return Entry(cidrs=tuple(IPv4Network(cidr) for cidr in cidrs), name=name, reason=reason, owner=owner)


def compiled(*entries: Entry, budget: int = 40) -> tuple[CompiledFilter, ...]:
    return compile_filters(entries, finding_types=SUPPRESSED_FINDING_TYPES, name_prefix="sandbox", budget=budget)


def operators(filters: Sequence[CompiledFilter]) -> dict[str, list[str]]:
    return {one.name: list(one.criterion[CALLER_ADDRESS]) for one in filters}


def test_each_filter_names_the_finding_types_and_nothing_else() -> None:
    for one in compiled(entry("198.51.100.0/25")):
        assert set(one.criterion) == {"type", CALLER_ADDRESS}
        assert one.criterion["type"] == {"Equals": list(SUPPRESSED_FINDING_TYPES)}


def test_an_entry_says_who_answers_for_it_and_until_when() -> None:
    (one,) = compiled(
        entry(
            "198.51.100.7", name="munich-dc", reason="München: NAT, pool A & B", owner="Netze & Co, <netze@example.com>"
        )
    )
    assert one.name == "sandbox-munich-dc-01"
    assert one.entry == "munich-dc"
    assert one.description == (
        "Own egress munich-dc: Munchen: NAT pool A  B. Owner: Netze  Co netzeexample.com. Until 2027-06-30."
    )
    assert one.tags == {"egress-entry": "munich-dc", "owner": "Netze  Co netze@example.com", "expires": "2027-06-30"}


def test_exact_values_have_odd_numbers_and_patterns_even_ones_never_both_in_one_filter() -> None:
    both = entry("198.51.0.0/17", *scattered(60))
    assert operators(compiled(both)) == {
        "sandbox-dc-01": ["Equals"],
        "sandbox-dc-02": ["Matches"],
        "sandbox-dc-03": ["Equals"],
        "sandbox-dc-04": ["Matches"],
        "sandbox-dc-06": ["Matches"],
    }


@pytest.mark.parametrize(
    ("more", "new"),
    [
        pytest.param(scattered(45, seed=2), {"sandbox-dc-05": ["Equals"]}, id="exact-values"),
        pytest.param(
            networks(*(f"203.0.{third}.0/24" for third in (3, 14, 55, 127))),
            {"sandbox-dc-08": ["Matches"]},
            id="patterns",
        ),
    ],
)
def test_one_more_filter_renames_no_other(more: tuple[IPv4Network, ...], new: dict[str, list[str]]) -> None:
    before = entry("198.51.0.0/17", *scattered(60))
    after = entry(*before.cidrs, *more)
    assert operators(compiled(after)) == operators(compiled(before)) | new


def test_one_more_address_changes_a_filter_or_two_and_nothing_about_the_others() -> None:
    *sixty, one_more = scattered(61)
    neighbour = entry("203.0.113.0/25", name="neighbour")
    before = {one.name: one for one in compiled(entry(*sixty), neighbour)}
    after = {one.name: one for one in compiled(neighbour, entry(one_more, *sixty))}
    assert before.keys() == after.keys()
    assert 1 <= sum(before[name] != after[name] for name in before) <= 2
    assert all(before[name] == after[name] for name in before if "neighbour" in name)


def test_no_filter_serves_two_entries_even_with_the_same_addresses() -> None:
    filters = compiled(entry("198.51.100.7", name="first"), entry("198.51.100.7", name="second"))
    assert [(one.name, one.entry) for one in filters] == [
        ("sandbox-first-01", "first"),
        ("sandbox-second-01", "second"),
    ]


def test_no_entry_means_no_filter() -> None:
    assert compiled() == ()


@settings(max_examples=50, deadline=None)
@given(
    places=st.lists(st.tuples(st.integers(0, 0xFFFF), st.integers(17, 32)), min_size=1, max_size=5),
    reason=st.text(max_size=600),
    owner=st.text(max_size=64),
)
def test_every_filter_is_within_the_limits_of_the_service(
    places: list[tuple[int, int]], reason: str, owner: str
) -> None:
    cidrs = [IPv4Network((0xC6330000 + place, length), strict=False) for place, length in places]
    filters = compiled(entry(*cidrs, name="a" * 31, reason=reason, owner=owner), budget=100)
    assert len({one.name for one in filters}) == len(filters) <= 100
    for one in filters:
        ((operator, values),) = one.criterion[CALLER_ADDRESS].items()
        assert len(values) <= {"Equals": 50, "Matches": 5}[operator]
        assert re.fullmatch(r"[A-Za-z0-9._-]{3,64}", one.name)
        assert re.fullmatch(r"[a-zA-Z0-9\s\-.:_{}\[\]()/]{0,512}", one.description)
        assert all(re.fullmatch(r"[\w\s.:/=+\-@]{0,256}", value) for value in one.tags.values())


def test_the_longest_names_fit() -> None:
    filters = compile_filters(
        [entry(*scattered(3000, within="198.51.0.0/16"), name="e" * 31)],
        finding_types=SUPPRESSED_FINDING_TYPES,
        name_prefix="p" * 28,
        budget=100,
    )
    assert max(len(one.name) for one in filters) == 64
    assert len(filters) == 60


def test_each_entry_costs_the_filters_of_its_patterns_and_of_its_single_addresses() -> None:
    entries = [entry("198.51.0.0/17", name="wide"), entry(*scattered(60), name="loose")]
    assert entry_costs(entries) == {"wide": 3, "loose": 2}


def test_fails_above_the_budget_with_the_cost_of_each_entry_and_what_would_cost_less() -> None:
    entries = [
        entry(*scattered(1900, within="198.51.0.0/16"), name="loose"),
        entry(*(f"203.0.{third}.0/25" for third in range(113, 117)), "203.0.117.8", name="partner-gateway"),
        entry("192.0.2.7", name="small"),
    ]
    with pytest.raises(TooManyFiltersError) as refused:
        compiled(*entries)
    assert str(refused.value) == (
        "needs 43 GuardDuty filters, but at most 40 of the 100 of a Region are allowed: loose 38, "
        "partner-gateway 4, small 1; partner-gateway would take 2 if all of 203.0.113.0/24, 203.0.114.0/24, "
        "203.0.115.0/24 were its own and listed so; whole /24 or wider networks are cheapest (five patterns to a "
        "filter), scattered addresses cost a filter for every 50, IPv6 addresses one for every 8"
    )


def test_what_is_said_to_cost_less_does() -> None:
    widened = (f"203.0.{third}.0/24" for third in (113, 114, 115))
    as_advised = entry(*widened, "203.0.116.0/25", "203.0.117.8")
    assert len(compiled(as_advised)) == 2


def test_no_advice_is_given_where_widening_saves_nothing() -> None:
    with pytest.raises(TooManyFiltersError) as refused:
        compiled(entry("203.0.113.0/25", "198.51.100.7"), budget=1)
    assert "would take" not in str(refused.value)


def test_the_budget_decides_and_not_a_number_of_entries() -> None:
    entries = [entry(f"198.51.{third}.0/24", name=f"e{third}") for third in range(100)]
    assert len(compiled(*entries, budget=100)) == 100
    assert len(compiled(*entries[:40])) == 40
    with pytest.raises(TooManyFiltersError, match=r"needs 41 GuardDuty filters, but at most 40 of the 100"):
        compiled(*entries[:41])


@pytest.mark.parametrize("budget", [0, 101])
def test_fails_for_a_budget_that_no_region_has(budget: int) -> None:
    with pytest.raises(ValueError, match=rf"budget: must be 1 to 100 filters, .* got {budget}"):
        compiled(budget=budget)


def test_filters_come_in_the_order_of_their_numbers() -> None:
    numbers = [one.name.rpartition("-")[2] for one in compiled(entry(*scattered(130), "203.0.112.0/22"))]
    assert len(numbers) > 3
    assert "02" in numbers
    assert numbers == sorted(numbers)


def test_the_tags_say_which_destinations_reach_the_owner_and_nothing_where_none_is_named() -> None:
    (told,) = compiled(replace(entry("198.51.100.7"), notify=("soc-slack", "on-call")))
    assert told.tags["notify"] == "soc-slack on-call"
    (untold,) = compiled(entry("198.51.100.7"))
    assert set(untold.tags) == {"egress-entry", "owner", "expires"}
