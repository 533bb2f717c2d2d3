"""Alarms, schedules and state machines that are otherwise than declared are told."""

import json
from typing import Any

import pytest

from tests.unit.tools.stubbed_account import ACCOUNT, REGION, delivering, home
from tools.live.verdict import State

TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:operations"


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ({}, "none is red, each tells its topic"),
        ({"StateValue": "ALARM"}, "red: dead-letters (docs/operations.md)"),
        ({"ActionsEnabled": False}, "silenced, their actions are switched off: dead-letters; switch them on"),
        ({"AlarmActions": []}, "tell others than declared: dead-letters; deploy"),
        ({"AlarmActions": [TOPIC, "arn:aws:sns:x"]}, "tell others than declared: dead-letters; deploy"),
        ({"AlarmName": "other"}, "gone: dead-letters; deploy"),
    ],
)
def test_an_alarm_that_could_not_ring_is_told(found: dict[str, Any], says: str) -> None:
    account = home(services=("cloudwatch", "sns"), names={"A": "dead-letters", "T": TOPIC})
    account.stubs["sns"].add_response("list_subscriptions_by_topic", {"Subscriptions": []}, {"TopicArn": TOPIC})
    alarm = {"AlarmName": "dead-letters", "StateValue": "OK", "ActionsEnabled": True, "AlarmActions": [TOPIC]} | found
    alarms = [alarm] if alarm["AlarmName"] == "dead-letters" else []
    account.stubs["cloudwatch"].add_response("describe_alarms", {"MetricAlarms": alarms})
    declared = {"AlarmActions": [{"Ref": "T"}]}
    (check,) = delivering(account, ("A", "AWS::CloudWatch::Alarm", declared), ("T", "AWS::SNS::Topic", {}))
    assert check.detail == says


RULE = {"State": "ENABLED", "EventPattern": '{"source":["aws.guardduty"]}'}


@pytest.mark.parametrize(
    ("type_", "service", "operation", "error", "says", "rest"),
    [
        (
            "AWS::Events::Rule", "events", "describe_rule", "ResourceNotFoundException",
            "is gone, so nothing takes what it matches; deploy",
            [("list_targets_by_rule", {"Targets": [{"Id": "t", "Arn": "arn:aws:sqs:t"}]})],
        ),
        (
            "AWS::Events::Archive", "events", "describe_archive", "ResourceNotFoundException",
            "is gone, so findings cannot be replayed; deploy", [],
        ),
        (
            "AWS::Lambda::Function", "lambda", "get_function_configuration", "ResourceNotFoundException",
            "is gone, so it never runs; deploy", [("get_function_concurrency", {})],
        ),
        (
            "AWS::Lambda::EventSourceMapping", "lambda", "get_event_source_mapping", "ResourceNotFoundException",
            "is gone, so the messages in its queue wait; deploy", [],
        ),
        (
            "AWS::SQS::Queue", "sqs", "get_queue_attributes", "AWS.SimpleQueueService.NonExistentQueue",
            "is gone, so what cannot be delivered is lost; deploy", [],
        ),
    ],
)  # fmt: skip
def test_a_resource_that_somebody_deleted_is_told_and_those_after_it_are_looked_at(
    type_: str, service: str, operation: str, error: str, says: str, rest: list[tuple[str, dict[str, Any]]]
) -> None:
    account = home(services=(service,), names={"A": "q-" + "a" * 34, "B": "q-" + "b" * 34})
    answers: dict[str, dict[str, Any]] = {
        "describe_rule": RULE,
        "describe_archive": {"State": "ENABLED"},
        "get_function_configuration": {"State": "Active"},
        "get_event_source_mapping": {"State": "Enabled"},
        "get_queue_attributes": {"Attributes": {"ApproximateNumberOfMessages": "0"}},
    }
    account.stubs[service].add_client_error(operation, error, "no such thing")
    account.stubs[service].add_response(operation, answers[operation])
    for name, answer in rest:
        account.stubs[service].add_response(name, answer)
    rule = {"EventPattern": {"source": ["aws.guardduty"]}, "Targets": [{"Id": "t", "Arn": "arn:aws:sqs:t"}]}
    declared = rule if type_ == "AWS::Events::Rule" else {}
    first, second = delivering(account, ("A", type_, declared), ("B", type_, declared))
    assert (first.state, first.detail) == (State.WRONG, says)
    assert second.state is State.OK


def test_a_rule_that_nobody_may_look_at_is_unknown() -> None:
    account = home(services=("events",), names={"A": "q-a"})
    account.stubs["events"].add_client_error("describe_rule", "AccessDeniedException", "no")
    (check,) = delivering(account, ("A", "AWS::Events::Rule", {}))
    assert (check.state, check.area) == (State.UNKNOWN, "rules")


BUS = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/prod-findings"
SCHEDULE: dict[str, Any] = {
    "State": "ENABLED",
    "ScheduleExpression": "rate(1 hour)",
    "Target": {
        "Arn": BUS,
        "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/detection/beats",
        "Input": '{"heartbeat":true}',
        "EventBridgeParameters": {"Source": "detection-stack", "DetailType": "GuardDuty Finding"},
    },
}


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ({}, "enabled, as declared"),
        ({"State": "DISABLED"}, "is DISABLED, so it never comes; enable it"),
        ({"ScheduleExpression": "rate(1 day)"}, "comes at other times than declared (ScheduleExpression); deploy"),
        ({"EndDate": "2020-01-01T00:00:00Z"}, "comes at other times than declared (EndDate); deploy"),
        (
            {"ScheduleExpressionTimezone": "Asia/Tokyo"},
            "comes at other times than declared (ScheduleExpressionTimezone); deploy",
        ),
        ({"ScheduleExpressionTimezone": "UTC"}, "enabled, as declared"),
        ({"Target": {"Arn": f"{BUS}-2"}}, "has another target than declared (Arn); deploy"),
        ({"Target": {"Input": "{}"}}, "has another target than declared (Input); deploy"),
        (
            {"Target": {"EventBridgeParameters": {"Source": "other", "DetailType": "GuardDuty Finding"}}},
            "has another target than declared (EventBridgeParameters); deploy",
        ),
        ({"Target": {"RoleArn": "other"}}, "has another target than declared (RoleArn); deploy"),
    ],
)
def test_a_schedule_that_is_otherwise_is_told(found: dict[str, Any], says: str) -> None:
    account = home(services=("scheduler",), names={"H": "prod-heartbeat", "R": "beats"})
    reply = SCHEDULE | found | {"Target": SCHEDULE["Target"] | found.get("Target", {})}
    account.stubs["scheduler"].add_response("get_schedule", reply, {"Name": "prod-heartbeat"})
    parts = ["arn:", {"Ref": "AWS::Partition"}, f":events:{REGION}:{ACCOUNT}:event-bus/prod-findings"]
    role = {"Fn::GetAtt": ["R", "Arn"]}
    declared = SCHEDULE | {"Target": SCHEDULE["Target"] | {"Arn": {"Fn::Join": ["", parts]}, "RoleArn": role}}
    (check,) = delivering(
        account, ("H", "AWS::Scheduler::Schedule", declared), ("R", "AWS::IAM::Role", {"Path": "/detection/"})
    )
    assert check.detail == says


MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:Investigation"


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ({}, "active, with the declared steps"),
        ({"status": "DELETING"}, "is DELETING"),
        ({"definition": '{"StartAt":"Report"}'}, "has other steps than declared; deploy"),
    ],
)
def test_a_state_machine_that_is_otherwise_is_told(found: dict[str, Any], says: str) -> None:
    account = home(services=("stepfunctions", "lambda"), names={"M": MACHINE, "W": "worker"})
    account.stubs["lambda"].add_response("get_function_configuration", {"State": "Active"})
    account.stubs["lambda"].add_response("get_function_concurrency", {})
    worker = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:worker"
    reply = {
        "stateMachineArn": MACHINE,
        "name": "Investigation",
        "roleArn": "role",
        "type": "STANDARD",
        "creationDate": "2026-11-23T00:00:00Z",
        "status": "ACTIVE",
        "definition": json.dumps({"StartAt": "Plan", "States": {"Plan": {"Resource": worker}}}),
    }
    account.stubs["stepfunctions"].add_response("describe_state_machine", reply | found, {"stateMachineArn": MACHINE})
    steps = ['{"StartAt":"Plan","States":{"Plan":{"Resource":"', {"Fn::GetAtt": ["W", "Arn"]}, '"}}}']
    declared = {"DefinitionString": {"Fn::Join": ["", steps]}}
    checks = delivering(
        account, ("M", "AWS::StepFunctions::StateMachine", declared), ("W", "AWS::Lambda::Function", {})
    )
    assert [one.detail for one in checks if one.area == "state machines"] == [says]


def test_steps_and_targets_that_the_template_names_in_an_unknown_way_are_unknown() -> None:
    account = home(services=("stepfunctions", "scheduler"), names={"M": MACHINE, "H": "prod-heartbeat"})
    account.stubs["scheduler"].add_response("get_schedule", SCHEDULE)
    account.stubs["stepfunctions"].add_response(
        "describe_state_machine",
        {
            "stateMachineArn": MACHINE,
            "name": "Investigation",
            "roleArn": "role",
            "type": "STANDARD",
            "creationDate": "2026-11-23T00:00:00Z",
            "definition": "{}",
        },
    )
    elsewhere = {"Fn::ImportValue": "elsewhere"}
    checks = delivering(
        account,
        ("H", "AWS::Scheduler::Schedule", SCHEDULE | {"Target": {"Arn": elsewhere}}),
        ("M", "AWS::StepFunctions::StateMachine", {"DefinitionString": elsewhere}),
    )
    assert [one.state for one in checks] == [State.UNKNOWN, State.UNKNOWN]


def test_what_is_gone_is_told_and_the_others_are_looked_at() -> None:
    names = {"M": MACHINE, "H": "prod-heartbeat", "I": "prod-other"}
    account = home(services=("stepfunctions", "scheduler"), names=names)
    account.stubs["scheduler"].add_client_error("get_schedule", "ResourceNotFoundException")
    account.stubs["scheduler"].add_response("get_schedule", SCHEDULE, {"Name": "prod-other"})
    account.stubs["stepfunctions"].add_client_error("describe_state_machine", "StateMachineDoesNotExist")
    checks = delivering(
        account,
        ("H", "AWS::Scheduler::Schedule", SCHEDULE),
        ("I", "AWS::Scheduler::Schedule", SCHEDULE),
        ("M", "AWS::StepFunctions::StateMachine", {"DefinitionString": "{}"}),
    )
    assert [(one.subject, one.state, one.detail) for one in checks] == [
        ("prod-heartbeat", State.WRONG, "is gone, so it never comes; deploy"),
        ("prod-other", State.OK, "enabled, as declared"),
        ("Investigation", State.WRONG, "is gone; deploy"),
    ]


def test_an_alarm_that_tells_whom_nobody_can_name_is_unknown_and_the_others_are_looked_at() -> None:
    account = home(services=("cloudwatch", "sns"), names={"A": "dead-letters", "B": "age", "T": TOPIC})
    account.stubs["sns"].add_response("list_subscriptions_by_topic", {"Subscriptions": []}, {"TopicArn": TOPIC})
    alarm = {"AlarmName": "age", "StateValue": "OK", "ActionsEnabled": True, "AlarmActions": [TOPIC]}
    account.stubs["cloudwatch"].add_response("describe_alarms", {"MetricAlarms": [alarm]}, {"AlarmNames": ["age"]})
    checks = delivering(
        account,
        ("A", "AWS::CloudWatch::Alarm", {"AlarmActions": [{"Fn::ImportValue": "topic"}]}),
        ("B", "AWS::CloudWatch::Alarm", {"AlarmActions": [{"Ref": "T"}]}),
        ("T", "AWS::SNS::Topic", {}),
    )
    assert [(one.subject, one.state) for one in checks] == [("dead-letters", State.UNKNOWN), ("1 alarms", State.OK)]


CHAT = "https://global.sns-api.chatbot.amazonaws.com"


@pytest.mark.parametrize(
    ("declared", "endpoint", "state"),
    [
        pytest.param(False, CHAT, State.OK, id="a-chat-channel"),
        pytest.param(True, CHAT, State.WRONG, id="a-chat-channel-on-a-topic-of-mails"),
        pytest.param(False, CHAT.replace("https", "http"), State.WRONG, id="plain-http"),
        pytest.param(False, f"https://evil.example/{CHAT}", State.WRONG, id="somebody-who-names-it"),
        pytest.param(False, f"{CHAT}.evil.example", State.WRONG, id="somebody-whose-name-begins-so"),
        pytest.param(False, "arn:aws:sqs:eu-west-1:999900001111:q", State.WRONG, id="a-queue"),
    ],
)
def test_whoever_reads_a_topic_and_was_not_declared_is_told(endpoint: str, state: State, *, declared: bool) -> None:
    """Also of a topic without any mail, which is the one that a chat program reads."""
    account = home(services=("sns",), names={"T": TOPIC, "S": "s"})
    mail = {"Endpoint": "a@example.com", "SubscriptionArn": f"{TOPIC}:1"}
    found = [{"Endpoint": endpoint, "SubscriptionArn": f"{TOPIC}:2"}, *([mail] if declared else [])]
    account.stubs["sns"].add_response("list_subscriptions_by_topic", {"Subscriptions": found}, {"TopicArn": TOPIC})
    resources: list[tuple[str, str, dict[str, Any]]] = [("T", "AWS::SNS::Topic", {})]
    if declared:
        resources.append(("S", "AWS::SNS::Subscription", {"TopicArn": {"Ref": "T"}, "Endpoint": "a@example.com"}))
    checks = {one.subject.partition(" to ")[0]: one.state for one in delivering(account, *resources)}
    assert checks.pop(endpoint) is state
    assert set(checks.values()) <= {State.OK}
