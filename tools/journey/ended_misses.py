"""Egress entries that would have hidden a finding, had they not ended."""

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_address, ip_network

from infra.config import EgressEntry
from infra.suppression.compiler import CALLER_ADDRESS
from infra.suppression.ipv6 import CALLER_IPV6_ADDRESS
from tools.matching.finding_values import values_at


def ended_misses(detail: Mapping[str, object], ended: Iterable[EgressEntry]) -> Iterator[str]:
    """A sentence for each entry whose type and addresses hold the finding."""
    callers = [value for path in (CALLER_ADDRESS, CALLER_IPV6_ADDRESS) for value in values_at(detail, path.split("."))]
    for entry in ended:
        if detail.get("type") not in entry.finding_types:
            continue
        for caller in map(str, callers):
            if _holds(entry, caller):
                only = " for what its scope names" if entry.scope else ""
                yield f"{caller} was an address of {entry.name}{only}, which ended on {entry.expires} and hides nothing"


def _holds(entry: EgressEntry, caller: str) -> bool:
    try:
        address = ip_address(caller)
    except ValueError:
        return False
    return any(address in ip_network(one) for one in entry.addresses)
