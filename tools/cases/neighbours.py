"""The addresses beside every egress entry of a configuration: they still page, or the filters hide too much."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

from infra.config import EgressEntry
from tools.journey.answers import Answers, patterns_of
from tools.journey.finding_file import event_around
from tools.journey.journey import Journey, Outcome, journey_of
from tools.journey.world import World
from tools.matching.event_patterns import Event

_LAST = (1 << 32) - 1
_ACCOUNT = "111122223333"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A finding from an address at the edge of an entry.

    Attributes:
        inside: The address is the entry's own.
    """

    entry: EgressEntry
    address: IPv4Address
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
        edges: dict[IPv4Address, bool] = {}
        for network in entry.cidrs:
            first, last = int(network.network_address), int(network.broadcast_address)
            edges |= {IPv4Address(number): True for number in (first, last)}
            edges |= {IPv4Address(n): _holds(entry, n) for n in (first - 1, last + 1) if 0 <= n <= _LAST}
        for address, inside in edges.items():
            # Whom a scope lets through is for cases; its own addresses may page, those beside it have to.
            if (inside and entry.scope) or (not inside and _held_elsewhere(entry, entries, int(address))):
                continue
            for region in regions:
                event = event_around(_detail(entry.finding_types[0], address, region))
                yield Probe(entry=entry, address=address, inside=inside, region=region, event=event)


def _holds(entry: EgressEntry, number: int) -> bool:
    return any(IPv4Address(number) in network for network in entry.cidrs)


def _held_elsewhere(entry: EgressEntry, entries: Sequence[EgressEntry], number: int) -> bool:
    return any(_holds(other, number) for other in entries if other is not entry)


def _wrong(probe: Probe, journey: Journey) -> str | None:
    observed = {one.entry for one in journey.observed_by}
    hidden = journey.archived_by.entry if journey.archived_by else None
    if not probe.inside:
        if journey.outcome is Outcome.SENT and probe.entry.name not in observed:
            return None
        return f"should page, is {f'hidden by {hidden}' if hidden else journey.outcome.value}"
    if journey.outcome is Outcome.TRUSTED:
        return None
    if probe.entry.mode == "observe":
        return None if probe.entry.name in observed else "should be observed, is not"
    return None if hidden == probe.entry.name else f"should be hidden by it, is {hidden or journey.outcome.value}"


def _where(probe: Probe) -> str:
    return "at the edge of" if probe.inside else "beside"


def _detail(finding_type: str, address: IPv4Address, region: str) -> Mapping[str, object]:
    caller = {"remoteIpDetails": {"ipAddressV4": str(address)}}
    return {
        "type": finding_type,
        # Highest, so that no threshold is what keeps it from paging.
        "severity": 10,
        "accountId": _ACCOUNT,
        "region": region,
        "service": {"action": {"actionType": "AWS_API_CALL", "awsApiCallAction": caller}},
    }
