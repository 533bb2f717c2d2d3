"""Findings in every form in which people have them."""

from pathlib import Path
from typing import Any

import pytest

from tests.findings import leaked_lambda_credentials, leaked_task_credentials
from tests.unit.tools.journey.worlds import write_json
from tools.journey.finding_file import NotAFindingError, is_member, read_events

EVENT = leaked_lambda_credentials()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(EVENT, id="event"),
        pytest.param(EVENT["detail"], id="finding"),
        pytest.param([EVENT], id="list"),
        pytest.param({"Findings": [EVENT["detail"]]}, id="several"),
    ],
)
def test_a_finding_is_read_in_every_form(tmp_path: Path, content: Any) -> None:
    (found,) = read_events(write_json(tmp_path / "finding.json", content))
    assert found["detail"] == EVENT["detail"]
    assert (found["source"], found["detail-type"], found["region"]) == (
        "aws.guardduty",
        "GuardDuty Finding",
        "eu-west-1",
    )


def test_what_the_api_returns_becomes_what_eventbridge_carries(tmp_path: Path) -> None:
    """Name by name from the model: `TaskCreatedAt` of a task is `createdAt` in an event."""
    task = leaked_task_credentials()["detail"]["resource"]["ecsClusterDetails"]["taskDetails"]
    api = {
        "Type": "T",
        "Severity": 8,
        "AccountId": "111122223333",
        "Region": "eu-west-1",
        "Resource": {"EcsClusterDetails": {"TaskDetails": {"TaskCreatedAt": task["createdAt"], "LaunchType": "EC2"}}},
    }
    (found,) = read_events(write_json(tmp_path / "finding.json", {"Findings": [api]}))
    assert found["detail"] == {
        "type": "T",
        "severity": 8,
        "accountId": "111122223333",
        "region": "eu-west-1",
        "resource": {"ecsClusterDetails": {"taskDetails": {"createdAt": task["createdAt"], "launchType": "EC2"}}},
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("{", "is not JSON", id="no-json"),
        pytest.param('{"severity": NaN}', "NaN is no number of JSON", id="nan"),
        pytest.param("[" * 100_000, "is nested too deeply", id="deep"),
        pytest.param("[]", "holds no finding", id="empty"),
        pytest.param(" \n", "the message is empty; give an EventBridge event of GuardDuty, a finding, or ", id="blank"),
        pytest.param("7", "holds no finding, but a number;", id="number"),
        pytest.param("7.5", "holds no finding, but a number;", id="fraction"),
        pytest.param("null", "holds no finding, but nothing (null);", id="null"),
        pytest.param("true", "holds no finding, but true or false;", id="boolean"),
        pytest.param('"finding"', "holds no finding, but a text;", id="text"),
        pytest.param("[[1]]", "holds no finding, but a list;", id="list"),
        pytest.param('{"a": 1}', "it has to have type, severity, accountId, region", id="something-else"),
        pytest.param('{"source": "aws.s3", "detail-type": "X", "detail": {}}', "is an event of aws.s3, X", id="other"),
        pytest.param(
            '{"source": "aws.guardduty", "detail-type": "GuardDuty Finding", "detail": {}}',
            "is an event without a region", id="no-region",
        ),
        pytest.param(
            '{"source": "aws.guardduty", "detail-type": "GuardDuty Finding", "region": "eu-west-1", "detail": '
            '{"Type": "a", "Severity": 8}}',
            "is an event around a finding as the API writes it", id="casing-of-the-api",
        ),
    ],
)  # fmt: skip
def test_fails_for_a_file_without_a_finding(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "finding.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(NotAFindingError) as refused:
        read_events(str(file))
    assert str(refused.value).startswith(f"{file}: ")
    assert says in str(refused.value)


def test_members_are_those_of_the_model() -> None:
    assert is_member(["service", "action", "awsApiCallAction", "remoteIpDetails", "ipAddressV4"])
    assert is_member(["resource", "lambdaDetails", "tags", "key"])
    assert not is_member(["service", "action", "awsApiCallAction", "remoteIpDetails", "ipAddressV5"])
    assert not is_member(["severity", "value"])


def test_fails_for_a_name_that_is_empty() -> None:
    with pytest.raises(NotAFindingError, match=r"^no file is named; give a finding, with make explain as FINDING="):
        read_events("")


def test_what_a_file_calls_its_event_can_do_nothing_in_a_terminal(tmp_path: Path) -> None:
    event = EVENT | {"source": "\x1b[31mred\x1b[0m", "detail-type": "a\u202eb"}
    with pytest.raises(NotAFindingError) as refused:
        read_events(write_json(tmp_path / "finding.json", event))
    assert str(refused.value).isprintable()
    assert "is an event of \\x1b[31mred\\x1b[0m, a\\u202eb: only findings" in str(refused.value)
