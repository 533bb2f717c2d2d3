"""What the compiler wants to know of an entry."""

from collections.abc import Mapping, Sequence
from datetime import date
from ipaddress import IPv4Network, IPv6Address
from typing import Protocol


class AddressSource(Protocol):
    """Addresses that somebody answers for until a day; read-only, since entries are frozen."""

    @property
    def name(self) -> str:
        """Unique among the entries; part of the names of filters."""

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


class EgressSource(AddressSource, Protocol):
    """An egress entry, whose findings are hidden by filters."""

    @property
    def ipv6_addresses(self) -> Sequence[IPv6Address]:
        """Single IPv6 addresses."""

    @property
    def notify(self) -> Sequence[str]:
        """Destinations that reach the owner."""

    @property
    def narrowed_by(self) -> Mapping[str, Sequence[str]]:
        """Attributes that a finding must have beside type and address, each with the values allowed; may be empty."""
