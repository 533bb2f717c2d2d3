"""IPv4 ranges that the internet can see."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network, IPv6Address, ip_network
from typing import Annotated, TypeVar

from pydantic import BeforeValidator, WithJsonSchema

from infra.config.refusals import wrong

K = TypeVar("K", int, tuple[int, int])

WIDEST = 16
"""Shortest prefix accepted: a /16 is 65,536 addresses, more than any egress we have heard of."""

EXAMPLE = "198.51.100.0/28 or 198.51.100.7"

# A list of our own, not `IPv4Network.is_private`: that also holds the documentation ranges our samples use.
# (IANA IPv4 special-purpose address registry)
NOT_PUBLIC = {
    IPv4Network(network): what
    for network, what in {
        "0.0.0.0/8": "reserved",
        "10.0.0.0/8": "private",
        "100.64.0.0/10": "carrier-grade NAT",
        "127.0.0.0/8": "loopback",
        "169.254.0.0/16": "link-local",
        "172.16.0.0/12": "private",
        "192.0.0.0/24": "reserved",
        "192.88.99.0/24": "reserved",
        "192.168.0.0/16": "private",
        "198.18.0.0/15": "reserved for benchmarks",
        "224.0.0.0/4": "multicast",
        "240.0.0.0/4": "reserved",
    }.items()
}

DOCUMENTATION = tuple(map(IPv4Network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")))
"""Ranges for examples, which nobody has (RFC 5737)."""

_FORM = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}(/[0-9]{1,2})?")


def public_range(value: object) -> IPv4Network:
    """Return the range; an address alone is a range of one.

    Raises:
        PydanticCustomError: It is no text, no IPv4 range, wider than `WIDEST`, or the internet cannot see it.
    """
    network = value if isinstance(value, IPv4Network) else _parsed(value)
    if network.prefixlen < WIDEST:
        raise wrong(
            f"must be /{WIDEST} or narrower",
            advice=f"it covers {network.num_addresses:,} addresses, and leaked credentials used from any of them would"
            " stay silent",
        )
    for block, what in NOT_PUBLIC.items():
        if network.overlaps(block):
            hidden = what in {"private", "carrier-grade NAT"}
            raise wrong(
                f"must be publicly routable ({what} addresses are not)",
                advice="list the address the internet sees, not the one behind the NAT" if hidden else "",
            )
    return network


def _parsed(value: object) -> IPv4Network:
    rule = f"must be an IPv4 address or network such as {EXAMPLE}"
    if not isinstance(value, str):
        raise wrong(rule)
    if _is_ipv6(value):
        raise wrong(
            "must be IPv4",
            advice="single IPv6 addresses of egress go into ipv6_addresses; an IPv6 range cannot be hidden exactly, as"
            " the form in which GuardDuty writes such addresses is not documented",
        )
    if not _FORM.fullmatch(value):
        raise wrong(rule)
    try:
        network = IPv4Network(value, strict=False)
    except ValueError as error:
        advice = "each of the four numbers is 0 to 255 without leading zeros, the prefix 0 to 32"
        raise wrong(rule, advice=advice) from error
    address = value.partition("/")[0]
    if address != str(network.network_address):
        whole = f"{network} for the whole network, or " if network.prefixlen >= WIDEST else ""
        raise wrong(
            f"must look like {EXAMPLE}", advice=f"it has host bits set: write {whole}{address} for that one address"
        )
    return network


def _is_ipv6(value: str) -> bool:
    try:
        return ":" in value and isinstance(ip_network(value, strict=False).network_address, IPv6Address)
    except ValueError:
        return False


def overlapping(ranges: Mapping[K, IPv4Network]) -> Iterator[tuple[K, K]]:
    """Find ranges that share addresses with another; of each pair the later key comes first.

    One pass over the sorted ranges, so that thousands of them take no time: networks nest or lie apart, hence a range
    overlaps one before it exactly if it overlaps the one that reaches furthest.
    """
    widest: K | None = None
    for key in sorted(ranges, key=lambda key: (ranges[key].network_address, ranges[key].prefixlen, key)):
        if widest is not None and ranges[key].overlaps(ranges[widest]):
            yield max(key, widest), min(key, widest)
        else:
            widest = key


def every_overlap(ranges: Mapping[K, IPv4Network]) -> Iterator[tuple[K, K]]:
    """Find every pair of ranges that share addresses: the range inside first, then the one around it.

    Networks nest or lie apart, so of two that overlap one holds the other; of two equal ones the later key is inside.
    """
    around: list[K] = []
    for key in sorted(ranges, key=lambda key: (ranges[key].network_address, ranges[key].prefixlen, key)):
        while around and not ranges[key].overlaps(ranges[around[-1]]):
            around.pop()
        for outer in around:
            yield key, outer
        around.append(key)


def written(network: IPv4Network) -> str:
    """Write a range the way people do: one address without its /32."""
    return str(network.network_address if network.prefixlen == network.max_prefixlen else network)


Cidr = Annotated[
    IPv4Network,
    BeforeValidator(public_range),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": rf"^(?:{_FORM.pattern})$",
            "patternErrorMessage": f"must be an IPv4 address or network such as {EXAMPLE}",
        }
    ),
]
"""A public IPv4 address or network, /16 to /32, without host bits."""
