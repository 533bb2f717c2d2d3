"""Alternatives of an event pattern (`$or`): which of them a change loses."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from tools.changes.covering import covers
from tools.templates.plain_values import UnjudgedError, mapping
from tools.templates.wording import counted, listing

Conditions = Mapping[str, tuple[object, ...]]
Flat = Callable[[Mapping[str, object]], Conditions]
Matcher = Callable[[object], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Value:
    """One value that a condition takes: a pattern with `*`, or a test of another kind, within its like alone."""

    text: str
    wild: bool

    def holds(self, other: "_Value") -> bool:
        return covers(self.text, other.text) if self.wild and other.wild else self == other


Alternative = Mapping[str, tuple[_Value, ...]]

_MOST = 5000
"""Most single cases that are compared; a pattern has 2,048 characters, so more than that has a wildcard's reach."""


def lost(before: Sequence[object], after: Sequence[object], *, flat: Flat, matcher: Matcher) -> list[str] | None:
    """What the alternatives took and no longer take, in words; None where nobody can tell.

    Every alternative is taken apart into single cases, one value for each field, and each has to be within one of the
    new alternatives: how they are grouped does not matter.

    Args:
        before: The alternatives before.
        after: The alternatives after.
        flat: The conditions of an alternative by the path of their field.
        matcher: A matcher as one pattern with `*`; None for one that cannot be read so.
    """
    try:
        old, new = (
            [_readable(flat(mapping(one, "an alternative")), matcher) for one in side] for side in (before, after)
        )
    except UnjudgedError:
        return None
    if sum(prod(map(len, one.values())) for one in old) > _MOST:
        return None
    return sorted({_named(case) for case in _cases(old) if not any(_within(case, wide) for wide in new)})


def in_words(alternatives: Sequence[object], *, flat: Flat) -> str:
    """What a reader has to know of them: whose calls, or how many there are."""
    try:
        sources = {str(one) for each in alternatives for one in flat(mapping(each, "it")).get("eventSource", ())}
    except UnjudgedError:
        sources = set()
    if sources:
        return f"calls of {listing(source.removesuffix('.amazonaws.com') for source in sources)}"
    return counted(len(alternatives), "alternative")


def _readable(conditions: Conditions, matcher: Matcher) -> Alternative:
    return {
        path: tuple(_Value(text=pattern, wild=True) if (pattern := matcher(one)) else _opaque(one) for one in values)
        for path, values in conditions.items()
    }


def _opaque(value: object) -> _Value:
    return _Value(text=json.dumps(value, sort_keys=True), wild=False)


def _cases(alternatives: Sequence[Alternative]) -> Iterator[Mapping[str, _Value]]:
    for one in alternatives:
        for values in product(*one.values()):
            yield dict(zip(one, values, strict=True))


def _within(case: Mapping[str, _Value], wide: Alternative) -> bool:
    return all(path in case and any(one.holds(case[path]) for one in values) for path, values in wide.items())


def _named(case: Mapping[str, _Value]) -> str:
    words = {path: value.text for path, value in case.items()}
    source = words.pop("eventSource", "").removesuffix(".amazonaws.com")
    return " ".join(filter(None, (source, words.pop("eventName", ""), *words.values())))
