"""What is deployed to look back at suppression, and what rings when nobody looks."""

import copy
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from infra.config import load
from infra.constructs.operations import METRICS_OF_AN_ALARM
from tests.deployments import EVERYTHING_DATA, SANDBOX_DATA, TODAY, deployment
from tests.synthesis import (
    Template,
    Templates,
    bus_rules,
    functions,
    logical_id,
    only,
    properties,
    resources,
    synthesize,
)
from tests.unit.stacks.test_permissions import READ_TRUSTED_LIST, statements
from tools.templates.policy_statements import as_list


@pytest.fixture(name="response", scope="module")
def fixture_response(sandbox: Templates) -> Template:
    return sandbox["sandbox-Response"]


def alarm_on(template: Template, metric: str) -> Template:
    (review,) = functions(template, "suppression_review")
    return only(
        [
            alarm
            for alarm in properties(template, "AWS::CloudWatch::Alarm")
            if alarm.get("MetricName") == metric
            and (not alarm.get("Dimensions") or alarm["Dimensions"][0]["Value"] == {"Ref": review})
        ]
    )


def test_the_review_puts_notices_on_the_findings_bus_and_nothing_else(response: Template) -> None:
    (put,) = (
        statement
        for name, statement in statements(response)
        if name == "SuppressionReviewWorkerRole" and statement["Action"] == "events:PutEvents"
    )
    (bus,) = resources(response, "AWS::Events::EventBus")
    assert put["Resource"] == {"Fn::GetAtt": [bus, "Arn"]}
    assert put["Condition"] == {
        "ForAllValues:StringEquals": {"events:source": "detection-stack", "events:detail-type": "Suppression Notice"},
        "Null": {"events:source": "false", "events:detail-type": "false"},
    }


def test_three_hours_without_a_look_raise_an_alarm(response: Template) -> None:
    alarm = alarm_on(response, "Invocations")
    assert (alarm["Period"], alarm["Threshold"], alarm["ComparisonOperator"]) == (10800, 1, "LessThanThreshold")
    assert alarm["TreatMissingData"] == "breaching"


def test_a_review_that_fails_raises_an_alarm_and_leaves_a_dead_letter(response: Template) -> None:
    assert alarm_on(response, "Errors")["Threshold"] == 0
    (function,) = functions(response, "suppression_review").values()
    queue = logical_id(function["Properties"]["DeadLetterConfig"]["TargetArn"])
    schedules = [rule for rule in properties(response, "AWS::Events::Rule") if "ScheduleExpression" in rule]
    assert {logical_id(only(rule["Targets"])["DeadLetterConfig"]["Arn"]) for rule in schedules} == {queue}
    (policy,) = (
        policy["PolicyDocument"]["Statement"]
        for policy in properties(response, "AWS::SQS::QueuePolicy")
        if logical_id(policy["Queues"][0]) == queue
    )
    (allowed,) = (statement for statement in policy if statement["Effect"] == "Allow")
    senders = {logical_id(arn) for arn in allowed["Condition"]["ArnEquals"]["aws:SourceArn"]}
    rules = resources(response, "AWS::Events::Rule")
    assert senders == {id_ for id_, rule in rules.items() if "ScheduleExpression" in rule["Properties"]}


@pytest.mark.parametrize(("metric", "field"), [("EndedEntries", "ended_entries"), ("StaleEntries", "stale_entries")])
def test_what_the_daily_review_counts_keeps_an_alarm_red_until_the_next_one(
    response: Template, metric: str, field: str
) -> None:
    alarm = alarm_on(response, metric)
    assert (alarm["Statistic"], alarm["Period"], alarm["Threshold"]) == ("Maximum", 86400, 0)
    assert alarm["TreatMissingData"] == "ignore"
    (filter_,) = (
        one
        for one in properties(response, "AWS::Logs::MetricFilter")
        if one["MetricTransformations"][0]["MetricName"] == metric
    )
    assert filter_["FilterPattern"] == f"{{ $.{field} = * }}"
    (transformation,) = filter_["MetricTransformations"]
    assert transformation["MetricValue"] == f"$.{field}"
    assert transformation["MetricNamespace"] == alarm["Namespace"] == "DetectionStack/sandbox"


def test_it_reads_in_its_own_regions_only(everything: Templates) -> None:
    statements = [
        statement
        for policy in properties(everything["prod-Response"], "AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        if "guardduty:ListFindings" in statement["Action"]
    ]
    assert only(statements)["Condition"] == {
        "StringEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-south-2", "ap-east-2"]}
    }


def test_its_memory_forgets_by_itself_and_can_be_restored(response: Template) -> None:
    tables = properties(response, "AWS::DynamoDB::Table")
    assert len(tables) == 2, "the ledger, and what the review remembers"
    for table in tables:
        assert table["TimeToLiveSpecification"] == {"AttributeName": "ExpiresAt", "Enabled": True}
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_without_egress_there_is_nothing_to_review(tmp_path: Path) -> None:
    without = deployment({**copy.deepcopy(SANDBOX_DATA), "egress": []})
    template = synthesize(without, outdir=tmp_path, checked=False)["sandbox-Response"]
    assert not functions(template, "suppression_review")
    assert list(resources(template, "AWS::DynamoDB::Table")) == ["LedgerTable487EE4D4"], "that of the notifiers"
    assert not [name for name in bus_rules(template) if name.startswith("notices-")]


@pytest.mark.parametrize("what", ["egress", "trusted_list"])
def test_what_has_ended_is_looked_at_as_before_until_the_last_entry_is_deleted(tmp_path: Path, what: str) -> None:
    """This stack is deployed first: other Regions still have the filters and the list when it is."""
    data = {"egress": [], "trusted_list": [], what: copy.deepcopy(EVERYTHING_DATA[what])}
    file = tmp_path / "prod.yaml"
    file.write_text(yaml.safe_dump(EVERYTHING_DATA | data, sort_keys=False), encoding="utf-8")
    last = max(entry["expires"] for entry in data[what])
    found = {}
    for when, today in {"counts": TODAY, "ended": last + timedelta(days=1)}.items():
        chosen = load(file, today=today).deployment
        assert bool(chosen.egress or chosen.trusted_list) is (when == "counts")
        template = synthesize(chosen, outdir=tmp_path / when, checked=False)["prod-Response"]
        (function,) = functions(template, "suppression_review").values()
        variables = function["Properties"]["Environment"]["Variables"]
        ((lists, limits),) = (
            (actions & {*READ_TRUSTED_LIST}, statement["Condition"])
            for role, statement in statements(template)
            if role == "SuppressionReviewWorkerRole"
            and "guardduty:ListFindings" in (actions := {*as_list(statement["Action"])})
        )
        found[when] = (variables["REGIONS"], variables["TRUSTED_ENTITY_SETS"], variables["IP_SETS"], lists, limits)
    regions = ["eu-central-1", "eu-south-2", "ap-east-2"]
    every = ",".join(regions)
    trusts = what == "trusted_list"
    assert found["ended"] == (
        every,
        "eu-central-1,ap-east-2" if trusts else "",
        "eu-south-2" if trusts else "",
        {*READ_TRUSTED_LIST} if trusts else set(),
        {"StringEquals": {"aws:RequestedRegion": regions}},
    )
    assert found["ended"] == found["counts"]


def runaways(template: Template) -> list[Template]:
    """The alarms on filters that hide a flood."""
    return [
        one
        for one in properties(template, "AWS::CloudWatch::Alarm")
        if "FindingsSuppressedByFilter" in str(one.get("Metrics"))
    ]


def test_a_filter_that_hides_a_flood_raises_an_alarm_in_its_region(everything: Templates) -> None:
    for region in ("eu-central-1", "eu-south-2", "ap-east-2"):
        template = everything[f"prod-Detection-{region}"]
        enforced = {one["Name"] for one in properties(template, "AWS::GuardDuty::Filter") if one["Action"] == "ARCHIVE"}
        (alarm,) = runaways(template)
        assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (25, "GreaterThanThreshold")
        highest, *metrics = alarm["Metrics"]
        filled = [f"FILL({one['Id']},0)" for one in metrics]
        assert highest["Expression"] == f"MAX([{','.join(filled)}])"
        assert highest["ReturnData"] is True
        watched = {
            metric["MetricStat"]["Metric"]["Dimensions"][0]["Value"]
            for metric in metrics
            if metric["MetricStat"]["Metric"]["MetricName"] == "FindingsSuppressedByFilter"
            and metric["MetricStat"]["Period"] == 3600
        }
        # Observing filters hide nothing.
        assert watched == enforced
        assert enforced


def test_every_filter_is_watched_however_many_there_are(tmp_path: Path) -> None:
    data = copy.deepcopy(EVERYTHING_DATA)
    data["egress"] = [
        {**data["egress"][0], "name": f"site-{number}", "cidrs": [f"198.51.100.{number * 2}"]} for number in range(23)
    ]
    template = synthesize(deployment(data), outdir=tmp_path, checked=False)["prod-Detection-eu-central-1"]
    alarms = [one["Metrics"] for one in runaways(template)]
    assert [len(metrics) - 1 for metrics in alarms] == [METRICS_OF_AN_ALARM, METRICS_OF_AN_ALARM, 3]
    names = [one["MetricStat"]["Metric"]["Dimensions"][0]["Value"] for metrics in alarms for one in metrics[1:]]
    assert sorted(names) == sorted(one["Name"] for one in properties(template, "AWS::GuardDuty::Filter"))
