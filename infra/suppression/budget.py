"""What each egress entry costs in filters, and what would cost less."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, collapse_addresses

from infra.suppression.address_plan import plan_for
from infra.suppression.entry import EgressSource
from infra.suppression.ipv6 import ipv6_filters

MAX_FILTERS = 100
"""Filters of one account and Region, shared with everybody else who makes filters there (GuardDuty quotas)."""

DEFAULT_BUDGET = 40
"""Filters that we take without being asked twice; the rest of the 100 is for others."""

_WORTH_WIDENING = 64
"""Addresses of a /24 that must be wanted before we bring up the rest of it: the rest would be hidden, too."""

_ADVISED_ENTRIES = 5
_ADVISED_NETWORKS = 8


class TooManyFiltersError(ValueError):
    """The entries need more filters than are allowed; the message says what each entry costs and what costs less."""


def entry_costs(entries: Iterable[EgressSource]) -> dict[str, int]:
    """How many of the filters of a Region each entry takes, by its name; refuses no number of filters.

    Args:
        entries: With distinct names.

    Raises:
        UnsupportedNetworkError: A network is not IPv4 or wider than a /16.
    """
    return {entry.name: plan_for(entry.cidrs).filters + len(ipv6_filters(entry.ipv6_addresses)) for entry in entries}


def check_budget(entries: Sequence[EgressSource], *, budget: int) -> None:
    """Refuse entries that together need more filters than the budget.

    Raises:
        TooManyFiltersError: They do.
        ValueError: The budget is not between 1 and what a Region holds.
    """
    if not 1 <= budget <= MAX_FILTERS:
        raise ValueError(f"budget: must be 1 to {MAX_FILTERS} filters, which is what a Region holds, got {budget}")
    costs = entry_costs(entries)
    needed = sum(costs.values())
    if needed <= budget:
        return
    dearest_first = sorted(costs, key=lambda name: (-costs[name], name))
    networks = {entry.name: entry.cidrs for entry in entries}
    ipv6 = {entry.name: len(ipv6_filters(entry.ipv6_addresses)) for entry in entries}
    cheaper = [
        advice
        for name in dearest_first[:_ADVISED_ENTRIES]
        if (advice := _cheaper(name, networks[name], beside=ipv6[name]))
    ]
    raise TooManyFiltersError(
        f"needs {needed} GuardDuty filters, but at most {budget} of the {MAX_FILTERS} of a Region are allowed: "
        + ", ".join(f"{name} {costs[name]}" for name in dearest_first)
        + "; "
        + "".join(f"{advice}; " for advice in cheaper)
        + "whole /24 or wider networks are cheapest (five patterns to a filter), "
        "scattered addresses cost a filter for every 50, IPv6 addresses one for every 8"
    )


def _cheaper(name: str, networks: Sequence[IPv4Network], *, beside: int) -> str:
    """What the entry would cost if its fuller /24 networks were whole; empty if that would not help.

    Args:
        name: Of the entry.
        networks: Its IPv4 networks.
        beside: Filters that it takes for IPv6, whatever becomes of these.
    """
    best: tuple[int, list[IPv4Network]] = (plan_for(networks).filters, [])
    partial = _well_filled(networks)
    for number in range(1, len(partial) + 1):
        would_take = plan_for([*networks, *partial[:number]]).filters
        if would_take < best[0]:
            best = would_take, partial[:number]
    would_take, widened = best
    if not widened:
        return ""
    those = ", ".join(map(str, sorted(widened)))
    return f"{name} would take {would_take + beside} if all of {those} were its own and listed so"


def _well_filled(networks: Sequence[IPv4Network]) -> list[IPv4Network]:
    """The /24 networks of which a good part, but not all, is wanted; the fullest first."""
    wanted: dict[IPv4Network, int] = {}
    for network in collapse_addresses(networks):
        if network.prefixlen > 24:  # noqa: PLR2004 (narrower than the networks in question)
            whole = network.supernet(new_prefix=24)
            wanted[whole] = wanted.get(whole, 0) + network.num_addresses
    fullest_first = sorted(wanted, key=lambda network: (-wanted[network], network))
    return [network for network in fullest_first if wanted[network] >= _WORTH_WIDENING][:_ADVISED_NETWORKS]
