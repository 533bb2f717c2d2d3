"""A heartbeat begins in every Region, takes the rules of findings, and rings where it stays away."""

import copy
import json
from pathlib import Path

import pytest

from infra.constructs.heartbeat import MISSED_SECONDS
from tests.deployments import EVERYTHING, SANDBOX_DATA, deployment
from tests.synthesis import Template, Templates, only, properties, synthesize

REGIONS = ("eu-central-1", "eu-south-2", "ap-east-2")


@pytest.fixture(name="response", scope="module")
def fixture_response(everything: Templates) -> Template:
    return everything["prod-Response"]


def test_each_region_puts_one_on_its_own_default_bus_each_hour(everything: Templates) -> None:
    for region in REGIONS:
        schedule = only(properties(everything[f"prod-Detection-{region}"], "AWS::Scheduler::Schedule"))
        assert (schedule["ScheduleExpression"], schedule["State"]) == ("rate(1 hour)", "ENABLED")
        target = schedule["Target"]
        assert f":events:{region}:111122223333:event-bus/default" in json.dumps(target["Arn"])
        assert target["EventBridgeParameters"] == {
            "Source": "detection-stack", "DetailType": "Detection Stack Heartbeat",
        }  # fmt: skip
        detail = json.loads(target["Input"])
        assert (detail["region"], detail["severity"]) == (region, [10, "heartbeat"])
        assert detail["service"]["additionalInfo"] == {"sample": True}, "never mistaken for something that happened"


def test_a_heartbeat_that_cannot_be_put_is_given_up_before_the_next_one_is_due(everything: Templates) -> None:
    """Scheduler would go on for a day, and one that comes hours late calls a Region well that is silent now."""
    for region in REGIONS:
        schedule = only(properties(everything[f"prod-Detection-{region}"], "AWS::Scheduler::Schedule"))
        assert schedule["Target"]["RetryPolicy"] == {"MaximumEventAgeInSeconds": 600, "MaximumRetryAttempts": 10}
        assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}, "and none waits for company"
        # One that came after all those attempts still comes before the alarm rings.
        assert 3600 + schedule["Target"]["RetryPolicy"]["MaximumEventAgeInSeconds"] < MISSED_SECONDS == 7200


def silent(template: Template) -> dict[str, Template]:
    """The alarms on heartbeats, by the end of their logical id without its hash."""
    return {
        json.dumps(alarm["Dimensions"]): alarm
        for alarm in properties(template, "AWS::CloudWatch::Alarm")
        if "heartbeat-" in alarm["AlarmDescription"]
    }


def test_two_hours_without_one_ring_for_each_region_route_and_destination(response: Template) -> None:
    alarms = silent(response)
    for alarm in alarms.values():
        assert (alarm["Period"], alarm["Threshold"], alarm["ComparisonOperator"]) == (7200, 1, "LessThanThreshold")
        assert (alarm["TreatMissingData"], alarm["Statistic"]) == ("breaching", "Sum")
    watched = {(alarm["MetricName"], alarm["Dimensions"][-1]["Value"]) for alarm in alarms.values()}
    destinations = {one.name for one in EVERYTHING.destinations}
    assert watched == {
        *(("Heartbeats", region) for region in REGIONS),
        *(("Invocations", route) for route in ("leaked-credentials", "pci", "critical", "tickets", "catch-all")),
        *(("Outcomes", "heartbeat") for _ in destinations),
    }
    assert {alarm["Dimensions"][0]["Value"] for alarm in alarms.values() if alarm["MetricName"] == "Outcomes"} == (
        destinations
    )


def test_every_notifier_counts_them_by_region(response: Template) -> None:
    filters = [
        one for one in properties(response, "AWS::Logs::MetricFilter") if "heartbeat_region" in one["FilterPattern"]
    ]
    assert len(filters) == len(EVERYTHING.destinations)
    for one in filters:
        assert only(one["MetricTransformations"]) == {
            "MetricNamespace": "DetectionStack/prod",
            "MetricName": "Heartbeats",
            "MetricValue": "1",
            "Dimensions": [{"Key": "Region", "Value": "$.heartbeat_region"}],
        }


def test_a_hub_in_each_region_waits_for_its_own_region(tmp_path: Path) -> None:
    data = {**copy.deepcopy(SANDBOX_DATA), "hub": "regional"}
    templates = synthesize(deployment(data), outdir=tmp_path, checked=False)
    for region, stack in (("eu-west-1", "sandbox-Response"), ("us-east-1", "sandbox-Response-us-east-1")):
        waited = {
            alarm["Dimensions"][0]["Value"]
            for alarm in silent(templates[stack]).values()
            if alarm["MetricName"] == "Heartbeats"
        }
        assert waited == {region}


def test_without_it_there_is_no_schedule_and_no_alarm(tmp_path: Path) -> None:
    data = {**copy.deepcopy(SANDBOX_DATA), "heartbeat": {"enabled": False}}
    for template in synthesize(deployment(data), outdir=tmp_path, checked=False).values():
        assert properties(template, "AWS::Scheduler::Schedule") == []
        assert silent(template) == {}
