"""The answers of the pattern engine for one question with many patterns and events."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from infra.constructs.finding_pattern import HEARTBEATS
from tools.journey.world import World
from tools.matching.event_patterns import Event, Pattern, matches


@dataclass(frozen=True, slots=True)
class Leaf:
    """One condition of a pattern, as a pattern of its own."""

    path: tuple[str, ...]
    asks: object
    pattern: Pattern


class Answers:
    """Whether each of some events matches each of some patterns."""

    def __init__(self, rows: Mapping[str, tuple[bool, ...]]) -> None:
        self._rows = rows

    @classmethod
    def of(cls, patterns: Iterable[Pattern], events: Sequence[Event]) -> Self:
        """Ask the engine.

        Raises:
            PatternRefusedError: A pattern is refused, or its meaning cannot be told; names it.
            PatternEngineError: The engine cannot be asked.
        """
        distinct = {_key(pattern): pattern for pattern in patterns if pattern}
        return cls(dict(zip(distinct, matches(list(distinct.values()), events), strict=True)))

    def match(self, pattern: Pattern, event: int) -> bool:
        """Whether the event of that position matches; one without conditions takes everything."""
        return not pattern or self._rows[_key(pattern)][event]


def patterns_of(world: World, *, each_condition: bool) -> Iterator[Pattern]:
    """Every pattern of a deployment; with the conditions of each one by one, to see why an event does not match."""
    for rules in world.rules.values():
        for rule in rules:
            yield rule.pattern
            if each_condition:
                yield from (leaf.pattern for leaf in leaves(rule.pattern))
    yield from (archive.pattern for archive in world.archives)


def leaves(pattern: Pattern) -> Iterator[Leaf]:
    """The conditions of a pattern; all of them have to hold."""
    for name, asked in pattern.items():
        if isinstance(asked, Mapping):
            for leaf in leaves(asked):
                yield Leaf((name, *leaf.path), leaf.asks, {name: leaf.pattern})
        else:
            yield Leaf((name,), asked, {name: asked})


def asked_texts(asks: object) -> tuple[str, ...]:
    """What a condition asks for, matcher by matcher, with `*` for any text."""
    asked = asks if isinstance(asks, list | tuple) else (asks,)
    # What our own heartbeat says of itself is in the patterns too, and in no finding.
    return tuple(_shown(one) for one in asked if one not in HEARTBEATS)


def _shown(asked: object) -> str:
    match asked:
        case {"prefix": str(head), **rest} if not rest:
            return f"{head}*"
        case {"wildcard": str(pattern), **rest} if not rest:
            return pattern
        case {"numeric": list(tests)}:
            return " ".join(map(str, tests))
        case {"anything-but": list(names), **rest} if not rest and all(isinstance(one, str) for one in names):
            return f"all but {', '.join(names)}"
    return str(asked)


def _key(pattern: Pattern) -> str:
    return json.dumps(pattern, sort_keys=True)
