"""The findings around every egress entry of a configuration: what is outside pages, or the filters hide too much."""

import json
from collections.abc import Collection, Sequence

from infra.config import EgressEntry
from tools.cases.probes import Probe, probes
from tools.journey.answers import Answers, patterns_of
from tools.journey.journey import Journey, Outcome, journey_of
from tools.journey.world import World


def wrong_neighbours(world: World, entries: Sequence[EgressEntry]) -> tuple[int, tuple[str, ...]]:
    """How many findings were tried in all Regions, and what is wrong with which.

    Raises:
        UnjudgedError, UnverifiedFilterError, PatternRefusedError, PatternEngineError: See `journeys`.
    """
    tried = tuple(probes(entries, sorted(world.places)))
    patterns = tuple(patterns_of(world, each_condition=False))
    # Where no pattern asks for an address, the engine is asked once for all findings that differ in nothing else: an
    # entry of many ranges in many Regions has tens of thousands of them.
    by_address = "ipAddress" in json.dumps(patterns)
    asked = {probe.name if by_address else probe.but_address: probe.event for probe in tried}
    numbers = {key: number for number, key in enumerate(asked)}
    answers = Answers.of(patterns, list(asked.values()))
    found = []
    for probe in tried:
        number = numbers[probe.name if by_address else probe.but_address]
        journey = journey_of(world, probe.event, number, answers, misses=False)
        if (wrong := _wrong(probe, journey)) is not None:
            found.append(f"{probe.name}: {wrong}")
    return len(tried), tuple(found)


def _wrong(probe: Probe, journey: Journey) -> str | None:
    if journey.outcome is Outcome.TRUSTED:
        # A trusted list is chosen by name, and says by itself how many addresses nobody watches.
        return None
    hidden = frozenset(one.entry or f"the filter {one.filter}" for one in journey.hiding.archived_by)
    observed = frozenset(one.entry for one in journey.hiding.observed_by if one.entry)
    pages = bool(hidden) or journey.outcome is Outcome.SENT
    if pages and (hidden, observed) == (probe.hidden_by, probe.observed_by):
        return None
    should = f"should be {_hidden(probe.hidden_by)}" if probe.hidden_by else "should page"
    is_ = _hidden(hidden) if hidden else journey.outcome.value
    return f"{should}{_observed(probe.observed_by)}, is {is_}{_observed(observed)}"


def _hidden(names: Collection[str]) -> str:
    return f"hidden by {' and '.join(sorted(names))}"


def _observed(names: Collection[str]) -> str:
    return f" (observed by {' and '.join(sorted(names))})" if names else ""
