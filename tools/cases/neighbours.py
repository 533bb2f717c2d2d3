"""The addresses beside every egress entry of a configuration: they still page, or the filters hide too much."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from infra.config import EgressEntry
from tools.journey.answers import Answers, patterns_of
from tools.journey.finding_file import event_around
from tools.journey.journey import Journey, Outcome, journey_of
from tools.journey.world import World
from tools.matching.event_patterns import Event

Address = IPv4Address | IPv6Address

_ACCOUNT = "111122223333"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A finding from an address at the edge of an entry.

    Attributes:
        inside: The address is the entry's own.
    """

    entry: EgressEntry
    address: Address
    inside: bool
    region: str
    event: Event


def wrong_neighbours(world: World, entries: Sequence[EgressEntry]) -> tuple[int, tuple[str, ...]]:
    """How many edges were tried in all Regions, and what is wrong at which.

    Raises:
        UnjudgedError, UnverifiedFilterError, PatternRefusedError, PatternEngineError: See `journeys`.
    """
    probes = list(_probes(entries, sorted(world.places)))
    answers = Answers.of(patterns_of(world, each_condition=False), [probe.event for probe in probes])
    found = []
    for number, probe in enumerate(probes):
        journey = journey_of(world, probe.event, number, answers, misses=False)
        if (wrong := _wrong(probe, journey)) is not None:
            found.append(f"{probe.address}, {_where(probe)} {probe.entry.name} in {probe.region}: {wrong}")
    return len(probes), tuple(found)


def _probes(entries: Sequence[EgressEntry], regions: Sequence[str]) -> Iterator[Probe]:
    for entry in entries:
        blocks: list[tuple[Address, Address]] = [(one[0], one[-1]) for one in entry.cidrs]
        blocks += [(one, one) for one in entry.ipv6_addresses]
        for address in dict.fromkeys(address for first, last in blocks for address in _edges(first, last)):
            inside = _holds(entry, address)
            # Whom a scope lets through is for cases; its own addresses may page, those beside it have to.
            if (inside and entry.scope) or (not inside and _held_elsewhere(entry, entries, address)):
                continue
            for region in regions:
                event = event_around(_detail(entry.finding_types[0], address, region))
                yield Probe(entry=entry, address=address, inside=inside, region=region, event=event)


def _edges(first: Address, last: Address) -> Iterator[Address]:
    """The ends of a block, and the addresses beside them, if there are any."""
    yield first
    yield last
    if int(first) > 0:
        yield first - 1
    if int(last) < (1 << last.max_prefixlen) - 1:
        yield last + 1


def _holds(entry: EgressEntry, address: Address) -> bool:
    if isinstance(address, IPv6Address):
        return address in entry.ipv6_addresses
    return any(address in network for network in entry.cidrs)


def _held_elsewhere(entry: EgressEntry, entries: Sequence[EgressEntry], address: Address) -> bool:
    return any(_holds(other, address) for other in entries if other is not entry)


def _wrong(probe: Probe, journey: Journey) -> str | None:
    observed = {one.entry for one in journey.hiding.observed_by}
    hidden = sorted({one.entry or one.filter for one in journey.hiding.archived_by})
    by = ", ".join(hidden)
    if not probe.inside:
        # A trusted list is chosen by name, and says by itself how many addresses nobody watches.
        if journey.outcome is Outcome.TRUSTED or (journey.outcome is Outcome.SENT and probe.entry.name not in observed):
            return None
        return f"should page, is {f'hidden by {by}' if by else journey.outcome.value}"
    if journey.outcome is Outcome.TRUSTED:
        return None
    if probe.entry.mode == "observe":
        return None if probe.entry.name in observed else "should be observed, is not"
    return None if probe.entry.name in hidden else f"should be hidden by it, is {by or journey.outcome.value}"


def _where(probe: Probe) -> str:
    return "at the edge of" if probe.inside else "beside"


def _detail(finding_type: str, address: Address, region: str) -> Mapping[str, object]:
    caller = {"remoteIpDetails": {f"ipAddressV{address.version}": str(address)}}
    return {
        "type": finding_type,
        # Highest, so that no threshold is what keeps it from paging.
        "severity": 10,
        "accountId": _ACCOUNT,
        "region": region,
        "service": {"action": {"actionType": "AWS_API_CALL", "awsApiCallAction": caller}},
    }
