"""The deployed review of suppression finds what a filter hid and tells a person, end to end."""

import copy
import json
from datetime import UTC, datetime

import pytest

from tests.e2e.conftest import DeployedStack
from tools.demo.findings import example

pytestmark = pytest.mark.e2e


@pytest.fixture
def hidden(stack: DeployedStack) -> str:
    """A finding from our own egress that GuardDuty keeps and tells nobody of; returns its role."""
    region = stack.setting.other_region
    (detector,) = stack.aws.client("guardduty", region).list_detectors()["DetectorIds"]
    event = example(
        "leaked-lambda-credentials",
        account=stack.setting.account,
        region=region,
        detector_id=detector,
        now=datetime.now(UTC),
        caller=stack.setting.egress_address,
    )
    finding = copy.deepcopy(event["detail"])
    finding["service"]["archived"] = True
    stack.aws.keep_finding(region, finding)
    return str(finding["resource"]["accessKeyDetails"]["userName"])


def run(stack: DeployedStack, review: str) -> None:
    """Invoke the function as its schedule does."""
    client = stack.aws.client("lambda", stack.home)
    (function,) = (
        one["FunctionName"]
        for one in client.list_functions()["Functions"]
        if one["Handler"] == "suppression_review.handler.handler"
    )
    answer = client.invoke(FunctionName=function, Payload=json.dumps({"review": review}))
    assert "FunctionError" not in answer, answer["Payload"].read()


def test_a_hidden_role_is_told_once_and_again_in_the_digest(stack: DeployedStack, hidden: str) -> None:
    run(stack, "hourly")
    assert stack.arrived(mails=1, slack=0)
    (mail,) = stack.mails
    (entry,) = (one.name for one in stack.setting.deployment.egress)
    assert mail.subject.startswith(f"[Notice] Role {hidden} is new behind {entry}")
    assert stack.setting.egress_address in mail.body
    run(stack, "hourly")
    run(stack, "weekly")
    assert stack.arrived(mails=2, slack=0)
    digest = stack.mails[1]
    assert digest.subject.startswith("[Notice] Suppression this week: 1 finding hidden")
    assert f"{hidden} (new)" in digest.body
    run(stack, "daily")
    assert stack.arrived(mails=2, slack=0)
