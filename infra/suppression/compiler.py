"""Egress entries compiled into GuardDuty filters that match exactly their addresses."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Network, collapse_addresses
from typing import Protocol

CALLER_ADDRESS = "service.action.awsApiCallAction.remoteIpDetails.ipAddressV4"
"""The attribute that holds the API caller's IPv4 address (GuardDuty user guide, filter findings)."""

MAX_EQUALS_VALUES = 50
"""Values of one `Equals` condition (botocore guardduty; neither CloudFormation nor cfn-lint checks it)."""

MAX_MATCHES_VALUES = 5
"""Values of one `Matches` condition (botocore guardduty; unchecked like the other)."""

MAX_FILTERS = 100
"""Filters of one account and Region, shared with everybody else who makes filters there (GuardDuty quotas)."""

MAX_NAME_LENGTH = 64
MAX_DESCRIPTION_LENGTH = 512
_NOT_IN_DESCRIPTIONS = re.compile(r"[^a-zA-Z0-9\s\-.:_{}\[\]()/]")

_WHOLE_OCTET = {16: "{0}.{1}.*", 24: "{0}.{1}.{2}.*"}
"""Prefix lengths that end at a dot. The dot stays in front of the star: `198.51.1*` would also match 198.51.100.7."""


class EgressSource(Protocol):
    """What the compiler wants to know of an egress entry; read-only, since entries are frozen."""

    @property
    def name(self) -> str:
        """Unique among the entries; part of the filters' names."""

    @property
    def cidrs(self) -> Sequence[IPv4Network]:
        """The networks, single addresses as /32."""

    @property
    def owner(self) -> str:
        """Who answers for the entry."""

    @property
    def reason(self) -> str:
        """What the addresses are."""

    @property
    def expires(self) -> date:
        """Last day on which the entry is in force."""


class TooManyFiltersError(ValueError):
    """The entries need more filters than a Region holds; the message says what each entry costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledFilter:
    """One GuardDuty filter, ready for a template.

    Attributes:
        name: Unique in the Region, stable for an entry as long as its own addresses stay the same.
        entry: Name of the egress entry it belongs to.
        criterion: Attribute to condition, in the words of the GuardDuty API.
        tags: Who answers for it and until when.
    """

    name: str
    entry: str
    description: str
    criterion: Mapping[str, Mapping[str, Sequence[str]]]
    tags: Mapping[str, str]


def compile_filters(
    entries: Sequence[EgressSource], *, finding_types: Sequence[str], name_prefix: str
) -> tuple[CompiledFilter, ...]:
    """Filters that together match the given finding types from exactly the given addresses.

    A CIDR is never passed on: AWS's pages disagree whether a filter takes one, and a filter that silently matches
    nothing looks like one that works. So small networks become exact addresses and whole octets a wildcard.

    Raises:
        TooManyFiltersError: More than 100 filters would be needed.
    """
    filters = tuple(compiled for entry in entries for compiled in _filters_of(entry, finding_types, name_prefix))
    if len(filters) > MAX_FILTERS:
        raise TooManyFiltersError(_too_many(filters))
    return filters


def _filters_of(entry: EgressSource, finding_types: Sequence[str], name_prefix: str) -> Iterator[CompiledFilter]:
    addresses: list[str] = []
    patterns: list[str] = []
    for network in collapse_addresses(entry.cidrs):
        if network.prefixlen in _WHOLE_OCTET:
            patterns.append(_pattern(network))
        elif network.prefixlen < max(_WHOLE_OCTET):
            patterns += [_pattern(block) for block in network.subnets(new_prefix=max(_WHOLE_OCTET))]
        else:
            addresses += [str(address) for address in network]

    # `Equals` and `Matches` on one attribute in one filter: how they combine is not documented, so never both.
    conditions = [{"Equals": values} for values in _chunks(addresses, MAX_EQUALS_VALUES)]
    conditions += [{"Matches": values} for values in _chunks(patterns, MAX_MATCHES_VALUES)]
    for number, condition in enumerate(conditions, start=1):
        yield CompiledFilter(
            name=f"{name_prefix}-{entry.name}-{number:02}",
            entry=entry.name,
            description=_description(entry, number, len(conditions)),
            criterion={"type": {"Equals": list(finding_types)}, CALLER_ADDRESS: condition},
            tags={"egress-entry": entry.name, "owner": entry.owner, "expires": entry.expires.isoformat()},
        )


def _pattern(network: IPv4Network) -> str:
    return _WHOLE_OCTET[network.prefixlen].format(*str(network.network_address).split("."))


def _chunks(values: Sequence[str], size: int) -> Iterator[list[str]]:
    return (list(values[start : start + size]) for start in range(0, len(values), size))


def _description(entry: EgressSource, number: int, count: int) -> str:
    """What the console shows; GuardDuty takes letters, digits, blanks and `- . : _ { } [ ] ( ) /` only."""
    text = (
        f"Own egress {entry.name} ({number} of {count}): {entry.reason}. "
        f"Owner: {entry.owner}. Until {entry.expires.isoformat()}."
    )
    plain_letters = unicodedata.normalize("NFKD", text)
    return _NOT_IN_DESCRIPTIONS.sub("", plain_letters)[:MAX_DESCRIPTION_LENGTH]


def _too_many(filters: Sequence[CompiledFilter]) -> str:
    costs: dict[str, int] = {}
    for compiled in filters:
        costs[compiled.entry] = costs.get(compiled.entry, 0) + 1
    dearest_first = sorted(costs.items(), key=lambda cost: (-cost[1], cost[0]))
    return (
        f"egress: needs {len(filters)} GuardDuty filters, but a Region holds {MAX_FILTERS}: "
        + ", ".join(f"{name} {count}" for name, count in dearest_first)
        + "; whole /24 or /16 networks are cheapest (a wildcard each, five to a filter), "
        "scattered addresses cost a filter for every 50"
    )
