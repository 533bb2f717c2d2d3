"""The addresses beside that of a finding, and what would become of the same finding from there."""

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TypeAlias

from tools.journey.hiding import hiding
from tools.journey.world import WatchedRegion
from tools.matching.guardduty_filters import UnverifiedFilterError
from tools.templates.plain_values import UnjudgedError

Address: TypeAlias = IPv4Address | IPv6Address

SENT = "would be sent"


def beside(address: Address, *, distance: int = 1) -> Iterator[Address]:
    """The addresses so far after and before it, if there are any."""
    for number in (int(address) + distance, int(address) - distance):
        if 0 <= number < 1 << address.max_prefixlen:
            yield type(address)(number)


def called_from(
    detail: Mapping[str, object], attributes: Sequence[str], address: Address, other: Address
) -> Mapping[str, object]:
    """A finding with another address in place of one, wherever these attributes hold it."""
    found: object = detail
    for attribute in attributes:
        found = _replaced(found, attribute.split("."), address, str(other))
    return found if isinstance(found, Mapping) else detail


def fate(detail: Mapping[str, object], place: WatchedRegion) -> str:
    """What every trusted list and filter of the Region together do with a finding, as the end of a sentence."""
    try:
        found = hiding(detail, place)
    except (UnjudgedError, UnverifiedFilterError):
        return "what would become of it cannot be told"
    if found.trusted_by is not None:
        return f"is hidden by the trusted list {found.trusted_by.name}"
    names = dict.fromkeys(one.entry or f"the filter {one.filter}" for one in found.archived_by)
    return f"is hidden by {', '.join(names)}" if names else SENT


def _replaced(found: object, path: Sequence[str], address: Address, other: str) -> object:
    if isinstance(found, list | tuple):
        return [_replaced(one, path, address, other) for one in found]
    if not path:
        return other if _is(found, address) else found
    if isinstance(found, Mapping) and path[0] in found:
        return {**found, path[0]: _replaced(found[path[0]], path[1:], address, other)}
    return found


def _is(found: object, address: Address) -> bool:
    try:
        return isinstance(found, str) and ip_address(found) == address
    except ValueError:
        return False
