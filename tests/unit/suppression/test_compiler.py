"""Compiled filters match exactly the addresses of their entries, within every limit of the service."""

import fnmatch
import re
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.suppression import SUPPRESSED_FINDING_TYPES, CompiledFilter, TooManyFiltersError, compile_filters
from infra.suppression.compiler import CALLER_ADDRESS


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An egress entry, as little of it as the compiler asks for."""

    cidrs: tuple[IPv4Network, ...]
    name: str = "dc"
    owner: str = "network-ops"
    reason: str = "Data centre"
    expires: date = date(2027, 6, 30)


def entry(*cidrs: str, name: str = "dc", reason: str = "Data centre") -> Entry:
    return Entry(cidrs=tuple(IPv4Network(cidr) for cidr in cidrs), name=name, reason=reason)


def compiled(*entries: Entry) -> tuple[CompiledFilter, ...]:
    return compile_filters(entries, finding_types=SUPPRESSED_FINDING_TYPES, name_prefix="sandbox")


def conditions(*entries: Entry) -> list[dict[str, list[str]]]:
    return [dict(one.criterion[CALLER_ADDRESS]) for one in compiled(*entries)]  # type: ignore[arg-type]


def hides(filters: tuple[CompiledFilter, ...], address: str) -> bool:
    """Whether GuardDuty would archive a finding from this address, worked out on text as GuardDuty does."""
    return any(
        address in condition.get("Equals", ())
        or any(fnmatch.fnmatchcase(address, pattern) for pattern in condition.get("Matches", ()))
        for condition in (one.criterion[CALLER_ADDRESS] for one in filters)
    )


@pytest.mark.parametrize(
    ("cidrs", "expected"),
    [
        pytest.param(["198.51.100.7"], [{"Equals": ["198.51.100.7"]}], id="one-address"),
        pytest.param(
            ["198.51.100.4/30", "203.0.113.9"],
            [{"Equals": ["198.51.100.4", "198.51.100.5", "198.51.100.6", "198.51.100.7", "203.0.113.9"]}],
            id="small-network-is-listed-with-its-first-and-last-address",
        ),
        pytest.param(["198.51.100.0/24"], [{"Matches": ["198.51.100.*"]}], id="whole-octet-is-one-pattern"),
        pytest.param(["198.51.0.0/16"], [{"Matches": ["198.51.*"]}], id="two-octets-are-one-pattern"),
        pytest.param(
            ["198.51.100.0/25", "198.51.100.128/25"], [{"Matches": ["198.51.100.*"]}], id="halves-are-collapsed-first"
        ),
        pytest.param(["198.51.100.0/23"], [{"Matches": ["198.51.100.*", "198.51.101.*"]}], id="split-at-the-dot"),
        pytest.param(
            ["203.0.113.9", "198.51.100.0/24"],
            [{"Equals": ["203.0.113.9"]}, {"Matches": ["198.51.100.*"]}],
            id="never-both-operators-in-one-filter",
        ),
    ],
)
def test_a_network_becomes(cidrs: list[str], expected: list[dict[str, list[str]]]) -> None:
    assert conditions(entry(*cidrs)) == expected


def test_each_filter_names_the_finding_types_and_nothing_else() -> None:
    for one in compiled(entry("198.51.100.0/25")):
        assert set(one.criterion) == {"type", CALLER_ADDRESS}
        assert one.criterion["type"] == {"Equals": list(SUPPRESSED_FINDING_TYPES)}


def test_an_entry_says_who_answers_for_it_and_until_when() -> None:
    (one,) = compiled(entry("198.51.100.7", name="munich-dc", reason="München: NAT, pool A & B"))
    assert one.name == "sandbox-munich-dc-01"
    assert one.description == (
        "Own egress munich-dc (1 of 1): Munchen: NAT pool A  B. Owner: network-ops. Until 2027-06-30."
    )
    assert one.tags == {"egress-entry": "munich-dc", "owner": "network-ops", "expires": "2027-06-30"}


def test_another_entry_leaves_the_filters_of_the_first_as_they_were() -> None:
    first, second = entry("198.51.100.0/25", name="first"), entry("203.0.113.9", name="second")
    assert compiled(first) == tuple(one for one in compiled(second, first) if one.entry == "first")


def test_fails_with_the_cost_of_each_entry_when_a_region_cannot_hold_them() -> None:
    entries = [entry("100.64.0.0/17", name="cheap"), entry(*(f"20.{n}.0.0/17" for n in range(4)), name="dear")]
    with pytest.raises(
        TooManyFiltersError,
        match=r"egress: needs 129 GuardDuty filters, but a Region holds 100: dear 103, cheap 26; whole",
    ):
        compiled(*entries)


def test_no_entry_means_no_filter() -> None:
    assert compiled() == ()


BLOCK = int(IPv4Address("198.51.0.0"))


@st.composite
def networks(draw: st.DrawFn) -> IPv4Network:
    """A network of any length from /18 to /32 inside one /16."""
    length = draw(st.integers(18, 32))
    return IPv4Network((BLOCK + draw(st.integers(0, 0xFFFF)), length), strict=False)


@given(cidrs=st.lists(networks(), min_size=1, max_size=6))
def test_exactly_the_given_addresses_are_hidden(cidrs: list[IPv4Network]) -> None:
    filters = compiled(Entry(cidrs=tuple(cidrs)))
    edges = {
        int(edge) + offset
        for cidr in cidrs
        for edge in (cidr.network_address, cidr.broadcast_address)
        for offset in (-1, 0, 1)
    }
    for number in edges:
        address = IPv4Address(number)
        assert hides(filters, str(address)) == any(address in cidr for cidr in cidrs), address


def test_over_a_whole_16_not_one_address_is_wrong() -> None:
    cidrs = [IPv4Network(cidr) for cidr in ("198.51.0.0/20", "198.51.64.0/23", "198.51.100.7", "198.51.200.0/27")]
    filters = compiled(Entry(cidrs=tuple(cidrs)))
    exact = {value for one in filters for value in one.criterion[CALLER_ADDRESS].get("Equals", ())}
    patterns = [
        re.compile(fnmatch.translate(value))
        for one in filters
        for value in one.criterion[CALLER_ADDRESS].get("Matches", ())
    ]
    inside = {str(address) for cidr in cidrs for address in cidr}
    hidden = {
        text
        for text in (str(IPv4Address(BLOCK + number)) for number in range(0x10000))
        if text in exact or any(pattern.match(text) for pattern in patterns)
    }
    assert hidden == inside


@given(cidrs=st.lists(networks(), min_size=1, max_size=4), reason=st.text(max_size=600))
def test_every_filter_is_within_the_limits_of_the_service(cidrs: list[IPv4Network], reason: str) -> None:
    filters = compiled(Entry(cidrs=tuple(cidrs), name="a" * 31, reason=reason))
    assert len({one.name for one in filters}) == len(filters) <= 100
    for one in filters:
        (operator, values), *others = one.criterion[CALLER_ADDRESS].items()
        assert not others
        assert len(values) <= {"Equals": 50, "Matches": 5}[operator]
        assert all(value.count("*") <= 5 for value in values)
        assert re.fullmatch(r"[A-Za-z0-9._-]{3,64}", one.name)
        assert re.fullmatch(r"[a-zA-Z0-9\s\-.:_{}\[\]()/]{0,512}", one.description)


@given(cidrs=st.lists(networks(), min_size=1, max_size=6))
def test_the_order_of_networks_does_not_matter(cidrs: list[IPv4Network]) -> None:
    assert conditions(Entry(cidrs=tuple(cidrs))) == conditions(Entry(cidrs=tuple(reversed(cidrs))))
