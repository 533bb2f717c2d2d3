"""The in-memory GuardDuty refuses what the service refuses, and answers in the service's words."""

from typing import Any

import pytest

from tools.emulator.account_region import AccountRegion
from tools.emulator.guardduty import GuardDuty
from tools.emulator.guardduty_rules import GuardDutyError

HOME = AccountRegion("123456789012", "eu-west-1")
ELSEWHERE = AccountRegion("123456789012", "us-east-1")
OTHER_ACCOUNT = AccountRegion("210987654321", "eu-west-1")


@pytest.fixture
def guardduty() -> GuardDuty:
    return GuardDuty(now=lambda: "2026-11-23T04:00:00.000Z")


@pytest.fixture
def detector(guardduty: GuardDuty) -> str:
    return guardduty.create_detector(HOME, {"Enable": True})


def rule(detector: str, *, name: str = "sandbox-frankfurt-dc-01", **changes: Any) -> dict[str, Any]:
    return {
        "DetectorId": detector,
        "Name": name,
        "Action": "ARCHIVE",
        "Rank": 1,
        "Description": "Own egress frankfurt-dc (1 of 1): NAT pool A.",
        "FindingCriteria": {"Criterion": {"type": {"Equals": ["Some:Type/Name"]}}},
        **changes,
    }


def features(guardduty: GuardDuty, detector: str, place: AccountRegion = HOME) -> dict[str, str]:
    answer = guardduty.answer(place, "GET", f"/detector/{detector}", {})
    listed: Any = answer.body["features"]
    return {feature["name"]: feature["status"] for feature in listed}


def test_fails_to_make_a_second_detector_in_the_words_of_aws(guardduty: GuardDuty, detector: str) -> None:
    with pytest.raises(GuardDutyError, match="because a detector already exists for the current account"):
        guardduty.create_detector(HOME, {"Enable": True})
    assert guardduty.answer(HOME, "GET", "/detector", {}).body == {"detectorIds": [detector]}


@pytest.mark.parametrize("place", [ELSEWHERE, OTHER_ACCOUNT], ids=["another-region", "another-account"])
def test_each_account_and_region_has_a_detector_of_its_own(
    guardduty: GuardDuty, detector: str, place: AccountRegion
) -> None:
    assert guardduty.create_detector(place, {"Enable": True}) != detector
    answer = guardduty.answer(place, "GET", f"/detector/{detector}", {})
    assert (answer.status, answer.body["__type"]) == (400, "BadRequestException")


def test_features_that_are_not_named_are_on_except_runtime_monitoring(guardduty: GuardDuty, detector: str) -> None:
    off = {name for name, status in features(guardduty, detector).items() if status == "DISABLED"}
    assert off == {"EKS_RUNTIME_MONITORING", "RUNTIME_MONITORING"}


def test_features_are_as_stated(guardduty: GuardDuty) -> None:
    detector = guardduty.create_detector(
        HOME,
        {
            "Enable": True,
            "Features": [
                {"Name": "S3_DATA_EVENTS", "Status": "DISABLED"},
                {
                    "Name": "RUNTIME_MONITORING",
                    "Status": "ENABLED",
                    "AdditionalConfiguration": [{"Name": "EC2_AGENT_MANAGEMENT", "Status": "ENABLED"}],
                },
            ],
        },
    )
    stated = features(guardduty, detector)
    assert stated["S3_DATA_EVENTS"] == "DISABLED"
    assert stated["RUNTIME_MONITORING"] == "ENABLED"


def test_an_update_keeps_what_it_does_not_name(guardduty: GuardDuty, detector: str) -> None:
    guardduty.update_detector(
        HOME,
        detector,
        {"FindingPublishingFrequency": "ONE_HOUR", "Features": [{"Name": "AI_ANALYST", "Status": "DISABLED"}]},
    )
    document = guardduty.answer(HOME, "GET", f"/detector/{detector}", {}).body
    assert document["findingPublishingFrequency"] == "ONE_HOUR"
    assert document["status"] == "ENABLED"
    assert features(guardduty, detector)["S3_DATA_EVENTS"] == "ENABLED"
    assert features(guardduty, detector)["AI_ANALYST"] == "DISABLED"


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        pytest.param({"DataSources": {}, "Features": []}, "DataSources and Features exclude each other", id="both"),
        pytest.param({"DataSources": {}}, "DataSources is the deprecated form", id="deprecated"),
        pytest.param(
            {"Features": [{"Name": "S3_EVENTS", "Status": "ENABLED"}]},
            "unknown feature 'S3_EVENTS'",
            id="unknown-feature",
        ),
        pytest.param(
            {"Features": [{"Name": "CLOUD_TRAIL", "Status": "ENABLED"}]},
            "unknown feature 'CLOUD_TRAIL'",
            id="foundational",
        ),
        pytest.param(
            {"Features": [{"Name": "AI_ANALYST", "Status": "ON"}]}, "unknown status of AI_ANALYST 'ON'", id="status"
        ),
        pytest.param(
            {
                "Features": [
                    {"Name": "RUNTIME_MONITORING", "Status": "ENABLED"},
                    {"Name": "EKS_RUNTIME_MONITORING", "Status": "ENABLED"},
                ]
            },
            "RUNTIME_MONITORING and EKS_RUNTIME_MONITORING exclude each other",
            id="both-runtime-monitorings",
        ),
        pytest.param(
            {
                "Features": [
                    {
                        "Name": "RUNTIME_MONITORING",
                        "Status": "ENABLED",
                        "AdditionalConfiguration": [{"Name": "AGENTS", "Status": "ENABLED"}],
                    }
                ]
            },
            "unknown additional configuration of RUNTIME_MONITORING 'AGENTS'",
            id="additional-configuration",
        ),
        pytest.param({"FindingPublishingFrequency": "HOURLY"}, "'HOURLY'; allowed: FIFTEEN_MINUTES", id="frequency"),
        pytest.param({"Enable": "yes"}, "Enable must be true or false, got 'yes'", id="enable"),
        pytest.param({"Enabled": True}, "unknown property Enabled; known: Enable", id="unknown-property"),
    ],
)
def test_fails_on_a_detector_that_the_service_refuses(
    guardduty: GuardDuty, properties: dict[str, Any], message: str
) -> None:
    with pytest.raises(GuardDutyError, match=message):
        guardduty.create_detector(HOME, properties)
    assert guardduty.answer(HOME, "GET", "/detector", {}).body == {"detectorIds": []}


def test_a_filter_is_read_back_as_it_was_made(guardduty: GuardDuty, detector: str) -> None:
    criterion = {"type": {"Equals": ["A", "B"]}, "severity": {"GreaterThanOrEqual": 7}}
    properties = rule(
        detector, FindingCriteria={"Criterion": criterion}, Tags=[{"Key": "owner", "Value": "network-ops"}]
    )
    assert guardduty.create_filter(HOME, properties) == "sandbox-frankfurt-dc-01"
    answer = guardduty.answer(HOME, "GET", f"/detector/{detector}/filter/sandbox-frankfurt-dc-01", {})
    assert answer.status == 200
    assert answer.body == {
        "name": "sandbox-frankfurt-dc-01",
        "action": "ARCHIVE",
        "rank": 1,
        "description": "Own egress frankfurt-dc (1 of 1): NAT pool A.",
        "findingCriteria": {"criterion": {"type": {"equals": ["A", "B"]}, "severity": {"greaterThanOrEqual": 7}}},
        "tags": {"owner": "network-ops"},
        "createdAt": 1795406400.0,
    }


def test_a_filter_without_action_hides_nothing(guardduty: GuardDuty, detector: str) -> None:
    properties = rule(detector)
    del properties["Action"]
    guardduty.create_filter(HOME, properties)
    assert (
        guardduty.answer(HOME, "GET", f"/detector/{detector}/filter/{properties['Name']}", {}).body["action"] == "NOOP"
    )


def test_filters_are_listed_in_pages(guardduty: GuardDuty, detector: str) -> None:
    for number in range(1, 4):
        guardduty.create_filter(HOME, rule(detector, name=f"rule-{number}", Rank=number))
    path = f"/detector/{detector}/filter"
    first = guardduty.answer(HOME, "GET", path, {"maxResults": "2"}).body
    assert first == {"filterNames": ["rule-1", "rule-2"], "nextToken": "2"}
    assert guardduty.answer(HOME, "GET", path, {"maxResults": "2", "nextToken": "2"}).body == {
        "filterNames": ["rule-3"]
    }


def test_a_region_takes_a_hundred_filters_and_no_more(guardduty: GuardDuty, detector: str) -> None:
    for number in range(100):
        guardduty.create_filter(HOME, rule(detector, name=f"rule-{number}"))
    with pytest.raises(GuardDutyError, match="reached its limit of 100 filters: one-more in eu-west-1"):
        guardduty.create_filter(HOME, rule(detector, name="one-more"))


def test_fails_to_rank_a_filter_before_its_turn(guardduty: GuardDuty, detector: str) -> None:
    with pytest.raises(GuardDutyError, match=r"Rank of second must be 1 to 1 .*chain them with DependsOn.*got 2"):
        guardduty.create_filter(HOME, rule(detector, name="second", Rank=2))
    guardduty.create_filter(HOME, rule(detector, name="first"))
    guardduty.create_filter(HOME, rule(detector, name="second", Rank=2))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"Name": "ab"}, "Name 'ab' must be 3 to 64", id="short-name"),
        pytest.param({"Name": "a" * 65}, "must be 3 to 64", id="long-name"),
        pytest.param({"Name": "on premises"}, "must be 3 to 64 of A-Z a-z 0-9", id="space-in-name"),
        pytest.param({"Description": "NAT pool A, Frankfurt"}, "Description of .* must be at most 512", id="comma"),
        pytest.param({"Description": "x" * 513}, "must be at most 512", id="long-description"),
        pytest.param({"Action": "DELETE"}, "unknown action of .* 'DELETE'; allowed: ARCHIVE, NOOP", id="action"),
        pytest.param({"Rank": 0}, "must be 1 to 1", id="rank-zero"),
        pytest.param({"Rank": "1"}, "got '1'", id="rank-as-text"),
        pytest.param({"Rank": True}, "got True", id="rank-true"),
        pytest.param({"DetectorId": "f" * 32}, "is not owned by the current account", id="unknown-detector"),
        pytest.param({"FindingCriteria": {}}, "must hold 1 to 50 attributes", id="no-criterion"),
        pytest.param({"Criterion": {}}, "unknown property Criterion", id="unknown-property"),
    ],
)
def test_fails_on_a_filter_that_the_service_refuses(
    guardduty: GuardDuty, detector: str, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(GuardDutyError, match=message):
        guardduty.create_filter(HOME, {**rule(detector), **changes})
    assert guardduty.answer(HOME, "GET", f"/detector/{detector}/filter", {}).body == {"filterNames": []}


IN_A_VPC = {"resource.lambdaDetails.vpcConfig.vpcId": {"Equals": ["vpc-0a1b2c3d4e5f60718"]}}
OF_A_FUNCTION = {
    "accountId": {"Equals": ["111122223333"]},
    "resource.lambdaDetails.functionName": {"Equals": ["payments-api"]},
    "resource.lambdaDetails.tags.key": {"Equals": ["team"]},
    "resource.lambdaDetails.tags.value": {"Equals": ["payments"]},
}


def narrowed(detector: str, criterion: dict[str, Any], *, action: str) -> dict[str, Any]:
    return rule(detector, Action=action, FindingCriteria={"Criterion": criterion})


@pytest.mark.parametrize(
    ("region", "action"),
    [
        pytest.param("eu-west-1", "NOOP", id="dry-run"),
        pytest.param("us-gov-west-1", "ARCHIVE", id="govcloud"),
        pytest.param("cn-north-1", "ARCHIVE", id="china"),
        pytest.param("us-isob-east-1", "ARCHIVE", id="isolated"),
        pytest.param("eusc-de-east-1", "ARCHIVE", id="sovereign"),
    ],
)
def test_fails_on_a_vpc_where_the_filter_cannot_have_one(guardduty: GuardDuty, region: str, action: str) -> None:
    place = AccountRegion("123456789012", region)
    detector = guardduty.create_detector(place, {"Enable": True})
    with pytest.raises(GuardDutyError, match="vpcId: taken with action ARCHIVE in partition aws only"):
        guardduty.create_filter(place, narrowed(detector, OF_A_FUNCTION | IN_A_VPC, action=action))
    assert guardduty.create_filter(place, narrowed(detector, OF_A_FUNCTION, action=action))


def test_a_filter_that_archives_in_a_commercial_region_may_have_a_vpc(guardduty: GuardDuty, detector: str) -> None:
    assert guardduty.create_filter(HOME, narrowed(detector, OF_A_FUNCTION | IN_A_VPC, action="ARCHIVE"))


def test_fails_to_make_two_filters_of_one_name(guardduty: GuardDuty, detector: str) -> None:
    guardduty.create_filter(HOME, rule(detector))
    with pytest.raises(GuardDutyError, match="the input name is already used"):
        guardduty.create_filter(HOME, rule(detector))


def test_an_update_replaces_the_filter(guardduty: GuardDuty, detector: str) -> None:
    guardduty.create_filter(HOME, rule(detector))
    guardduty.update_filter(HOME, rule(detector, Action="NOOP"))
    answer = guardduty.answer(HOME, "GET", f"/detector/{detector}/filter/sandbox-frankfurt-dc-01", {})
    assert answer.body["action"] == "NOOP"


def test_fails_to_update_or_delete_a_filter_that_is_not_there(guardduty: GuardDuty, detector: str) -> None:
    guardduty.create_filter(HOME, rule(detector, name="other"))
    with pytest.raises(GuardDutyError, match="no such resource found: filter gone"):
        guardduty.update_filter(HOME, rule(detector, name="gone"))
    with pytest.raises(GuardDutyError, match="no such resource found: filter gone"):
        guardduty.delete_filter(HOME, detector, "gone")


def test_a_deleted_detector_takes_its_filters_along(guardduty: GuardDuty, detector: str) -> None:
    guardduty.create_filter(HOME, rule(detector))
    guardduty.delete_detector(HOME, detector)
    again = guardduty.create_detector(HOME, {"Enable": True})
    assert guardduty.answer(HOME, "GET", f"/detector/{again}/filter", {}).body == {"filterNames": []}


def test_a_deleted_filter_is_gone(guardduty: GuardDuty, detector: str) -> None:
    name = guardduty.create_filter(HOME, rule(detector))
    guardduty.delete_filter(HOME, detector, name)
    assert guardduty.answer(HOME, "GET", f"/detector/{detector}/filter/{name}", {}).status == 400


@pytest.mark.parametrize(("method", "path"), [("POST", "/detector"), ("GET", "/detector/{}/findings"), ("GET", "/")])
def test_other_calls_are_answered_with_what_there_is(
    guardduty: GuardDuty, detector: str, method: str, path: str
) -> None:
    answer = guardduty.answer(HOME, method, path.format(detector), {})
    assert answer.status == 501
    assert "it lists and gets detectors, filters, findings, IP sets and trusted entity sets" in str(
        answer.body["message"]
    )
