"""The rules of GuardDuty for the criteria of a filter."""

from collections.abc import Mapping

MAX_ATTRIBUTES = 50
MAX_EQUALS = 50
MAX_MATCHES = 5
MAX_WILDCARDS = 5
MAX_MATCH_LENGTH = 512
"""Limits (botocore guardduty 1.44.5; GuardDuty user guide, create suppression rules)."""

EXACT = ("Equals", "NotEquals")
WILDCARD = ("Matches", "NotMatches")
COMPARISON = ("GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual")
OPERATORS = EXACT + WILDCARD + COMPARISON

DEPRECATED = {
    "Eq": "Equals",
    "Neq": "NotEquals",
    "Gt": "GreaterThan",
    "Gte": "GreaterThanOrEqual",
    "Lt": "LessThan",
    "Lte": "LessThanOrEqual",
}
"""The service accepts these and stores the long names, so a template with them drifts for ever."""

EXTENDED_ATTRIBUTES = frozenset(
    {
        "resource.lambdaDetails.vpcConfig.subnetIds",
        "resource.lambdaDetails.vpcConfig.vpcId",
        "service.action.awsApiCallAction.userAgent",
    }
)
"""Taken with action ARCHIVE and in partition `aws` only (GuardDuty user guide, filter findings, 20 Apr 2026)."""


class InvalidCriteriaError(ValueError):
    """Criteria that GuardDuty refuses, or whose meaning nobody has confirmed."""


def checked_criterion(criteria: object, *, action: str, commercial: bool) -> dict[str, dict[str, object]]:
    """The `Criterion` of a `FindingCriteria`, if the service would take it.

    Args:
        criteria: The property as the template states it.
        action: ARCHIVE or NOOP; some attributes are for ARCHIVE only.
        commercial: Whether the Region is in partition `aws`.

    Raises:
        InvalidCriteriaError: Naming attribute, operator, what was given and what is allowed.
    """
    criterion = criteria.get("Criterion") if isinstance(criteria, Mapping) else None
    if not isinstance(criterion, Mapping) or not 1 <= len(criterion) <= MAX_ATTRIBUTES:
        raise InvalidCriteriaError(f"FindingCriteria.Criterion must hold 1 to {MAX_ATTRIBUTES} attributes")
    checked: dict[str, dict[str, object]] = {}
    for attribute, condition in criterion.items():
        if not isinstance(attribute, str) or not isinstance(condition, Mapping) or not condition:
            raise InvalidCriteriaError(f"{attribute}: must name at least one operator of {', '.join(OPERATORS)}")
        if attribute in EXTENDED_ATTRIBUTES and (action != "ARCHIVE" or not commercial):
            raise InvalidCriteriaError(f"{attribute}: taken with action ARCHIVE in partition aws only")
        for operator, operand in condition.items():
            _check(attribute, str(operator), operand)
        if set(condition) & set(EXACT) and set(condition) & set(WILDCARD):
            raise InvalidCriteriaError(
                f"{attribute}: how Equals and Matches on one attribute combine is unverified; use two filters"
            )
        checked[attribute] = {str(operator): operand for operator, operand in condition.items()}
    return checked


def _check(attribute: str, operator: str, operand: object) -> None:
    where = f"{attribute}.{operator}"
    if operator in DEPRECATED:
        raise InvalidCriteriaError(f"{where}: deprecated; write {DEPRECATED[operator]}")
    if operator not in OPERATORS:
        raise InvalidCriteriaError(f"{where}: unknown operator; known: {', '.join(OPERATORS)}")
    if operator in COMPARISON:
        if isinstance(operand, bool) or not isinstance(operand, int):
            raise InvalidCriteriaError(f"{where}: must be a whole number, got {operand!r}")
        return
    limit = MAX_EQUALS if operator in EXACT else MAX_MATCHES
    if not isinstance(operand, list) or not all(isinstance(value, str) for value in operand):
        raise InvalidCriteriaError(f"{where}: must be a list of texts, got {operand!r}")
    if not 1 <= len(operand) <= limit:
        raise InvalidCriteriaError(f"{where}: must hold 1 to {limit} values, got {len(operand)}")
    if operator in WILDCARD:
        for value in operand:
            _check_pattern(where, value)


def _check_pattern(where: str, value: str) -> None:
    if not 1 <= len(value) <= MAX_MATCH_LENGTH:
        raise InvalidCriteriaError(f"{where}: a value must be 1 to {MAX_MATCH_LENGTH} characters, got {len(value)}")
    if (wildcards := value.count("*") + value.count("?")) > MAX_WILDCARDS:
        raise InvalidCriteriaError(f"{where}: {value} has {wildcards} wildcards; at most {MAX_WILDCARDS}")
