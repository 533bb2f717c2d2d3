"""What one GuardDuty filter of a template matches: finding types, addresses, and what narrows it further."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from operator import or_

from tools.templates.addresses import NO_ADDRESS, exactly, matching
from tools.templates.assembly import Resource
from tools.templates.coverage import EVERYWHERE, Coverage
from tools.templates.plain_values import UnjudgedError, mapping, text, texts
from tools.templates.wording import listing, quoted

EVERY_TYPE = "*"


@dataclass(frozen=True, slots=True, order=True)
class Limit:
    """A condition besides finding type and address: it narrows what the filter matches."""

    attribute: str
    operator: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        if self.operator == "Equals":
            return f"{quoted(self.attribute)} {listing(self.values)}"
        return f"{quoted(self.attribute)} {quoted(self.operator)} {listing(self.values)}"


Limits = frozenset[Limit]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterMeaning:
    """What a filter matches.

    Attributes:
        enforces: Whether it archives, or only counts.
        types: Finding types, or patterns of them; `EVERY_TYPE` if it names none.
    """

    enforces: bool
    types: frozenset[str]
    coverage: Coverage
    limits: Limits


def read_filter(resource: Resource) -> FilterMeaning:
    """Read a filter.

    Raises:
        UnjudgedError: What it matches is not documented, or not written out.
    """
    # CloudFormation's default is NOOP (botocore guardduty, CreateFilter).
    action = text(resource.properties.get("Action", "NOOP"), "its action")
    if action not in {"ARCHIVE", "NOOP"}:
        raise UnjudgedError(f"its action is {quoted(action)}")
    criteria = mapping(resource.properties.get("FindingCriteria"), "its criteria")
    types, places, limits = [], [], []
    for attribute, condition in mapping(criteria.get("Criterion"), "its criterion").items():
        operators = dict(_operators(attribute, condition))
        if attribute == "type":
            types.append(_types(operators))
        elif attribute.endswith((".ipAddressV4", ".ipAddressV6")):
            places.append(_coverage(attribute, operators))
        else:
            limits += [Limit(attribute, operator, values) for operator, values in operators.items()]
    if len(places) > 1:
        raise UnjudgedError("it asks for several addresses at once")
    return FilterMeaning(
        enforces=action == "ARCHIVE",
        types=types[0] if types else frozenset({EVERY_TYPE}),
        coverage=places[0] if places else EVERYWHERE,
        limits=frozenset(limits),
    )


def narrower(one: Limits, other: Limits) -> bool:
    """Whether what fulfils `one` certainly fulfils `other`."""
    return all(
        any(
            mine.attribute == theirs.attribute
            and mine.operator == theirs.operator
            and (mine == theirs or (mine.operator == "Equals" and set(mine.values) <= set(theirs.values)))
            for mine in one
        )
        for theirs in other
    )


def _operators(attribute: str, condition: object) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Operators in their long form with texts; the old short names mean the same (botocore guardduty, Condition)."""
    for operator, operand in mapping(condition, f"the condition on {quoted(attribute)}").items():
        if isinstance(operand, int | float):
            yield operator, (json.dumps(operand),)
        else:
            long = {"Eq": "Equals", "Neq": "NotEquals"}.get(operator, operator)
            yield long, tuple(sorted(texts(operand, f"the condition on {quoted(attribute)}")))


def _types(operators: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    if len(operators) == 1 and (values := operators.get("Equals") or operators.get("Matches")):
        return frozenset(values)
    raise UnjudgedError("which finding types it names is not documented")


def _coverage(attribute: str, operators: Mapping[str, tuple[str, ...]]) -> Coverage:
    if len(operators) != 1:
        raise UnjudgedError("how several conditions on one address combine is not documented")
    ((operator, values),) = operators.items()
    if attribute.endswith("V6") and operator == "Equals":
        return Coverage(v6=frozenset(map(_v6, values)))
    if attribute.endswith("V4") and operator == "Equals":
        return Coverage(exactly(map(_v4, values)))
    if attribute.endswith("V4") and operator == "Matches":
        return Coverage(reduce(or_, map(matching, values), NO_ADDRESS))
    raise UnjudgedError(f"which addresses {quoted(operator)} matches cannot be counted")


def _v4(value: str) -> IPv4Address:
    try:
        return IPv4Address(value)
    except AddressValueError:
        # GuardDuty's pages disagree whether `Equals` takes a range.
        raise UnjudgedError(f"what {quoted(value)} matches is not documented: it is no single address") from None


def _v6(value: str) -> str:
    try:
        return str(IPv6Address(value))
    except AddressValueError:
        raise UnjudgedError(f"what {quoted(value)} matches is not documented: it is no single address") from None
