"""What became of messages is counted by destination, and a degraded one rings."""

import copy
from pathlib import Path
from typing import Any

import pytest

from infra.constructs.operations import METRICS_OF_AN_ALARM
from tests.deployments import EVERYTHING, SANDBOX_DATA, deployment
from tests.synthesis import Template, Templates, functions, logical_id, only, properties, synthesize

NAMESPACE = "DetectionStack/prod"


@pytest.fixture(name="response", scope="module")
def fixture_response(everything: Templates) -> Template:
    return everything["prod-Response"]


def outcome_filters(template: Template) -> list[Template]:
    return [
        one
        for one in properties(template, "AWS::Logs::MetricFilter")
        if one["MetricTransformations"][0]["MetricName"] == "Outcomes"
    ]


def degraded_alarms(template: Template) -> list[list[Template]]:
    """The metrics of each alarm on degraded messages."""
    return [
        metrics
        for alarm in properties(template, "AWS::CloudWatch::Alarm")
        if (metrics := [one["MetricStat"]["Metric"] for one in alarm.get("Metrics", []) if "MetricStat" in one])
        and metrics[0]["MetricName"] == "Outcomes"
    ]


def test_each_notifier_has_one_filter_on_its_own_log(response: Template) -> None:
    logs = {
        logical_id(function["Properties"]["LoggingConfig"]["LogGroup"])
        for function in functions(response, "notifier").values()
    }
    filters = outcome_filters(response)
    assert {logical_id(one["LogGroupName"]) for one in filters} == logs
    assert len(filters) == len(logs) == len(EVERYTHING.destinations)


def test_the_fields_of_a_line_become_the_dimensions(response: Template) -> None:
    for one in outcome_filters(response):
        assert one["FilterPattern"] == '{ $.outcome = "*" }'
        # No default value: CloudWatch Logs refuses one beside dimensions.
        assert only(one["MetricTransformations"]) == {
            "MetricNamespace": NAMESPACE,
            "MetricName": "Outcomes",
            "MetricValue": "1",
            "Dimensions": [
                {"Key": "Destination", "Value": "$.destination"},
                {"Key": "Outcome", "Value": "$.outcome"},
            ],
        }


def test_lines_of_the_level_that_is_counted_reach_the_log(response: Template) -> None:
    for function in functions(response, "notifier").values():
        logging = function["Properties"]["LoggingConfig"]
        assert (logging["LogFormat"], logging["ApplicationLogLevel"]) == ("JSON", "INFO")


def test_a_degraded_message_to_any_destination_raises_an_alarm(response: Template) -> None:
    (metrics,) = degraded_alarms(response)
    assert all(metric["Namespace"] == NAMESPACE for metric in metrics)
    assert [{one["Name"]: one["Value"] for one in metric["Dimensions"]} for metric in metrics] == [
        {"Destination": name, "Outcome": "degraded"} for name in sorted(one.name for one in EVERYTHING.destinations)
    ]


def test_an_alarm_takes_no_more_destinations_than_it_can(tmp_path: Path) -> None:
    data: dict[str, Any] = copy.deepcopy(SANDBOX_DATA)
    data["destinations"] += [
        {"name": f"slack-{number:02}-{'x' * 20}", "kind": "slack", "webhook_secret": f"s/{number}"}
        for number in range(18)
    ]
    template = synthesize(deployment(data), outdir=tmp_path, checked=False)["sandbox-Response"]
    assert [len(metrics) for metrics in degraded_alarms(template)] == [METRICS_OF_AN_ALARM] * 2
