"""The deployed review of suppression finds what a filter hid and tells a person, end to end."""

import copy
from datetime import UTC, datetime

import pytest

from tests.e2e.conftest import DeployedStack
from tools.demo.findings import example
from tools.emulator.deployed import review

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


def test_a_hidden_role_is_told_once_and_again_in_the_digest(stack: DeployedStack, hidden: str) -> None:
    review(stack.aws, stack.home, "hourly")
    assert stack.arrived(mails=1, slack=0)
    (mail,) = stack.mails
    (entry,) = (one.name for one in stack.setting.deployment.egress)
    assert mail.subject.startswith(f"[Notice] Role {hidden} is new behind {entry}")
    assert stack.setting.egress_address in mail.body
    review(stack.aws, stack.home, "hourly")
    review(stack.aws, stack.home, "weekly")
    assert stack.arrived(mails=2, slack=0)
    digest = stack.mails[1]
    assert digest.subject.startswith("[Notice] Suppression this week: 1 finding hidden")
    assert f"{hidden} (new)" in digest.body
    review(stack.aws, stack.home, "daily")
    assert stack.arrived(mails=2, slack=0)
