"""An address is ours exactly when an entry holds it."""

from ipaddress import ip_network

import pytest

from shared.egress import EgressRange, ranges_of
from tests.unit.notifier.briefs import EGRESS


@pytest.mark.parametrize(
    ("address", "name"),
    [
        pytest.param("198.51.100.0", "frankfurt-dc", id="first-address"),
        pytest.param("198.51.100.15", "frankfurt-dc", id="last-address"),
        pytest.param("198.51.100.16", None, id="one-after"),
        pytest.param("198.51.99.255", None, id="one-before"),
        pytest.param("::ffff:198.51.100.7", "frankfurt-dc", id="ipv4-written-as-ipv6"),
        pytest.param("2001:db8:1::9", "six", id="ipv6-inside"),
        pytest.param("2001:db8:2::9", None, id="ipv6-outside"),
        pytest.param("", None, id="empty"),
        pytest.param("198.51.100.7 ", None, id="not-an-address"),
        pytest.param("GeneratedFindingIp", None, id="placeholder"),
    ],
)
def test_ranges_of_names_the_entry_that_holds_the_address(address: str, name: str | None) -> None:
    assert [found.name for found in ranges_of(address, EGRESS)] == ([name] if name else [])


def test_ranges_that_share_an_address_are_all_named_first_the_one_that_hides_most() -> None:
    def one(name: str, *, observing: bool = False, scoped: bool = False) -> EgressRange:
        networks = (ip_network("198.51.100.0/28"),)
        return EgressRange(name=name, owner="network-ops", networks=networks, observing=observing, scoped=scoped)

    ranges = [one("both", observing=True, scoped=True), one("observes", observing=True), one("scoped", scoped=True)]
    found = ranges_of("198.51.100.7", [*ranges, one("plain")])
    assert [entry.name for entry in found] == ["plain", "scoped", "observes", "both"]
