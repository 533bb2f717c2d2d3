"""IPv6 addresses are hidden in whatever form a finding shows them, and no other address with them."""

from datetime import date
from ipaddress import IPv6Address
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from infra.suppression import SUPPRESSED_FINDING_TYPES, EgressSource, entry_costs, plan_filters
from infra.suppression.ipv6 import textual_forms
from tests.findings import OUTSIDE_AWS
from tests.unit.suppression.test_plan import Entry
from tools.matching.guardduty_filters import DeployedFilter, archiving_filter

ADDRESS = IPv6Address("2600:1f18:0:a0::7")


def entry(*addresses: IPv6Address, name: str = "dc") -> Entry:
    return Entry(name=name, cidrs=(), ipv6_addresses=addresses)


def deployed(*entries: Entry) -> list[DeployedFilter]:
    return [
        DeployedFilter(name=one.name, action="ARCHIVE", rank=1, criterion=one.criterion)
        for one in plan_filters(entries, name_prefix="x")
    ]


def finding(address: str, **members: Any) -> dict[str, Any]:
    caller = {"remoteIpDetails": {"ipAddressV6": address}}
    return {"type": OUTSIDE_AWS, "service": {"action": {"awsApiCallAction": caller}}} | members


def test_an_address_has_its_short_its_plain_and_its_full_form() -> None:
    assert textual_forms(ADDRESS) == (
        "2600:1f18:0:a0::7",
        "2600:1F18:0:A0::7",
        "2600:1f18:0:a0:0:0:0:7",
        "2600:1F18:0:A0:0:0:0:7",
        "2600:1f18:0000:00a0:0000:0000:0000:0007",
        "2600:1F18:0000:00A0:0000:0000:0000:0007",
    )


addresses = st.integers(0, 2**128 - 1).map(IPv6Address)


@given(own=st.sets(addresses, min_size=1, max_size=12), other=addresses)
def test_exactly_these_addresses_are_hidden_in_every_form(own: set[IPv6Address], other: IPv6Address) -> None:
    filters = deployed(entry(*sorted(own)))
    assert all(len(values) <= 50 for one in filters for values in one.criterion[IPV6].values())  # type: ignore[arg-type]
    for address in (*own, other):
        for form in textual_forms(address):
            assert archiving_filter(finding(form), filters).archived is (address in own)


IPV6 = "service.action.awsApiCallAction.remoteIpDetails.ipAddressV6"


def test_other_types_from_the_address_are_sent() -> None:
    filters = deployed(entry(ADDRESS))
    assert not archiving_filter(finding(str(ADDRESS), type="Recon:IAMUser/TorIPCaller"), filters).archived


def test_eight_addresses_take_a_filter() -> None:
    one_by_one = [IPv6Address(int(ADDRESS) + number) for number in range(17)]
    entries: list[EgressSource] = [entry(*one_by_one[:8], name="eight"), entry(*one_by_one, name="seventeen")]
    assert entry_costs(entries) == {"eight": 1, "seventeen": 3}


def test_ipv4_and_ipv6_of_an_entry_are_filters_of_their_own() -> None:
    mixed = Entry(name="dc", ipv6_addresses=(ADDRESS,))
    compiled = plan_filters([mixed], name_prefix="x")
    assert [one.name for one in compiled] == ["x-dc-01", "x-dc-601"]
    assert [IPV6 in one.criterion for one in compiled] == [False, True]
    assert all(set(one.criterion["type"]["Equals"]) == set(SUPPRESSED_FINDING_TYPES) for one in compiled)


def test_the_longest_name_still_fits() -> None:
    longest = Entry(name="n" * 31, cidrs=(), ipv6_addresses=(ADDRESS,), expires=date(2027, 6, 30))
    (compiled,) = plan_filters([longest], name_prefix="p" * 28)
    assert len(compiled.name) == 64


def test_one_address_more_renames_no_other_filter_and_changes_few() -> None:
    many = [IPv6Address(int(ADDRESS) + number * 7919) for number in range(20)]
    before = {one.name: one.criterion for one in plan_filters([entry(*many)], name_prefix="x")}
    after = {one.name: one.criterion for one in plan_filters([entry(*many, IPv6Address("2a00::1"))], name_prefix="x")}
    assert set(before) == set(after)
    assert sum(before[name] != after[name] for name in before) <= 2
