"""Criteria are taken or refused as GuardDuty does, with the reason."""

from typing import Any

import pytest

from tools.emulator.finding_criteria import InvalidCriteriaError, checked_criterion

ADDRESS = "service.action.awsApiCallAction.remoteIpDetails.ipAddressV4"


def check(criterion: dict[str, Any], *, action: str = "ARCHIVE", commercial: bool = True) -> dict[str, Any]:
    return checked_criterion({"Criterion": criterion}, action=action, commercial=commercial)


@pytest.mark.parametrize(
    "condition",
    [
        pytest.param({"Equals": [str(number) for number in range(50)]}, id="fifty-values"),
        pytest.param({"Matches": ["a*"] * 5}, id="five-patterns"),
        pytest.param({"Matches": ["*.*.*.*.?"]}, id="five-wildcards"),
        pytest.param({"Matches": ["x" * 512]}, id="512-characters"),
        pytest.param({"GreaterThanOrEqual": 7, "LessThan": 9}, id="a-range"),
    ],
)
def test_what_the_service_takes(condition: dict[str, Any]) -> None:
    assert check({"type": condition}) == {"type": condition}


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        pytest.param({"Equals": ["x"] * 51}, r"type\.Equals: must hold 1 to 50 values, got 51", id="51-values"),
        pytest.param({"NotEquals": []}, r"type\.NotEquals: must hold 1 to 50 values, got 0", id="no-values"),
        pytest.param({"Matches": ["a*"] * 6}, r"type\.Matches: must hold 1 to 5 values, got 6", id="six-patterns"),
        pytest.param({"Matches": ["*.*.*.*.*?"]}, "has 6 wildcards; at most 5", id="six-wildcards"),
        pytest.param({"Matches": ["x" * 513]}, "must be 1 to 512 characters, got 513", id="513-characters"),
        pytest.param({"NotMatches": [""]}, "must be 1 to 512 characters, got 0", id="empty-pattern"),
        pytest.param({"Equals": "x"}, "must be a list of texts, got 'x'", id="bare-text"),
        pytest.param({"Equals": [8]}, "must be a list of texts", id="numbers"),
        pytest.param({"GreaterThan": "7"}, r"type\.GreaterThan: must be a whole number, got '7'", id="text-to-compare"),
        pytest.param({"GreaterThan": True}, "must be a whole number, got True", id="true-to-compare"),
        pytest.param({"Eq": ["x"]}, r"type\.Eq: deprecated; write Equals", id="short-name"),
        pytest.param({"Gte": 7}, "deprecated; write GreaterThanOrEqual", id="short-comparison"),
        pytest.param({"equals": ["x"]}, r"type\.equals: unknown operator; known: Equals", id="wrong-case"),
        pytest.param({"Equals": ["x"], "Matches": ["y"]}, "unverified; use two filters", id="equals-and-matches"),
        pytest.param({}, "must name at least one operator", id="no-operator"),
    ],
)
def test_fails_on_what_the_service_refuses(condition: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidCriteriaError, match=message):
        check({"type": condition})


def test_fails_on_more_than_fifty_attributes() -> None:
    with pytest.raises(InvalidCriteriaError, match="must hold 1 to 50 attributes"):
        check({f"attribute{number}": {"Equals": ["x"]} for number in range(51)})


@pytest.mark.parametrize("criteria", [None, {}, {"Criterion": None}, "x"])
def test_fails_without_a_criterion(criteria: object) -> None:
    with pytest.raises(InvalidCriteriaError, match="must hold 1 to 50 attributes"):
        checked_criterion(criteria, action="ARCHIVE", commercial=True)


@pytest.mark.parametrize(
    ("action", "commercial"), [pytest.param("NOOP", True, id="dry-run"), pytest.param("ARCHIVE", False, id="china")]
)
def test_fails_on_an_extended_attribute_elsewhere(action: str, commercial: bool) -> None:  # noqa: FBT001
    criterion = {"resource.lambdaDetails.vpcConfig.vpcId": {"Equals": ["vpc-1"]}}
    with pytest.raises(InvalidCriteriaError, match="taken with action ARCHIVE in partition aws only"):
        check(criterion, action=action, commercial=commercial)
    assert check(criterion) == criterion
