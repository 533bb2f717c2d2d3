"""Every suppression of a configuration, with what it costs and how long it still counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from infra.config import EgressEntry, LoadedDeployment, TrustedEntry
from infra.suppression import entry_costs


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry of the ledger: an egress entry, or one of the trusted list.

    Attributes:
        filters: GuardDuty filters it uses in every Region; none once it has expired, or if it is trusted.
        days_left: Days until its last day; negative once it has expired.
    """

    entry: EgressEntry | TrustedEntry
    filters: int
    days_left: int

    @property
    def trusted(self) -> bool:
        """Whether it hides every finding type and keeps nothing."""
        return isinstance(self.entry, TrustedEntry)

    @property
    def expired(self) -> bool:
        """Whether the entry counts no more."""
        return self.days_left < 0

    @property
    def addresses(self) -> int:
        """How many addresses it covers."""
        single = len(self.entry.ipv6_addresses) if isinstance(self.entry, EgressEntry) else 0
        return single + sum(cidr.num_addresses for cidr in self.entry.cidrs)


def ledger(loaded: LoadedDeployment, *, today: date) -> tuple[Line, ...]:
    """Every entry of a configuration: what hides everything at the top, then what ends first."""
    used = entry_costs(loaded.deployment.egress)
    egress = (
        Line(entry=entry, filters=used.get(entry.name, 0), days_left=(entry.expires - today).days)
        for entry in (*loaded.expired, *loaded.deployment.egress)
    )
    trusted = (
        Line(entry=entry, filters=0, days_left=(entry.expires - today).days)
        for entry in (*loaded.expired_trust, *loaded.deployment.trusted_list)
    )
    return tuple(sorted([*egress, *trusted], key=lambda line: (not line.trusted, line.days_left, line.entry.name)))


def filters_used(lines: Sequence[Line]) -> int:
    """GuardDuty filters that all of them use in every Region."""
    return sum(line.filters for line in lines)
