"""Which egress entries nearly hold a finding, or hold it by a hair."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Address, ip_address

from tools.journey.beside import SENT, Address, beside, called_from, fate
from tools.journey.world import WatchedRegion
from tools.matching.finding_values import values_at
from tools.matching.guardduty_filters import DeployedFilter, UnverifiedFilterError, archiving_filter
from tools.templates.assembly import Resource
from tools.templates.coverage import EVERY_V6, NOWHERE, Coverage
from tools.templates.filters import read_filter
from tools.templates.plain_values import UnjudgedError

NEAR = 16
"""Addresses apart that still count as near."""

_V6 = ".ipAddressV6"
_ADDRESSES = (".ipAddressV4", _V6)


def filter_misses(detail: Mapping[str, object], place: WatchedRegion, *, archived: bool) -> Iterator[str]:
    """Sentences about egress entries that nearly hold the finding, or hold it by a hair."""
    yield from dict.fromkeys(_entries(detail, place, archived=archived))


def _entries(detail: Mapping[str, object], place: WatchedRegion, *, archived: bool) -> Iterator[str]:
    by_entry: dict[str, list[DeployedFilter]] = {}
    for one in place.filters:
        by_entry.setdefault(one.tags.get("egress-entry", one.name), []).append(one)
    for entry, members in by_entry.items():
        for address in _callers(detail, members):
            yield from _near(entry, members, detail, address)
            if archived and any(_covers(one, address) and _matches(one, detail) for one in members):
                yield from _edge(entry, members, detail, address, place)


def _edge(
    entry: str, members: Sequence[DeployedFilter], detail: Mapping[str, object], address: Address, place: WatchedRegion
) -> Iterator[str]:
    """That it is at the edge of its entry, with what is beyond: the address that would be sent, if one of two would."""
    attributes = _address_attributes(members)
    fates = {
        apart: fate(called_from(detail, attributes, address, apart), place)
        for apart in beside(address)
        if not any(_covers(one, apart) for one in members)
    }
    for apart in sorted(fates, key=lambda one: fates[one] != SENT)[:1]:
        yield f"{address} is at the edge of {entry}: {apart} is outside, and {fates[apart]}"


def _near(
    entry: str, members: Sequence[DeployedFilter], detail: Mapping[str, object], address: Address
) -> Iterator[str]:
    inside = [one for one in members if _covers(one, address)]
    if inside:
        for one in inside:
            failing = [name for name in _others(one) if not _holds(one, name, detail)]
            if len(failing) == 1:
                yield f"{address} is an address of {entry}, but {_about(one, failing[0], detail)}"
            elif not failing:
                for written in _written(detail, members, address):
                    if not any(_has_form(other, written) for other in inside):
                        yield f"{written} is an address of {entry}, but no filter holds it in this form"
        return
    reachable = [one for one in members if all(_holds(one, name, detail) for name in _others(one))]
    distance = next((n for n in range(1, NEAR + 1) if any(_within(one, address, n) for one in reachable)), None)
    if distance is not None:
        yield f"{_counted(distance)} outside {entry}: {address}"


def _counted(distance: int) -> str:
    return "one address" if distance == 1 else f"{distance} addresses"


def _within(one: DeployedFilter, address: Address, distance: int) -> bool:
    return any(_covers(one, near) for near in beside(address, distance=distance))


def _about(one: DeployedFilter, attribute: str, detail: Mapping[str, object]) -> str:
    is_ = ", ".join(str(value) for value in values_at(detail, attribute.split("."))) or "not there"
    if attribute == "type":
        return f"its filters are not about {is_}"
    wanted = " or ".join(str(value) for operand in one.criterion[attribute].values() for value in _listed(operand))
    return f"{attribute} has to be {wanted}, and is {is_}"


def _listed(operand: object) -> Sequence[object]:
    return operand if isinstance(operand, list | tuple) else (operand,)


def _others(one: DeployedFilter) -> list[str]:
    """Its attributes besides the address."""
    return [name for name in one.criterion if not name.endswith(_ADDRESSES)]


def _holds(one: DeployedFilter, attribute: str, detail: Mapping[str, object]) -> bool:
    return _matches(replace(one, criterion={attribute: one.criterion[attribute]}), detail)


def _matches(one: DeployedFilter, detail: Mapping[str, object]) -> bool:
    try:
        return bool(archiving_filter(detail, [one]).matched)
    except UnverifiedFilterError:
        # A near miss is told only where it is certain.
        return False


def _address_attributes(members: Sequence[DeployedFilter]) -> Sequence[str]:
    return sorted({name for one in members for name in one.criterion if name.endswith(_ADDRESSES)})


def _has_form(one: DeployedFilter, written: str) -> bool:
    """Whether a filter that covers an address has it as it is written: IPv6 addresses are written in several ways."""
    held = [operand for name, test in one.criterion.items() if name.endswith(_V6) for operand in test.values()]
    return all(written in _listed(operand) for operand in held)


def _written(detail: Mapping[str, object], members: Sequence[DeployedFilter], address: Address) -> Iterator[str]:
    """How the finding writes an address."""
    return (text for text in _texts(detail, members) if _read(text) == address)


def _callers(detail: Mapping[str, object], members: Sequence[DeployedFilter]) -> Iterator[Address]:
    return (address for text in _texts(detail, members) if (address := _read(text)) is not None)


def _texts(detail: Mapping[str, object], members: Sequence[DeployedFilter]) -> Iterator[str]:
    values = (value for name in _address_attributes(members) for value in values_at(detail, name.split(".")))
    return (value for value in values if isinstance(value, str))


def _read(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _covers(one: DeployedFilter, address: Address) -> bool:
    covered = _coverage(one)
    if isinstance(address, IPv4Address):
        return address in covered.v4
    return not covered.v6.isdisjoint({str(address), EVERY_V6})


def _coverage(one: DeployedFilter) -> Coverage:
    properties = {"Action": one.action, "FindingCriteria": {"Criterion": one.criterion}}
    resource = Resource(
        logical_id=one.name, type="AWS::GuardDuty::Filter", label=one.name, properties=properties, attributes={}
    )
    try:
        return read_filter(resource).coverage
    except UnjudgedError:
        return NOWHERE
