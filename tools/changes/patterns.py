"""Event patterns of EventBridge: which conditions they state, and whether a change asks for more or for less."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from math import inf

from infra.constructs.finding_pattern import HEARTBEATS
from tools.changes import alternatives
from tools.changes.covering import covers
from tools.templates.plain_values import UnjudgedError, mapping
from tools.templates.wording import listing, quoted

Conditions = Mapping[str, tuple[object, ...]]

_NAMES = {
    "detail.severity": "severity",
    "detail.type": "finding type",
    "detail.accountId": "account",
}


class Effect(Enum):
    """What a changed condition does to the events that pass."""

    WIDER = "wider"
    NARROWER = "narrower"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionChange:
    """One condition that changed, in words that end a sentence, and what that does."""

    says: str
    effects: frozenset[Effect]


def conditions(pattern: object) -> Conditions:
    """The conditions of a pattern, by the path of their field; all of them have to hold.

    Raises:
        UnjudgedError: It is not written out.
    """
    if isinstance(pattern, str):
        try:
            pattern = json.loads(pattern)
        except ValueError:
            raise UnjudgedError("its event pattern is not JSON") from None
    return dict(_flat(mapping(pattern, "its event pattern"), ""))


def _flat(pattern: Mapping[str, object], path: str) -> Iterator[tuple[str, tuple[object, ...]]]:
    for key, value in pattern.items():
        if isinstance(value, list):
            # What is there for heartbeats alone tells nothing of findings; an alarm rings where they stay away.
            yield f"{path}{key}", tuple(one for one in value if one not in HEARTBEATS)
        else:
            yield from _flat(mapping(value, "its event pattern"), f"{path}{key}.")


def compared(old: Conditions, new: Conditions) -> Iterator[ConditionChange]:
    """What changes between two patterns, condition by condition."""
    for path in sorted({*old, *new}):
        before, after = old.get(path), new.get(path)
        name = _NAMES.get(path) or quoted(path)
        if before == after:
            continue
        if after is None and before is not None:
            yield _change(f"no longer asks for {name} {_shown(before)}", Effect.WIDER)
        elif before is None and after is not None:
            yield _change(f"now only takes {name} {_shown(after)}", Effect.NARROWER)
        elif before is not None and after is not None:
            yield _differs(name, path, before, after)


def described(pattern: Conditions) -> str:
    """What a pattern takes, in a few words."""
    asked = [
        alternatives.in_words(values, flat=_alternative)
        if "$or" in path
        else f"{_NAMES.get(path) or quoted(path)} {_shown(values)}"
        for path, values in sorted(pattern.items())
        if path not in {"source", "detail-type"}
    ]
    return " and ".join(asked) if asked else "everything"


def takes_everything(pattern: Conditions) -> bool:
    """Whether it asks for nothing but the kind of event."""
    return set(pattern) <= {"source", "detail-type"}


def _differs(name: str, path: str, before: tuple[object, ...], after: tuple[object, ...]) -> ConditionChange:
    intervals = _interval(before), _interval(after)
    if "$or" in path:
        return _alternatives(name, before, after)
    if (was := intervals[0]) is not None and (is_ := intervals[1]) is not None:
        effects = set()
        if is_[0] < was[0] or is_[1] > was[1]:
            effects.add(Effect.WIDER)
        if is_[0] > was[0] or is_[1] < was[1]:
            effects.add(Effect.NARROWER)
        return _change(f"takes {name} {_shown(after)} instead of {_shown(before)}", *effects)
    if (left_out := _left_out(before)) is not None and (leaves_out := _left_out(after)) is not None:
        return _won_and_lost(name, won=left_out - leaves_out, lost=leaves_out - left_out)
    old, new = _wildcards(before), _wildcards(after)
    if old is None or new is None:
        return _change(f"takes {name} {_shown(after)} instead of {_shown(before)}", Effect.UNKNOWN)
    lost = [one for one in old if not any(covers(wide, one) for wide in new)]
    won = [one for one in new if not any(covers(wide, one) for wide in old)]
    return _won_and_lost(name, won=won, lost=lost)


def _left_out(values: tuple[object, ...]) -> frozenset[str] | None:
    """Whom a condition leaves out that takes everybody else; None where it asks otherwise."""
    match values:
        case ({"anything-but": list(names), **rest},) if not rest and all(isinstance(one, str) for one in names):
            return frozenset(names)
    return None


def _won_and_lost(name: str, *, won: Collection[str], lost: Collection[str]) -> ConditionChange:
    words = [
        f"{verb} {name} {listing(some)}" for verb, some in (("also takes", won), ("no longer takes", lost)) if some
    ]
    effects = {effect for effect, some in ((Effect.WIDER, won), (Effect.NARROWER, lost)) if some}
    return _change(" and ".join(words) or f"asks for {name} in other words", *effects)


_MOST_NAMED = 4


def _alternatives(name: str, before: tuple[object, ...], after: tuple[object, ...]) -> ConditionChange:
    gone = alternatives.lost(before, after, flat=_alternative, matcher=_wildcard)
    if gone is None or gone == [""]:
        return _change(f"asks for other alternatives in {name}", Effect.UNKNOWN)
    if not gone:
        won = alternatives.lost(after, before, flat=_alternative, matcher=_wildcard)
        says = "takes more alternatives" if won else "groups its alternatives in another way"
        return _change(f"{says} in {name}", *((Effect.WIDER,) if won else ()))
    more = f" and {len(gone) - _MOST_NAMED:,} more" if len(gone) > _MOST_NAMED else ""
    # A case with a wildcard may be within several new ones together.
    return _change(f"no longer takes {listing(gone[:_MOST_NAMED])}{more} in {name}", Effect.UNKNOWN)


def _alternative(pattern: Mapping[str, object]) -> Conditions:
    return dict(_flat(pattern, ""))


_Bound = tuple[float, int]


def _interval(values: tuple[object, ...]) -> tuple[_Bound, _Bound] | None:
    """The lowest and the highest number that passes; the second part orders `>` after `>=`, and `<` before `<=`."""
    match values:
        case ({"numeric": list(tests)},) if len(tests) in {2, 4}:
            low, high = (-inf, 0), (inf, 0)
            for operator, bound in zip(tests[::2], tests[1::2], strict=True):
                if not isinstance(bound, int | float):
                    return None
                match operator:
                    case ">=":
                        low = (bound, 0)
                    case ">":
                        low = (bound, 1)
                    case "<=":
                        high = (bound, 0)
                    case "<":
                        high = (bound, -1)
                    case "=":
                        low, high = (bound, 0), (bound, 0)
                    case _:
                        return None
            return low, high
    return None


def _wildcards(values: tuple[object, ...]) -> list[str] | None:
    """Matchers as patterns; None if one of them is none. The empty text is one, and takes the empty text alone."""
    patterns = [_wildcard(value) for value in values]
    read = [one for one in patterns if one is not None]
    return read if len(read) == len(patterns) else None


def _wildcard(value: object) -> str | None:
    """A matcher of texts as one pattern with `*`; None for one that is none, or that could be misread."""
    match value:
        case str() if "*" not in value and "?" not in value:
            return value
        case {"prefix": str(head), **rest} if not rest and "*" not in head and "?" not in head:
            return f"{head}*"
        case {"suffix": str(tail), **rest} if not rest and "*" not in tail and "?" not in tail:
            return f"*{tail}"
        case {"wildcard": str(pattern), **rest} if not rest and "?" not in pattern and "\\" not in pattern:
            return pattern
    return None


def _shown(values: tuple[object, ...]) -> str:
    match values:
        case ({"numeric": list(tests)},):
            return quoted(" ".join(str(test) for test in tests))
    if (names := _left_out(values)) is not None:
        return f"all but {listing(names)}"
    patterns = ((_wildcard(value), value) for value in values)
    return listing(json.dumps(value, sort_keys=True) if text is None else text for text, value in patterns)


def _change(says: str, *effects: Effect) -> ConditionChange:
    return ConditionChange(says=says, effects=frozenset(effects))
