"""Typical egress, and what it costs with and without the compiler; the table of decision 10 is made from here."""

import random
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network, collapse_addresses

from infra.suppression import plan_for
from tests.unit.suppression.evaluation import address

Networks = Sequence[IPv4Network]


def networks(*texts: str) -> tuple[IPv4Network, ...]:
    """Networks from text."""
    return tuple(IPv4Network(text) for text in texts)


def scattered(number: int, *, within: str = "203.0.128.0/17", seed: int = 60) -> tuple[IPv4Network, ...]:
    """Different addresses without any order in them, the same in every run."""
    block = IPv4Network(within)
    places = random.Random(seed).sample(range(block.num_addresses), number)  # noqa: S311
    return tuple(IPv4Network(block[place]) for place in places)


SHOWN = (
    *scattered(60),
    *networks("198.51.100.16/28", "198.51.200.0/24", "198.51.102.0/23", "198.51.64.0/20", "203.0.0.0/17"),
)
"""The configuration that issue 3 asks to see."""

POOLS: Mapping[str, Networks] = {
    "one address": networks("198.51.100.7"),
    "a NAT pool, /28": networks("198.51.100.16/28"),
    "two NAT pools, /27 each": networks("198.51.100.32/27", "203.0.113.64/27"),
    "a /26": networks("198.51.100.64/26"),
    "a /25": networks("198.51.100.0/25"),
    "a /24": networks("198.51.100.0/24"),
    "a /24 but one address": tuple(networks("198.51.100.0/24")[0].address_exclude(networks("198.51.100.255")[0])),
    "a /24 and two addresses": networks("198.51.100.0/24", "203.0.113.8/31"),
    "a /24 and a /25": networks("198.51.100.0/24", "203.0.113.128/25"),
    "a /23": networks("198.51.100.0/23"),
    "a /22": networks("198.51.100.0/22"),
    "a /20": networks("198.51.96.0/20"),
    "a /17": networks("198.51.0.0/17"),
    "a /16": networks("198.51.0.0/16"),
    "ten /24 in a row": networks(*(f"198.51.{third}.0/24" for third in range(100, 110))),
    "the same /28 in twenty /24": networks(*(f"198.51.{third}.16/28" for third in range(100, 120))),
    "the same gateway in 100 /24": tuple(address(198, 51, third, 1) for third in range(100, 200)),
    "60 scattered addresses": scattered(60),
    "300 scattered addresses": scattered(300),
    "60 scattered, /28, /24, /23, /20, /17": SHOWN,
}


def listed(pool: Networks) -> int:
    """Filters if every address is an exact value, 50 to a filter."""
    return -(-_addresses(pool) // 50)


def by_octets(pool: Networks) -> int:
    """Filters if whole octets become `a.b.c.*` or `a.b.*`, and every other address an exact value."""
    patterns = addresses = 0
    for network in collapse_addresses(pool):
        if network.prefixlen > 24:
            addresses += network.num_addresses
        else:
            patterns += 1 if network.prefixlen == 16 else 1 << 24 - network.prefixlen
    return -(-patterns // 5) + -(-addresses // 50)


def table() -> str:
    """The table in Markdown."""
    lines = [
        "| Egress | Addresses | Listed one by one | Octet wildcards | Compiled | Patterns | Exact values |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, pool in POOLS.items():
        plan = plan_for(pool)
        values = len(plan.patterns), len(plan.exact_values)
        figures = (plan.addresses, listed(pool), by_octets(pool), plan.filters, *values)
        lines.append(f"| {name} | {' | '.join(f'{figure:,}' for figure in figures)} |")
    return "\n".join(lines)


def _addresses(pool: Networks) -> int:
    return sum(network.num_addresses for network in collapse_addresses(pool))
