"""The values by which rules tell findings apart: one sample of each kind, so that a table of them misses nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from infra.config.fields.severity import BEGINS
from infra.constructs.finding_pattern import HEARTBEAT_ACCOUNT, HEARTBEAT_TYPE
from infra.suppression import CATALOGUE
from tools.journey.answers import Leaf

_HIGHEST = 10

BANDS = tuple(
    (low, high, label.capitalize()) for (label, low), (_, high) in pairwise([*BEGINS.items(), ("", _HIGHEST)])
)
"""From, to and label; only the last includes its end, the highest severity (GuardDuty user guide, severity levels)."""

UNKNOWN_TYPE = "Brand:New/Kind.OfFinding"
ANY_ACCOUNT = "000000000000"
_TEXTUAL = ("prefix", "suffix", "wildcard", "equals-ignore-case")


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """One kind of severity.

    Attributes:
        value: A sample.
        low, high: The bounds between which it lies; both the same for exactly that number, both None for no number.
    """

    value: object
    low: float | None
    high: float | None

    @property
    def is_number(self) -> bool:
        """Whether it is one."""
        return isinstance(self.value, float)


def severities(asked: Iterable[object]) -> tuple[Severity, ...]:
    """A sample below, at, between and above all numbers that rules compare with, and what is no number."""
    bounds = sorted({float(bound) for band in BANDS for bound in band[:2]} | set(_numbers(asked)))
    found = [Severity(value=bounds[0] - 0.5, low=None, high=bounds[0])]
    for bound, following in pairwise([*bounds, None]):
        assert bound is not None  # noqa: S101  (only the last is None)
        found.append(Severity(value=bound, low=bound, high=bound))
        middle = bound + 1 if following is None else (bound + following) / 2
        found.append(Severity(value=middle, low=bound, high=following))
    return (*found, *(Severity(value=odd, low=None, high=None) for odd in ("8", None)))


def finding_types(asked: Iterable[object]) -> tuple[str, ...]:
    """Every type of the catalogue, what rules name, and one that nobody knows yet."""
    named = [name for name in _texts(asked) if name != HEARTBEAT_TYPE]
    return tuple(dict.fromkeys([*CATALOGUE.actions, *named, UNKNOWN_TYPE]))


def accounts(asked: Iterable[object]) -> tuple[str, ...]:
    """Every account that rules name, and one that they do not."""
    return tuple(dict.fromkeys([*sorted(set(_texts(asked)) - {HEARTBEAT_ACCOUNT}), ANY_ACCOUNT]))


def beyond(leaves: Sequence[Leaf]) -> tuple[str, ...]:
    """The conditions that such samples do not exhaust, by the path of their field."""
    found = []
    for leaf in leaves:
        match leaf.path:
            case ("source",) | ("detail-type",) | ("detail", "type" | "severity"):
                pass
            case ("detail", "accountId") if all(map(_names_accounts, _listed(leaf.asks))):
                pass
            case ("$or",) if all(map(_of_the_envelope, _listed(leaf.asks))):
                pass
            case _:
                found.append(".".join(leaf.path))
    return tuple(found)


def _names_accounts(asked: object) -> bool:
    """Whether it asks for accounts, or for all but some, by their whole names."""
    named = asked.get("anything-but") if isinstance(asked, dict) and len(asked) == 1 else asked
    return all(isinstance(one, str) for one in _listed(named))


def _of_the_envelope(alternative: object) -> bool:
    """Whether it takes findings by source and kind alone, or none at all."""
    if not isinstance(alternative, Mapping):
        return False
    return set(alternative) <= {"source", "detail-type"} or _GUARDDUTY not in _listed(
        alternative.get("source", _GUARDDUTY)
    )


_GUARDDUTY = "aws.guardduty"


def _listed(asked: object) -> Sequence[object]:
    return asked if isinstance(asked, list | tuple) else (asked,)


def _numbers(asked: object) -> Iterator[float]:
    if isinstance(asked, int | float) and not isinstance(asked, bool):
        yield float(asked)
    for inner in asked.values() if isinstance(asked, dict) else asked if isinstance(asked, Iterable) else ():
        if inner is not asked and not isinstance(inner, str):
            yield from _numbers(inner)


def _texts(asked: object) -> Iterator[str]:
    """The texts of matchers; a pattern as the shortest text that it takes."""
    for one in asked if isinstance(asked, Iterable) and not isinstance(asked, str | dict) else (asked,):
        match one:
            case str():
                yield one
            case list() | tuple():
                yield from _texts(one)
            case dict():
                for name, inner in one.items():
                    if name in _TEXTUAL and isinstance(inner, str):
                        yield inner.replace("*", "")
                    elif name == "anything-but":
                        yield from _texts(inner)
