"""Compares what is expected of findings with what their journeys show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from infra.config.model import FrozenMapping
from infra.config.wording import near, sentence, words
from tools.cases.model import Expected
from tools.cases.reader import Question
from tools.journey.answers import Answers, patterns_of
from tools.journey.journey import Journey, Outcome, journey_of
from tools.journey.world import World
from tools.matching.guardduty_filters import UnverifiedFilterError
from tools.templates.plain_values import UnjudgedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One question and its answer.

    Attributes:
        got: What becomes of the finding, in the words of expectations.
        wrong: What is not as expected, each as a clause; empty if all is.
    """

    question: Question
    got: str
    wrong: tuple[str, ...]


def checked(world: World, questions: Sequence[Question]) -> Iterator[Result]:
    """Answer the questions about one deployment.

    Raises:
        PatternRefusedError: A pattern of the templates is refused, or its meaning cannot be told.
        PatternEngineError: The pattern engine cannot be asked.
    """
    answers = Answers.of(patterns_of(world, each_condition=True), [question.event for question in questions])
    for number, question in enumerate(questions):
        try:
            journey = journey_of(world, question.event, number, answers)
        except (UnjudgedError, UnverifiedFilterError) as doubt:
            # Nobody knows is not as expected.
            yield Result(question=question, got="cannot be told", wrong=(str(doubt),))
            continue
        wrong = tuple(_differences(question.expected, journey, world))
        yield Result(question=question, got=said(_as_expectation(journey)), wrong=wrong)


def _differences(expected: Expected, journey: Journey, world: World) -> Iterator[str]:
    got = _as_expectation(journey)
    if not _comes_true(expected, journey):
        yield f"expected {said(expected, observing=False)}, got {said(got, observing=False)}"
        if expected.suppressed_by and journey.outcome is not Outcome.SUPPRESSED:
            known = expected.suppressed_by in _entries(world)
            yield ("; ".join(journey.misses) if known else "") or _no_filter_near(expected.suppressed_by, world)
        yield from _unknown_routes(expected, world)
    if set(expected.observed_by) != set(got.observed_by):
        yield f"expected observed by {_names(expected.observed_by)}, got {_names(got.observed_by)}"
    if journey.hiding.perhaps_observed_by:
        perhaps = {one.entry or one.filter for one in journey.hiding.perhaps_observed_by}
        yield f"whether it is observed by {_names(tuple(perhaps))} cannot be told"
    for part in expected.near_misses:
        if not any(part in sentence for sentence in journey.misses):
            yield f"expected the near miss {part!r}, got {'; '.join(journey.misses) or 'none'}"


def _comes_true(expected: Expected, journey: Journey) -> bool:
    if expected.suppressed_by is not None:
        # The entry that is named hides it, whichever others do as well: it is hidden until the last of them has ended.
        return expected.suppressed_by in _hiding(journey)
    return said(expected, observing=False) == said(_as_expectation(journey), observing=False)


def _hiding(journey: Journey) -> tuple[str, ...]:
    archiving = journey.hiding.archived_by
    return tuple(dict.fromkeys(one.entry or f"the filter {one.filter}, of no entry" for one in archiving))


def _no_filter_near(entry: str, world: World) -> str:
    known = _entries(world)
    if entry in known:
        return f"no filter of {entry} is near"
    return sentence(
        f"no filter of {entry} is deployed: it is no entry, or has ended", near(entry, known), f"known: {words(known)}"
    )


def _entries(world: World) -> list[str]:
    filters = (one for places in world.places.values() for place in places for one in place.filters)
    return sorted({found for one in filters if (found := one.tags.get("egress-entry"))})


def _unknown_routes(expected: Expected, world: World) -> Iterator[str]:
    """Names that no template has: a slip of the pen, and no finding that went elsewhere."""
    rules = [rule for some in world.rules.values() for rule in some if rule.leads_to]
    routes, destinations = {rule.name for rule in rules}, {name for rule in rules for name in rule.leads_to}
    for route, names in (expected.sent or {}).items():
        for what, name, known in (("route", route, routes), *(("destination", one, destinations) for one in names)):
            if name not in known:
                yield sentence(f"there is no {what} {name}", near(name, known), f"known: {words(sorted(known))}")


def _as_expectation(journey: Journey) -> Expected:
    trusted = journey.hiding.trusted_by
    # Not validated: a filter may be somebody's that names no entry.
    return Expected.model_construct(
        suppressed_by=_names(_hiding(journey)) if journey.hiding.archived_by else None,
        trusted_by=trusted.name if trusted else None,
        sent=FrozenMapping(journey.routes) if journey.outcome is Outcome.SENT else None,
        unwatched=journey.outcome is Outcome.UNWATCHED,
        untold=journey.outcome is Outcome.UNTOLD,
        observed_by=tuple(dict.fromkeys(one.entry or one.filter for one in journey.hiding.observed_by)),
        near_misses=(),
    )


def said(expected: Expected, *, observing: bool = True) -> str:
    """An expectation in words; two that say the same are the same."""
    observed = f", observed by {_names(expected.observed_by)}" if observing and expected.observed_by else ""
    if expected.suppressed_by is not None:
        return f"suppressed by {expected.suppressed_by}{observed}"
    if expected.trusted_by is not None:
        return f"trusted by {expected.trusted_by}"
    if expected.sent is not None:
        routes = (f"{route} -> {_names(names)}" for route, names in sorted(expected.sent.items()))
        return f"sent by {'; '.join(routes)}{observed}"
    return f"{'unwatched' if expected.unwatched else 'untold'}{observed}"


def _names(names: Sequence[str]) -> str:
    return ", ".join(sorted(names)) or "nobody"
