"""The findings that the in-memory GuardDuty keeps, and how ListFindings and GetFindings look at them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tools.emulator.guardduty_rules import OUT_OF_RANGE, GuardDutyError

PAGE = 50
"""Most ids of one answer, and of one GetFindings (botocore guardduty 1.44.5)."""

Finding = Mapping[str, Any]

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "equals": lambda value, operand: value in operand,
    "notEquals": lambda value, operand: value not in operand,
    "greaterThanOrEqual": lambda value, operand: value >= operand,
    "greaterThan": lambda value, operand: value > operand,
    "lessThanOrEqual": lambda value, operand: value <= operand,
    "lessThan": lambda value, operand: value < operand,
}
_ATTRIBUTES = ("accountId", "id", "region", "service.archived", "severity", "type", "updatedAt")
"""Of the attributes that ListFindings documents, those that this project asks for."""


@dataclass(slots=True)
class Findings:
    """Findings of one detector in their wire form, by id."""

    kept: dict[str, Finding] = field(default_factory=dict)

    def keep(self, finding: Finding) -> None:
        """Keep a finding, or its newer version."""
        self.kept[str(finding["id"])] = finding

    def listed(self, request: Mapping[str, Any]) -> dict[str, object]:
        """What ListFindings answers.

        Raises:
            GuardDutyError: An attribute, an operator, a page size or a token that the service does not take.
        """
        criterion = (request.get("findingCriteria") or {}).get("criterion", {})
        found = [one for one in self.kept.values() if all(_holds(one, *pair) for pair in criterion.items())]
        sort = request.get("sortCriteria") or {}
        if sort:
            attribute = str(sort.get("attributeName"))
            found.sort(key=lambda one: _value(one, attribute), reverse=sort.get("orderBy") == "DESC")
        return _page("findingIds", [str(one["id"]) for one in found], request)

    def got(self, request: Mapping[str, Any]) -> dict[str, object]:
        """What GetFindings answers; ids that are not there are left out.

        Raises:
            GuardDutyError: More ids than the service takes.
        """
        ids = request.get("findingIds")
        if not isinstance(ids, list) or len(ids) > PAGE:
            raise GuardDutyError(f"{OUT_OF_RANGE}: findingIds must be a list of at most {PAGE}")
        return {"findings": [self.kept[one] for one in ids if one in self.kept]}


def _holds(finding: Finding, attribute: str, condition: Mapping[str, Any]) -> bool:
    if attribute not in _ATTRIBUTES:
        raise GuardDutyError(f"{OUT_OF_RANGE}: unknown attribute {attribute}; known here: {', '.join(_ATTRIBUTES)}")
    for operator, operand in condition.items():
        if operator not in _OPERATORS:
            # Matches is for filters only (botocore guardduty 1.44.5).
            raise GuardDutyError(f"{OUT_OF_RANGE}: {attribute}: operator {operator} is not for ListFindings")
        if not _OPERATORS[operator](_value(finding, attribute), operand):
            return False
    return True


def _value(finding: Finding, attribute: str) -> Any:  # noqa: ANN401  text or number, as the attribute is
    if attribute == "service.archived":
        return "true" if finding["service"].get("archived") else "false"
    value = finding[attribute]
    if attribute == "updatedAt":
        parsed = datetime.fromisoformat(value)
        return int((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp() * 1000)
    return value


def _page(key: str, items: Sequence[str], request: Mapping[str, Any]) -> dict[str, object]:
    start, size = str(request.get("nextToken") or "0"), request.get("maxResults", PAGE)
    if not start.isdigit() or not isinstance(size, int) or not 1 <= size <= PAGE:
        raise GuardDutyError(f"{OUT_OF_RANGE}: maxResults must be 1 to {PAGE} and nextToken one of ours")
    end = int(start) + size
    # The last page carries an empty token, as the service's does.
    return {key: list(items[int(start) : end]), "nextToken": str(end) if end < len(items) else ""}
