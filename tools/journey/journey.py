"""What becomes of one finding: from GuardDuty of its Region to everybody who is told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from investigation.subject import is_sample
from tools.journey.answers import Answers, patterns_of
from tools.journey.carried import Carried
from tools.journey.destination import Destination
from tools.journey.ended_misses import ended_misses
from tools.journey.filter_misses import filter_misses
from tools.journey.hiding import Hiding, MatchingFilter, hiding
from tools.journey.rule_misses import rule_misses
from tools.journey.rules import Bus
from tools.journey.world import WatchedRegion, World
from tools.matching.event_patterns import Event
from tools.templates.plain_values import UnjudgedError

_ARCHIVED_DAYS = 90
"""For so long GuardDuty keeps an archived finding (GuardDuty user guide, suppression rules)."""


class Outcome(StrEnum):
    """What becomes of a finding, in one word."""

    SENT = "sent"
    """At least one destination is told."""
    SUPPRESSED = "suppressed"
    """A filter archives it."""
    TRUSTED = "trusted"
    """A trusted list keeps GuardDuty from making it at all."""
    UNWATCHED = "unwatched"
    """Nothing of the deployment looks at its Region."""
    UNTOLD = "untold"
    """It is found, and nobody is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldDestination:
    """A destination that is told.

    Attributes:
        routes: The rules that lead to it, all of them; it is told once for each case, however many they are.
    """

    destination: Destination
    routes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """What becomes of a finding.

    Attributes:
        region: Where it arrives.
        hiding: What hides it, and what only counts it.
        forwarders: The rules that bring it to the bus where it is routed.
        also: What else happens, in sentences.
        misses: What differs in one thing only, in sentences.
    """

    event: Event
    region: str
    outcome: Outcome
    hiding: Hiding = field(default_factory=Hiding)
    forwarders: tuple[str, ...] = ()
    told: tuple[ToldDestination, ...] = ()
    also: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()

    @property
    def routes(self) -> Mapping[str, tuple[str, ...]]:
        """Each rule that carries it, and the destinations it leads to."""
        names = dict.fromkeys(route for one in self.told for route in one.routes)
        return {
            route: tuple(sorted(one.destination.name for one in self.told if route in one.routes)) for route in names
        }


def journeys(world: World, events: Sequence[Event]) -> tuple[Journey, ...]:
    """What becomes of each of these findings, each by itself and as a case that nobody was told of before.

    Raises:
        UnjudgedError, UnverifiedFilterError, PatternRefusedError: Something cannot be told from templates for certain;
            the text names it.
        PatternEngineError: The pattern engine cannot be asked.
    """
    answers = Answers.of(patterns_of(world, each_condition=True), events)
    return tuple(journey_of(world, event, number, answers) for number, event in enumerate(events))


def journey_of(world: World, event: Event, number: int, answers: Answers, *, misses: bool = True) -> Journey:
    """What becomes of one finding.

    Args:
        world: The deployment.
        event: The finding in its event.
        number: Its position among the events that the answers are about.
        answers: What the pattern engine said; with each condition by itself, if near misses are wanted.
        misses: Whether near misses are wanted.

    Raises:
        UnjudgedError, UnverifiedFilterError: As for `journeys`.
    """
    region, detail = str(event["region"]), event["detail"]
    if not isinstance(detail, Mapping):
        raise UnjudgedError("the event holds no finding: its detail is no JSON object")
    place = world.place(region, account=str(event.get("account")))
    if place is None or not place.found:
        return Journey(event=event, region=region, outcome=Outcome.UNWATCHED, also=(_unwatched(world, place, region),))
    hidden = hiding(detail, place)
    if hidden.trusted_by is not None:
        return Journey(event=event, region=region, outcome=Outcome.TRUSTED, hiding=hidden, also=(_NO_TRACE,))
    missed = (
        (*filter_misses(detail, place, archived=bool(hidden.archived_by)), *ended_misses(detail, world.ended))
        if misses
        else ()
    )
    if hidden.archived_by:
        return Journey(
            event=event,
            region=region,
            outcome=Outcome.SUPPRESSED,
            hiding=hidden,
            also=(*hidden.doubts, *_counted(hidden.observed_by), *_after_archiving(world)),
            misses=missed,
        )
    carried = Carried(world, number, answers, sample=is_sample(dict(event)))
    carried.follow(place.default_bus)
    return Journey(
        event=event,
        region=region,
        outcome=Outcome.SENT if carried.routes else Outcome.UNTOLD,
        hiding=hidden,
        forwarders=tuple(carried.forwarders),
        told=tuple(
            ToldDestination(destination=carried.destinations[key], routes=tuple(names))
            for key, names in carried.routes.items()
        ),
        also=(
            *_of_a_stranger(world, place, detail),
            *_counted(hidden.observed_by),
            *carried.also,
            *_archives(world, carried.passed, number, answers),
        ),
        misses=(*missed, *(rule_misses(world, carried.passed, event, number, answers) if misses else ())),
    )


_NO_TRACE = "GuardDuty does not make it: there is no archived finding, no event and no metric"


def _unwatched(world: World, place: WatchedRegion | None, region: str) -> str:
    if place is not None:
        return f"the detector of {region} is switched off"
    return f"{world.name} has nothing in {region}; it watches {', '.join(sorted(world.places)) or 'no Region'}"


def _of_a_stranger(world: World, place: WatchedRegion, detail: Mapping[str, object]) -> Iterator[str]:
    """Without an organization an account's GuardDuty finds nothing of another account, unless that was invited."""
    account = str(detail.get("accountId"))
    if world.enrols == "all" or not place.account.isdigit() or account == place.account:
        return
    here = f"it is of the account {account}, and {world.name} "
    if world.enrols == "new":
        yield (
            f"{here}enrols only accounts that join: it arrives only if that account has joined since, or somebody has "
            "made it a member of GuardDuty here"
        )
    else:
        yield (
            f"{here}is deployed to {place.account} and enrols nobody: it arrives only if somebody has made that "
            "account a member of GuardDuty here"
        )


def _counted(observed: Iterable[MatchingFilter]) -> Iterator[str]:
    for one in observed:
        yield f"the filter {one.filter} of {one.entry or 'no entry'} counts it, and hides nothing: it only observes"


def _after_archiving(world: World) -> Iterator[str]:
    yield f"GuardDuty keeps it as archived for {_ARCHIVED_DAYS} days, and raises no event"
    if world.review:
        yield (
            f"the hourly review tells {', '.join(world.review)} of a role that is hidden behind an entry for the first "
            "time, the weekly digest counts it"
        )


def _archives(world: World, passed: Iterable[Bus], number: int, answers: Answers) -> Iterator[str]:
    for bus in passed:
        for archive in world.archives:
            if archive.bus == bus and answers.match(archive.pattern, number):
                yield f"it is kept for {archive.days} days in the archive of the bus {bus.name}, for a replay"
