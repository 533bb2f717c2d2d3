"""When an alarm rings: after the first bad period, and for a data point that comes late too."""

import json

import pytest

from tests.synthesis import Template, Templates, properties

LATE = 3
"""Periods of a filled metric that are looked at. A metric of another service may come some minutes late, and what was
filled with 0 meanwhile is fine for an alarm that looks at the newest period alone."""


@pytest.fixture(name="alarms", scope="module")
def fixture_alarms(sandbox: Templates, everything: Templates, govcloud: Templates) -> list[Template]:
    """Every alarm of every stack."""
    templates = (sandbox | everything | govcloud).values()
    return [alarm for template in templates for alarm in properties(template, "AWS::CloudWatch::Alarm")]


def test_every_alarm_tells_the_topic_of_its_stack_and_nobody_else(
    sandbox: Templates, everything: Templates, govcloud: Templates
) -> None:
    """cdk-nag asks only for an action, and of CDK's own class of alarms (docs/decisions/0037)."""
    for template in (sandbox | everything | govcloud).values():
        alarms = properties(template, "AWS::CloudWatch::Alarm")
        topics = {json.dumps(alarm["AlarmActions"]) for alarm in alarms}
        assert len(topics) == bool(alarms)
        for topic in map(json.loads, topics):
            assert [template["Resources"][one["Ref"]]["Type"] for one in topic] == ["AWS::SNS::Topic"]
        assert not [alarm for alarm in alarms if {"ActionsEnabled", "OKActions", "InsufficientDataActions"} & {*alarm}]


def filled(alarms: list[Template]) -> dict[str, list[Template]]:
    """The alarms with arithmetic, by the section of the runbook that goes on from there."""
    found: dict[str, list[Template]] = {}
    for alarm in alarms:
        if "Metrics" in alarm:
            found.setdefault(alarm["AlarmDescription"].rpartition("#")[2], []).append(alarm)
    return found


def test_an_alarm_on_one_metric_rings_after_one_bad_period(alarms: list[Template]) -> None:
    single = [alarm for alarm in alarms if "Metrics" not in alarm]
    assert len(single) > 50
    for alarm in single:
        assert (alarm["EvaluationPeriods"], alarm.get("DatapointsToAlarm", 1)) == (1, 1), alarm["AlarmDescription"]


NEVER = ("Sum", 300, "GreaterThanThreshold", 0, "notBreaching")
WAITING = ("Maximum", 300, "GreaterThanThreshold", 0, "notBreaching")
ONCE_A_DAY = ("Maximum", 86_400, "GreaterThanThreshold", 0, "ignore")

RINGS: dict[str, set[tuple[str, int, str, float, str]]] = {
    "ApproximateAgeOfOldestMessage": {("Maximum", 300, "GreaterThanThreshold", 480, "notBreaching")},
    "ApproximateNumberOfMessagesVisible": {WAITING},
    "EndedEntries": {ONCE_A_DAY},
    "Errors": {NEVER},
    "FailedInvocations": {NEVER},
    "Heartbeats": {("Sum", 7_200, "LessThanThreshold", 1, "breaching")},
    # Of a route's rule, and of the review of suppression.
    "Invocations": {
        ("Sum", 7_200, "LessThanThreshold", 1, "breaching"),
        ("Sum", 10_800, "LessThanThreshold", 1, "breaching"),
    },
    "InvocationsFailedToBeSentToDlq": {NEVER},
    "LeftOutAccounts": {WAITING},
    "NumberOfNotificationsFailed": {NEVER},
    "Outcomes": {("Sum", 7_200, "LessThanThreshold", 1, "breaching")},
    "SilentAccounts": {WAITING},
    "StaleEntries": {ONCE_A_DAY},
    "Throttles": {NEVER},
}
"""When each alarm on one metric rings: the statistic, the period, above or below what, and what no data means.

What must never happen rings within five minutes, what comes by a schedule when it did not come; what is counted once
a day stays as red as it was until it is counted again.
"""


def test_every_alarm_on_one_metric_rings_at_its_number_and_for_silence_where_silence_is_the_fault(
    alarms: list[Template],
) -> None:
    found: dict[str, set[tuple[str, int, str, float, str]]] = {}
    for alarm in alarms:
        if "Metrics" not in alarm:
            members = ("Statistic", "Period", "ComparisonOperator", "Threshold", "TreatMissingData")
            statistic, period, comparison, threshold, no_data = (alarm[member] for member in members)
            found.setdefault(alarm["MetricName"], set()).add((statistic, period, comparison, threshold, no_data))
    assert found == RINGS


def test_an_alarm_on_filled_metrics_rings_for_one_of_its_last_three_periods(alarms: list[Template]) -> None:
    for alarm in (one for some in filled(alarms).values() for one in some):
        assert (alarm["EvaluationPeriods"], alarm["DatapointsToAlarm"]) == (LATE, 1), alarm["AlarmDescription"]
        assert (alarm["ComparisonOperator"], alarm["TreatMissingData"]) == ("GreaterThanThreshold", "notBreaching")
        highest, *metrics = alarm["Metrics"]
        fill = [f"FILL({one['Id']},0)" for one in metrics]
        assert highest["Expression"] == f"MAX([{','.join(fill)}])"
        assert [one["ReturnData"] for one in alarm["Metrics"]] == [True] + [False] * len(metrics)
        assert {one["MetricStat"]["Stat"] for one in metrics} == {"Sum"}


def test_a_flood_is_counted_by_the_hour_and_what_must_never_happen_by_five_minutes(alarms: list[Template]) -> None:
    """`hidden_per_hour` means an hour: by five minutes, a flood of twelve times as much would ring nobody's alarm."""
    found = {
        section: {(alarm["Threshold"], one["MetricStat"]["Period"]) for alarm in some for one in alarm["Metrics"][1:]}
        for section, some in filled(alarms).items()
    }
    # 100 is the default, 25 what the deployment that uses everything says.
    assert found.pop("runaway") == {(100, 3600), (25, 3600)}
    assert len(found) > 2
    assert set(map(frozenset, found.values())) == {frozenset({(0, 300)})}
