"""Every deployed rule is asked about sample events, by the pattern engine that agrees with AWS's own."""

import json
from functools import cache
from typing import Any

import pytest

from infra.constructs.heartbeat import heartbeat_detail
from tests.e2e.conftest import DeployedStack
from tests.findings import (
    event,
    leaked_instance_credentials,
    leaked_lambda_credentials,
    leaked_task_credentials,
    low_finding,
)
from tools.emulator.process import Emulator

pytestmark = pytest.mark.e2e

ALL = {"forward", "high", "catch-all"}
NOT_HIGH = {"forward", "catch-all"}


@cache
def rules(aws: Emulator, home: str, elsewhere: str, bus: str) -> dict[str, tuple[str, str]]:
    """Region and pattern of every deployed rule that is about findings."""
    found = {}
    for rule in aws.client("events", home).list_rules(EventBusName=bus)["Rules"]:
        found[rule["Name"]] = (home, rule["EventPattern"])
    listed = aws.client("events", elsewhere).list_rules()["Rules"]
    (forwarding,) = (rule for rule in listed if rule["Name"].endswith("-forwarder"))
    return {**found, "forward": (elsewhere, forwarding["EventPattern"])}


def deployed_rules(stack: DeployedStack) -> dict[str, tuple[str, str]]:
    buses = stack.aws.client("events", stack.home).list_event_buses()["EventBuses"]
    (bus,) = (bus["Name"] for bus in buses if bus["Name"] != "default")
    return rules(stack.aws, stack.home, stack.setting.other_region, bus)


def matching(stack: DeployedStack, sample: dict[str, Any]) -> set[str]:
    return {
        name
        for name, (region, pattern) in deployed_rules(stack).items()
        if stack.aws.client("events", region).test_event_pattern(EventPattern=pattern, Event=json.dumps(sample))[
            "Result"
        ]
    }


def test_the_rules_are_those_of_the_configuration(stack: DeployedStack) -> None:
    routes = {route.name for route in stack.setting.deployment.routes}
    notices = {f"notices-{destination.name}" for destination in stack.setting.deployment.destinations}
    assert set(deployed_rules(stack)) == {*routes, *notices, "catch-all", "watch", "forward", "investigation"}


@pytest.mark.parametrize("to", [["security-mail"], ["security-slack"], ["security-slack", "security-mail"], ["gone"]])
def test_a_notice_is_taken_for_the_destinations_that_it_names_and_by_no_route(
    stack: DeployedStack, to: list[str]
) -> None:
    notice = {"source": "detection-stack", "detail-type": "Suppression Notice", "detail": {"to": to, "kind": "digest"}}
    sample = leaked_lambda_credentials() | notice
    assert matching(stack, sample) == {f"notices-{name}" for name in to if name != "gone"}


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        pytest.param(leaked_lambda_credentials(), ALL, id="leaked-lambda-credentials"),
        pytest.param(leaked_task_credentials(), ALL, id="leaked-task-credentials"),
        pytest.param(leaked_instance_credentials(), ALL, id="leaked-instance-credentials"),
        pytest.param(low_finding(), NOT_HIGH, id="low"),
        pytest.param(leaked_lambda_credentials(severity=7), ALL, id="exactly-7"),
        pytest.param(leaked_lambda_credentials(severity=7.0), ALL, id="exactly-7.0"),
        pytest.param(leaked_lambda_credentials(severity=6.9), NOT_HIGH, id="just-below-7"),
        pytest.param(leaked_lambda_credentials(severity=8.95), ALL, id="between-the-bands"),
        pytest.param(leaked_lambda_credentials(severity=10), ALL, id="critical"),
        # `numeric` does not see a text; the catch-all keeps the finding from being lost.
        pytest.param(leaked_lambda_credentials(severity="8"), NOT_HIGH, id="severity-as-text"),
        pytest.param(leaked_lambda_credentials(severity=None), NOT_HIGH, id="severity-null"),
        pytest.param(leaked_lambda_credentials(account="210987654321"), ALL, id="a-member-account"),
        pytest.param(leaked_lambda_credentials(region="ap-southeast-2"), ALL, id="another-region"),
        pytest.param(event({"type": "Brand:New/Kind.OfFinding"}), NOT_HIGH, id="unknown-and-bare"),
    ],
)
def test_who_takes_a_finding(stack: DeployedStack, sample: dict[str, Any], expected: set[str]) -> None:
    leaked = "CredentialExfiltration" in sample["detail"]["type"]
    assert matching(stack, sample) == (expected | {"investigation"} if leaked else expected)


def test_a_heartbeat_takes_every_rule_of_findings(stack: DeployedStack) -> None:
    detail = heartbeat_detail("eu-west-1", execution="beat", sent="2026-11-23T04:00:00Z")
    kind = {"source": "detection-stack", "detail-type": "Detection Stack Heartbeat"}
    assert matching(stack, event(detail, account=stack.aws.account, **kind)) == ALL
    # Another account that the default bus lets in gets no further.
    assert "forward" not in matching(stack, event(detail, account="999988887777", **kind))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"source": "custom.guardduty"}, id="not-from-guardduty"),
        pytest.param({"detail-type": "GuardDuty Malware Protection Object Scan Result"}, id="another-detail-type"),
        pytest.param({"detail-type": "guardduty finding"}, id="other-letters"),
    ],
)
def test_nobody_takes_what_is_no_finding(stack: DeployedStack, changes: dict[str, str]) -> None:
    assert matching(stack, leaked_lambda_credentials() | changes) == set()
