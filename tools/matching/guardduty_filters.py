"""Plays GuardDuty's evaluation of filters: would this finding be archived, and by which filter?

Nobody outside AWS has the service's own code. What the documentation states is followed; where it leaves two readings
and they would differ for the finding at hand, the evaluation is refused by name rather than guessed.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, takewhile

from tools.matching.finding_attributes import Kind, filter_attributes
from tools.matching.finding_values import UndocumentedError, as_number, as_text, values_at

_EXACT = {"Equals", "NotEquals"}
_WILDCARD = {"Matches", "NotMatches"}
_NEGATIVE = {"NotEquals", "NotMatches"}
_COMPARISONS: dict[str, Callable[[float, int], bool]] = {
    "GreaterThan": lambda value, bound: value > bound,
    "GreaterThanOrEqual": lambda value, bound: value >= bound,
    "LessThan": lambda value, bound: value < bound,
    "LessThanOrEqual": lambda value, bound: value <= bound,
}
OPERATORS = ("Equals", "NotEquals", "Matches", "NotMatches", *_COMPARISONS)
ACTIONS = ("ARCHIVE", "NOOP")

Test = Callable[[object], bool]


class UnverifiedFilterError(ValueError):
    """A filter whose effect on this finding nobody can tell for certain; names filter, attribute and operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployedFilter:
    """A filter as the GuardDuty API describes it.

    Attributes:
        action: ARCHIVE hides, NOOP only counts.
        rank: 1 to 100; the lowest is applied first.
        criterion: Attribute to operators to operand.
        tags: Not used for matching; who answers for the filter.
    """

    name: str
    action: str
    rank: int
    criterion: Mapping[str, Mapping[str, object]]
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterVerdict:
    """What the filters do with one finding.

    Attributes:
        archiving: Names of the archiving filters that matched, in the order of ranks; none if the finding is delivered.
        matched: Every filter that matched for certain, archiving or not, in the order of ranks.
        doubtful: Filters of which nobody can tell whether they match, each with the reason; none of them decides.
    """

    archiving: tuple[str, ...]
    matched: tuple[str, ...]
    doubtful: Mapping[str, str] = field(default_factory=dict)

    @property
    def archived_by(self) -> str | None:
        """The one of lowest rank, which GuardDuty counts (GuardDuty user guide, suppression rule metrics)."""
        return next(iter(self.archiving), None)

    @property
    def archived(self) -> bool:
        """Whether GuardDuty archives the finding and delivers nothing."""
        return bool(self.archiving)


@dataclass(frozen=True, slots=True)
class _Doubt:
    """Neither yes nor no: why the documentation does not say."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Condition:
    """One operator on one attribute, checked and ready to be asked."""

    where: str
    attribute: str
    test: Test
    negative: bool

    @property
    def path(self) -> Sequence[str]:
        """The names that lead to the attribute."""
        return self.attribute.split(".")

    def holds(self, finding: object, *, within: Sequence[str] = ()) -> bool | _Doubt:
        """Whether it holds for the finding: for any of the values, if there are several at the attribute.

        Args:
            finding: The finding, or a part of it.
            within: The path of that part, with which the attribute begins.
        """
        try:
            hits = [self.test(value) for value in values_at(finding, self.path[len(within) :])]
        except UndocumentedError as doubt:
            return _Doubt(f"{self.where}: not documented: {doubt}")
        if not self.negative:
            return any(hits)
        if not hits:
            return _Doubt(f"{self.where}: not documented: whether it holds where the finding has no such value")
        if any(hits) and not all(hits):
            return _Doubt(f"{self.where}: not documented: whether it means any or every of several values")
        return not any(hits)


def archiving_filter(finding_detail: Mapping[str, object], filters: Iterable[DeployedFilter]) -> FilterVerdict:
    """What GuardDuty does with a finding, given the filters of its Region.

    Attributes of a filter combine with AND, filters with OR; the lowest rank goes first; only ARCHIVE archives
    (GuardDuty user guide, filter findings and suppression rule metrics). So whatever a doubtful filter does, a finding
    that another one archives for certain is archived.

    Args:
        finding_detail: The finding in its wire form (camelCase), as in the `detail` of an event.
        filters: All filters of the detector.

    Raises:
        UnverifiedFilterError: A filter uses something whose meaning is not documented, and no other one archives the
            finding for certain.
    """
    matched, doubts = [], {}
    for candidate in sorted(filters, key=lambda candidate: (candidate.rank, candidate.name)):
        try:
            if _matches(finding_detail, candidate):
                matched.append(candidate)
        except UnverifiedFilterError as doubt:
            doubts[candidate.name] = doubt
    archiving = tuple(one.name for one in matched if one.action == "ARCHIVE")
    if doubts and not archiving:
        raise next(iter(doubts.values()))
    return FilterVerdict(
        archiving=archiving,
        matched=tuple(one.name for one in matched),
        doubtful={name: str(doubt) for name, doubt in doubts.items()},
    )


def _matches(finding: Mapping[str, object], candidate: DeployedFilter) -> bool:
    # All conditions are asked, also after one that fails: what cannot be evaluated must not hide behind it.
    conditions = list(_conditions(candidate))
    answers = [condition.holds(finding) for condition in conditions]
    if any(answer is False for answer in answers):
        return False
    doubts = [answer for answer in answers if isinstance(answer, _Doubt)]
    if doubts or (doubts := list(_spread_over_one_list(finding, candidate.name, conditions))):
        raise UnverifiedFilterError(doubts[0].reason)
    return True


def _conditions(candidate: DeployedFilter) -> Iterator[_Condition]:
    """The conditions of a filter, or the refusal of what cannot be evaluated for any finding."""
    if candidate.action not in ACTIONS:
        raise UnverifiedFilterError(
            f"filter {candidate.name}: unknown action {candidate.action!r}; known: {', '.join(ACTIONS)}"
        )
    if not candidate.criterion:
        raise UnverifiedFilterError(f"filter {candidate.name}: has no criterion")
    for attribute, operators in candidate.criterion.items():
        where = f"filter {candidate.name}: {attribute}"
        kind = filter_attributes().get(attribute)
        if kind is None:
            raise UnverifiedFilterError(f"{where}: unknown attribute; not documented for filters, or not in findings")
        if not operators:
            raise UnverifiedFilterError(f"{where}: names no operator; known: {', '.join(OPERATORS)}")
        if _EXACT & set(operators) and _WILDCARD & set(operators):
            raise UnverifiedFilterError(f"{where}: not documented: how Equals and Matches on one attribute combine")
        for operator, operand in operators.items():
            yield _Condition(
                where=f"{where}.{operator}",
                attribute=attribute,
                test=_test(f"{where}.{operator}", kind, operator, operand),
                negative=operator in _NEGATIVE,
            )


def _test(where: str, kind: Kind, operator: str, operand: object) -> Test:
    if operator in _COMPARISONS:
        if isinstance(operand, bool) or not isinstance(operand, int):
            raise UnverifiedFilterError(f"{where}: must compare with a whole number, got {operand!r}")
        compare, bound = _COMPARISONS[operator], operand
        return lambda value: compare(as_number(value, kind), bound)
    if operator not in OPERATORS:
        raise UnverifiedFilterError(f"{where}: unknown operator; known: {', '.join(OPERATORS)}")
    if not isinstance(operand, list | tuple) or not operand or not all(isinstance(value, str) for value in operand):
        raise UnverifiedFilterError(f"{where}: must hold a list of texts, got {operand!r}")
    if operator in _EXACT:
        wanted = frozenset(operand)
        return lambda value: as_text(value, kind) in wanted
    pattern = re.compile("|".join(map(_pattern, operand)), re.DOTALL)
    return lambda value: pattern.fullmatch(as_text(value, kind)) is not None


def _pattern(wanted: str) -> str:
    """`*` stands for any run of characters, also none; `?` for exactly one; everything else for itself."""
    return "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in wanted)


def _spread_over_one_list(
    finding: Mapping[str, object], name: str, conditions: Sequence[_Condition]
) -> Iterator[_Doubt]:
    """Conditions that hold, but not for one element of a list: the key of one tag and the value of another."""
    for first, second in combinations(conditions, 2):
        pairs = zip(first.path, second.path, strict=False)
        shared = [one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)]
        elements = tuple(values_at(finding, shared)) if shared else ()
        if first.attribute == second.attribute or len(elements) <= 1:
            continue
        # where they all hold for one element, both readings agree that the filter matches
        about = [condition for condition in conditions if condition.path[: len(shared)] == shared]
        if not any(all(one.holds(element, within=shared) is True for one in about) for element in elements):
            yield _Doubt(
                f"filter {name}: not documented: whether {first.attribute} and {second.attribute} must hold for one "
                f"and the same element of {'.'.join(shared)}"
            )
