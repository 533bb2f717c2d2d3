"""Findings around egress entries, each with the entries that have to hide or count it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from itertools import count
from typing import Any, TypeAlias

from infra.config import EgressEntry
from infra.config.scope import ACCOUNT
from tools.journey.finding_file import event_around
from tools.matching.event_patterns import Event

Address: TypeAlias = IPv4Address | IPv6Address

_SOME_ACCOUNT = "111122223333"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of finding, found in every Region.

    Attributes:
        where: What it has to do with an entry, in words.
        workload: Whose credentials it is about: attributes that scopes name, each with its value.
    """

    where: str
    type: str
    address: Address
    workload: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A finding whose fate the entries decide.

    Attributes:
        but_address: The same for all that differ from it in the address only.
        hidden_by: The entries that have to hide it, and no others; it has to page if there are none.
        observed_by: The entries that have to count it.
    """

    name: str
    event: Event
    but_address: str
    hidden_by: frozenset[str]
    observed_by: frozenset[str]


def probes(entries: Sequence[EgressEntry], regions: Sequence[str]) -> Iterator[Probe]:
    """The findings around every entry, in each Region.

    What is expected of them is read from the entries and not from what is compiled of these.
    """
    for kind in (kind for entry in entries for kind in _around(entry, entries)):
        holding = [entry for entry in entries if _holds(entry, kind)]
        for region in regions:
            yield Probe(
                name=f"{kind.address}, {kind.where} in {region}, {kind.type}",
                event=event_around(_detail(kind, region)),
                but_address=f"{region} {kind.type} {sorted(kind.workload.items())} {kind.address.version}",
                hidden_by=frozenset(one.name for one in holding if one.mode == "enforce"),
                observed_by=frozenset(one.name for one in holding if one.mode == "observe"),
            )


def _around(entry: EgressEntry, entries: Sequence[EgressEntry]) -> Iterator[Kind]:
    """Each finding type of an entry at and beside its edges; at them also out of its scope, and of another type."""
    fitting = {ACCOUNT: _unnamed(_SOME_ACCOUNT, _named(ACCOUNT, entries))}
    fitting |= {attribute: values[0] for attribute, values in entry.narrowed_by.items()}
    strange = {attribute: _unnamed(fitting[attribute], _named(attribute, entries)) for attribute in entry.narrowed_by}
    other_type = _unnamed(entry.finding_types[0], (name for one in entries for name in one.finding_types))
    for address in _edges(entry):
        inside = _has(entry, address)
        where = f"{'at the edge of' if inside else 'beside'} {entry.name}"
        for type_ in entry.finding_types:
            yield Kind(where=where, type=type_, address=address, workload=fitting)
            for attribute, value in strange.items() if inside else ():
                out = f"outside the scope of {entry.name} by {attribute} {value}"
                yield Kind(where=out, type=type_, address=address, workload={**fitting, attribute: value})
        if inside:
            yield Kind(where=where, type=other_type, address=address, workload=fitting)


def _edges(entry: EgressEntry) -> Iterable[Address]:
    """The ends of its blocks, and the addresses beside them, if there are any."""
    blocks: list[tuple[Address, Address]] = [(one[0], one[-1]) for one in entry.cidrs]
    blocks += [(one, one) for one in entry.ipv6_addresses]
    found: list[Address] = []
    for first, last in blocks:
        found += [first, last]
        if int(first) > 0:
            found.append(first - 1)
        if int(last) < (1 << last.max_prefixlen) - 1:
            found.append(last + 1)
    return dict.fromkeys(found)


def _holds(entry: EgressEntry, kind: Kind) -> bool:
    in_scope = all(kind.workload.get(attribute) in values for attribute, values in entry.narrowed_by.items())
    return in_scope and kind.type in entry.finding_types and _has(entry, kind.address)


def _has(entry: EgressEntry, address: Address) -> bool:
    if isinstance(address, IPv6Address):
        return address in entry.ipv6_addresses
    return any(address in network for network in entry.cidrs)


def _named(attribute: str, entries: Sequence[EgressEntry]) -> Iterator[str]:
    return (value for entry in entries for value in entry.narrowed_by.get(attribute, ()))


def _unnamed(like: str, named: Iterable[str]) -> str:
    """A value beside these that differs from one in its end only, so that a wildcard would take it as well."""
    known = set(named)
    return next(text for end in map(str, count()) if (text := f"{like[: -len(end)]}{end}") not in known)


def _detail(kind: Kind, region: str) -> Mapping[str, object]:
    caller = {"remoteIpDetails": {f"ipAddressV{kind.address.version}": str(kind.address)}}
    detail: dict[str, Any] = {
        "type": kind.type,
        # Highest, so that no threshold is what keeps it from paging.
        "severity": 10,
        "region": region,
        "service": {"action": {"actionType": "AWS_API_CALL", "awsApiCallAction": caller}},
    }
    for attribute, value in kind.workload.items():
        *way, last = attribute.split(".")
        inside = detail
        for name in way:
            # A function's tags are a list; one tag is enough.
            inside = inside.setdefault(name, [{}])[0] if name == "tags" else inside.setdefault(name, {})
        inside[last] = value
    return detail
