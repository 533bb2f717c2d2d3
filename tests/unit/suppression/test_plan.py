"""Entries with different finding types, compiled together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from ipaddress import IPv4Network, IPv6Address

import pytest

from infra.suppression import (
    SUPPRESSED_FINDING_TYPES,
    TooManyFiltersError,
    compile_filters,
    entry_costs,
    plan_filters,
)
from tests.unit.suppression.pools import scattered

TOR = ("UnauthorizedAccess:IAMUser/TorIPCaller", "Recon:IAMUser/TorIPCaller")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An egress entry, as the compiler wants it."""

    name: str
    cidrs: tuple[IPv4Network, ...] = (IPv4Network("198.51.100.7/32"),)
    finding_types: tuple[str, ...] = SUPPRESSED_FINDING_TYPES
    owner: str = "network-ops"
    reason: str = "Frankfurt data centre"
    expires: date = date(2027, 6, 30)
    notify: tuple[str, ...] = ()
    ipv6_addresses: tuple[IPv6Address, ...] = ()
    narrowed_by: Mapping[str, Sequence[str]] = field(default_factory=dict)


def test_each_entry_is_compiled_with_its_own_types() -> None:
    entries = [Entry(name="usual"), Entry(name="tor", finding_types=TOR), Entry(name="rot", finding_types=TOR[::-1])]
    types = {one.entry: set(one.criterion["type"]["Equals"]) for one in plan_filters(entries, name_prefix="x")}
    assert types == {"usual": set(SUPPRESSED_FINDING_TYPES), "tor": set(TOR), "rot": set(TOR)}


def test_alike_entries_are_compiled_as_before() -> None:
    entries = [Entry(name="one"), Entry(name="two", cidrs=(IPv4Network("203.0.113.0/24"),))]
    assert plan_filters(entries, name_prefix="x") == compile_filters(
        entries, finding_types=SUPPRESSED_FINDING_TYPES, name_prefix="x"
    )


def test_what_an_entry_costs_is_what_its_plan_takes() -> None:
    entries = [Entry(name="wide", cidrs=(IPv4Network("198.51.100.0/26"),)), Entry(name="tor", finding_types=TOR)]
    made = Counter(one.entry for one in plan_filters(entries, name_prefix="x"))
    assert entry_costs(entries) == made


def test_fails_when_entries_that_fit_alone_do_not_fit_together() -> None:
    with pytest.raises(
        TooManyFiltersError, match=r"needs 2 GuardDuty filters, but at most 1 of the 100 .*: tor 1, usual"
    ):
        plan_filters([Entry(name="usual"), Entry(name="tor", finding_types=TOR)], name_prefix="x", budget=1)


def test_the_budget_of_a_deployment_is_that_of_each_entry_too() -> None:
    wide = Entry(name="wide", cidrs=scattered(2050, within="198.51.0.0/16"))
    assert len(plan_filters([wide], name_prefix="sandbox", budget=100)) == 41
