"""Whatever the entries: the address before the first and after the last of each is hidden by none, or by another."""

from datetime import date
from ipaddress import IPv4Network

from hypothesis import given, settings
from hypothesis import strategies as st

from infra.config import EgressEntry
from infra.suppression import plan_filters
from tests.deployments import TODAY
from tests.findings import leaked_lambda_credentials
from tools.matching.guardduty_filters import DeployedFilter, archiving_filter

START = int(IPv4Network("8.8.0.0/16").network_address)


@st.composite
def entries(draw: st.DrawFn) -> list[EgressEntry]:
    """Some entries whose networks do not overlap, near one another."""
    made, free = [], START
    for number in range(draw(st.integers(1, 3))):
        cidrs = []
        for _ in range(draw(st.integers(1, 3))):
            size = 1 << draw(st.integers(0, 9))
            # To the next place where such a network may begin, and perhaps some further.
            free = (free + size - 1) // size * size + size * draw(st.integers(0, 2))
            cidrs.append(f"{IPv4Network(free)[0]}/{33 - size.bit_length()}")
            free += size
        data = {"name": f"dc-{number}", "owner": "network-ops", "reason": "NAT pool", "cidrs": cidrs}
        made.append(EgressEntry.model_validate({**data, "expires": date(2027, 6, 30)}, context={"today": TODAY}))
    return made


@settings(max_examples=60, deadline=None)
@given(entries=entries())
def test_no_entry_hides_the_addresses_beside_it(entries: list[EgressEntry]) -> None:
    filters = [
        DeployedFilter(name=one.name, action="ARCHIVE", rank=1, criterion=one.criterion, tags=one.tags)
        for one in plan_filters(entries, name_prefix="any")
    ]
    owner = {one.name: one.tags["egress-entry"] for one in filters}
    for network in (network for entry in entries for network in entry.cidrs):
        for address in (network[0] - 1, network[0], network[-1], network[-1] + 1):
            expected = {entry.name for entry in entries if any(address in other for other in entry.cidrs)}
            verdict = archiving_filter(leaked_lambda_credentials(address=str(address))["detail"], filters)
            assert {owner[name] for name in verdict.matched} == expected
