"""The trusted list of a Region: what stands in its file, and the tags that say who wanted it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, collapse_addresses

from infra.suppression.entry import AddressSource

MAX_TRUSTED_ENTITIES = 1000
"""Entries of a TrustedEntitySet, of which an account has one in each Region (GuardDuty user guide, quotas)."""

MAX_TRUSTED_IP_ADDRESSES = 2000
"""Addresses and ranges of a trusted IP list, the older form of the same (GuardDuty user guide, quotas)."""

TAG_LENGTH = 256
"""Characters of a tag's value (AWS tagging reference)."""

_BETWEEN = " / "
_ROOM_FOR_THE_REST = len(_BETWEEN + "and 100 more")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledList:
    """A trusted list as it is deployed in every Region.

    Attributes:
        text: One address or network a line, in format TXT (GuardDuty user guide, list formats).
        tags: Names of the entries, who answers for each, and its last day, in the same order: what ends first, first.
    """

    text: str
    tags: Mapping[str, str]


def compile_list(entries: Sequence[AddressSource]) -> CompiledList | None:
    """Put the entries into one list, as an account has one in each Region; None if there is nothing to trust."""
    if not entries:
        return None
    # What ends first comes first: the rest of a long list fits no tag, and the tags are what speaks before an end.
    ordered = sorted(entries, key=lambda entry: (entry.expires, entry.name))
    return CompiledList(
        text="".join(f"{_written(network)}\n" for network in collapsed(ordered)),
        tags={
            "trusted-entries": _listed([entry.name for entry in ordered]),
            "owner": _listed([entry.owner for entry in ordered]),
            "expires": _listed([entry.expires.isoformat() for entry in ordered]),
        },
    )


def collapsed(entries: Iterable[AddressSource]) -> tuple[IPv4Network, ...]:
    """The fewest networks for exactly the addresses of all entries, in the order of their addresses."""
    return tuple(collapse_addresses(cidr for entry in entries for cidr in entry.cidrs))


def _written(network: IPv4Network) -> str:
    return str(network.network_address if network.prefixlen == network.max_prefixlen else network)


def _listed(texts: Sequence[str]) -> str:
    """Join as many as a tag holds, and count the rest."""
    whole = _BETWEEN.join(texts)
    if len(whole) <= TAG_LENGTH:
        return whole
    kept = len(texts)
    while len(_BETWEEN.join(texts[:kept])) > TAG_LENGTH - _ROOM_FOR_THE_REST:
        kept -= 1
    return _BETWEEN.join([*texts[:kept], f"and {len(texts) - kept} more"])
