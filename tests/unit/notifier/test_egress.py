"""An address is ours exactly when an entry holds it."""

import pytest

from notifier.egress import range_of
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
def test_range_of_names_the_entry_that_holds_the_address(address: str, name: str | None) -> None:
    found = range_of(address, EGRESS)
    assert (found.name if found else None) == name
