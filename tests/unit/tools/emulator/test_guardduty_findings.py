"""The in-memory GuardDuty lists and gives findings as the service does."""

from typing import Any

import pytest

from tools.emulator.account_region import AccountRegion
from tools.emulator.guardduty import GuardDuty
from tools.emulator.guardduty_rules import GuardDutyError

HOME = AccountRegion("123456789012", "eu-west-1")


@pytest.fixture
def guardduty() -> GuardDuty:
    return GuardDuty(now=lambda: "2026-11-23T04:00:00.000Z")


@pytest.fixture
def detector(guardduty: GuardDuty) -> str:
    detector = guardduty.create_detector(HOME, {"Enable": True})
    for number in range(60):
        guardduty.keep_finding(
            HOME,
            {
                "id": f"id-{number:02}",
                "type": "Recon:IAMUser/TorIPCaller" if number % 2 else "Other:Type/Name",
                "updatedAt": f"2026-11-23T04:{number:02}:00Z",
                "service": {"archived": number < 50},
            },
        )
    return detector


def listed(guardduty: GuardDuty, detector: str, **request: Any) -> dict[str, Any]:
    answer = guardduty.answer(HOME, "POST", f"/detector/{detector}/findings", {}, request)
    assert answer.status == 200, answer.body
    return dict(answer.body)


def criteria(**criterion: Any) -> dict[str, Any]:
    return {"criterion": {name.replace("__", "."): condition for name, condition in criterion.items()}}


def test_findings_come_page_by_page_in_the_order_asked_for(guardduty: GuardDuty, detector: str) -> None:
    sort = {"attributeName": "updatedAt", "orderBy": "DESC"}
    first = listed(guardduty, detector, sortCriteria=sort)
    second = listed(guardduty, detector, sortCriteria=sort, nextToken=first["nextToken"])
    assert [len(first["findingIds"]), len(second["findingIds"])] == [50, 10]
    assert (first["findingIds"][0], second["findingIds"][-1], second["nextToken"]) == ("id-59", "id-00", "")


def test_conditions_combine_with_and(guardduty: GuardDuty, detector: str) -> None:
    wanted = criteria(
        service__archived={"equals": ["true"]},
        type={"equals": ["Recon:IAMUser/TorIPCaller"]},
        # 2026-11-23T04:40:00Z
        updatedAt={"greaterThanOrEqual": 1795408800000},
    )
    found = listed(guardduty, detector, findingCriteria=wanted)["findingIds"]
    assert sorted(found) == ["id-41", "id-43", "id-45", "id-47", "id-49"]


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (
            {"findingCriteria": criteria(type={"matches": ["Recon*"]})},
            "type: operator matches is not for ListFindings",
        ),
        ({"findingCriteria": criteria(resource={"equals": ["x"]})}, "unknown attribute resource"),
        ({"maxResults": 51}, "maxResults must be 1 to 50"),
        ({"nextToken": "mine"}, "nextToken one of ours"),
    ],
)
def test_fails_on_what_the_service_refuses(
    guardduty: GuardDuty, detector: str, request_: dict[str, Any], message: str
) -> None:
    answer = guardduty.answer(HOME, "POST", f"/detector/{detector}/findings", {}, request_)
    assert answer.status == 400
    assert message in str(answer.body["message"])


def test_findings_are_given_by_id_and_unknown_ones_are_left_out(guardduty: GuardDuty, detector: str) -> None:
    path = f"/detector/{detector}/findings/get"
    answer: Any = guardduty.answer(HOME, "POST", path, {}, {"findingIds": ["id-07", "gone"]})
    assert [finding["id"] for finding in answer.body["findings"]] == ["id-07"]
    too_many = guardduty.answer(HOME, "POST", path, {}, {"findingIds": [str(number) for number in range(51)]})
    assert too_many.status == 400


def test_fails_to_keep_a_finding_where_there_is_no_detector(guardduty: GuardDuty) -> None:
    with pytest.raises(GuardDutyError, match="not owned by the current account"):
        guardduty.keep_finding(HOME, {"id": "x"})
