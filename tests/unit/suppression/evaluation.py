"""What a filter hides, worked out on text as GuardDuty does, apart from the compiler."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network


def matches(pattern: str, text: str) -> bool:
    """By the words of the documentation: `*` is any run of characters, `?` exactly one, all else itself."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return matches(pattern[1:], text) or (text != "" and matches(pattern, text[1:]))
    return text != "" and pattern[0] in ("?", text[0]) and matches(pattern[1:], text[1:])


def as_expression(patterns: Iterable[str]) -> re.Pattern[str]:
    """The same for many addresses at once; not `fnmatch`, in which `[` is special."""
    meaning = {"*": ".*", "?": "."}
    one_each = ("".join(meaning.get(one, re.escape(one)) for one in pattern) for pattern in patterns)
    return re.compile("|".join(f"(?:{one})" for one in one_each) or r"(?!)")


def hidden(conditions: Iterable[Mapping[str, Sequence[str]]], addresses: Iterable[str]) -> set[str]:
    """Those addresses of which one of the conditions holds."""
    conditions = list(conditions)
    exact = {value for condition in conditions for value in condition.get("Equals", ())}
    wildcards = as_expression(value for condition in conditions for value in condition.get("Matches", ()))
    return {address for address in addresses if address in exact or wildcards.fullmatch(address)}


def block_around(network: IPv4Network) -> IPv4Network:
    """The /16 that holds a network."""
    return network if network.prefixlen <= 16 else network.supernet(new_prefix=16)


def every_address(network: IPv4Network) -> Iterator[str]:
    """All addresses of a network as text, faster than one object for each."""
    start = int(network.network_address)
    for number in range(start, start + network.num_addresses):
        yield f"{number >> 24}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def wanted(networks: Iterable[IPv4Network]) -> set[str]:
    """All addresses of all networks."""
    return {address for network in networks for address in every_address(network)}


def address(*octets: int) -> IPv4Network:
    """One address as a network."""
    return IPv4Network(IPv4Address(bytes(octets)))
