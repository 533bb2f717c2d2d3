"""Alarms, schedules and state machines that are otherwise than declared are told."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.unit.tools.stubbed_account import ACCOUNT, DEPLOYED, REGION, Account, assembly, delivering, home
from tools.live.verdict import State
from tools.verify.__main__ import main
from tools.verify.run import verify

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


def heartbeats(*, red: tuple[str, ...], silenced: bool = False, was: tuple[str, ...] | None = None) -> Account:
    """A stack with two alarms, of which the first says that silence is bad.

    Args:
        red: Those that are red now.
        silenced: Whether their actions are switched off.
        was: What the first has been, the newest last, if that is asked for.
    """
    account = home(services=("cloudwatch", "sns"), names={"A": "heartbeat", "B": "dead-letters", "T": TOPIC})
    account.stubs["sns"].add_response("list_subscriptions_by_topic", {"Subscriptions": []}, {"TopicArn": TOPIC})
    alarms = [
        {
            "AlarmName": name,
            "StateValue": "ALARM" if name in red else "OK",
            "ActionsEnabled": not silenced,
            "AlarmActions": [TOPIC],
        }
        for name in ("heartbeat", "dead-letters")
    ]
    account.stubs["cloudwatch"].add_response("describe_alarms", {"MetricAlarms": alarms})
    if was is not None:
        changes = [json.dumps({"version": "1.0", "newState": {"stateValue": state}}) for state in reversed(was)]
        account.stubs["cloudwatch"].add_response(
            "describe_alarm_history",
            {"AlarmHistoryItems": [{"AlarmName": "heartbeat", "HistoryData": change} for change in changes]},
            {"AlarmName": "heartbeat", "AlarmTypes": ["MetricAlarm"], "HistoryItemType": "StateUpdate"},
        )
    return account


NEVER = ("INSUFFICIENT_DATA", "ALARM")
"""What a new alarm has been that never heard anything."""


SILENCE_IS_BAD = assembly(
    ("A", "AWS::CloudWatch::Alarm", {"AlarmActions": [{"Ref": "T"}], "TreatMissingData": "breaching"}),
    ("B", "AWS::CloudWatch::Alarm", {"AlarmActions": [{"Ref": "T"}], "TreatMissingData": "notBreaching"}),
    ("T", "AWS::SNS::Topic", {}),
)
NOT_HEARD = (
    "red, as nothing is heard yet: heartbeat; passes here, since the first heartbeat or review may come after this wave"
    " (docs/operations.md)"
)


@pytest.mark.parametrize(
    ("red", "options", "told", "code"),
    [
        pytest.param(("heartbeat",), [], [("wrong", "red: heartbeat (docs/operations.md)")], 1, id="strict"),
        pytest.param(("heartbeat",), ["--not-yet-heard"], [("unknown", NOT_HEARD)], 0, id="a-wave"),
        pytest.param(
            ("heartbeat", "dead-letters"),
            ["--not-yet-heard"],
            [("unknown", NOT_HEARD), ("wrong", "red: dead-letters (docs/operations.md)")],
            1,
            id="red-for-another-reason",
        ),
        pytest.param(
            ("dead-letters",),
            ["--not-yet-heard"],
            [("wrong", "red: dead-letters (docs/operations.md)")],
            1,
            id="another-red-alone",
        ),
    ],
)
def test_an_alarm_that_has_heard_nothing_is_listed_and_lets_a_wave_pass(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    red: tuple[str, ...],
    options: list[str],
    told: list[tuple[str, str]],
    code: int,
) -> None:
    """Heartbeats come from stacks of later waves: a wave that waited for them would never let those begin."""
    account = heartbeats(red=red, was=NEVER if options and "heartbeat" in red else None)
    for stub in account.stubs.values():
        stub.activate()
    monkeypatch.setattr("tools.verify.__main__.read_assembly", lambda _folder: SILENCE_IS_BAD)
    assert main(options, client_of=account.client_of) == code
    lines = capsys.readouterr().out.splitlines()
    for state, detail in told:
        assert [one for one in lines if one.startswith(f"{state} ") and one.endswith(detail)], lines
    assert sum(" alarms " in one for one in lines) == len(told)


def test_an_alarm_that_hears_nothing_any_longer_stops_a_wave() -> None:
    account = heartbeats(red=("heartbeat",), was=("INSUFFICIENT_DATA", "OK", "ALARM"))
    for stub in account.stubs.values():
        stub.activate()
    found = verify(SILENCE_IS_BAD, client_of=account.client_of, not_yet_heard=True)
    assert [(one.state, one.detail) for one in found if one.area == "alarms"] == [
        (State.WRONG, "red: heartbeat (docs/operations.md)")
    ]


def test_an_alarm_that_has_heard_nothing_and_could_not_tell_is_wrong_in_a_wave_too() -> None:
    account = heartbeats(red=("heartbeat",), silenced=True, was=NEVER)
    for stub in account.stubs.values():
        stub.activate()
    found = verify(SILENCE_IS_BAD, client_of=account.client_of, not_yet_heard=True)
    assert [(one.state, one.awaited, one.subject) for one in found if one.area == "alarms"] == [
        (State.UNKNOWN, True, "1 of 2 alarms"),
        (State.WRONG, False, "2 alarms"),
    ]


def red_alarm(*, turned: datetime, metric: str = "Age") -> Account:
    account = home(services=("cloudwatch", "sns"), names={"A": "age", "T": TOPIC})
    account.stubs["sns"].add_response("list_subscriptions_by_topic", {"Subscriptions": []}, {"TopicArn": TOPIC})
    alarm = {"AlarmName": "age", "StateValue": "ALARM", "ActionsEnabled": True, "AlarmActions": [TOPIC]}
    alarm |= {"StateTransitionedTimestamp": turned, "MetricName": metric}
    account.stubs["cloudwatch"].add_response("describe_alarms", {"MetricAlarms": [alarm]})
    for stub in account.stubs.values():
        stub.activate()
    return account


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("turned", "since", "wave", "passes"),
    [
        pytest.param(DEPLOYED - HOUR, None, True, True, id="before-the-stack-was-updated"),
        pytest.param(DEPLOYED + HOUR, None, True, False, id="after-it"),
        pytest.param(
            DEPLOYED + HOUR,
            DEPLOYED + 2 * HOUR,
            True,
            True,
            id="before-a-deployment-without-changes",
        ),
        pytest.param(DEPLOYED + 3 * HOUR, DEPLOYED + 2 * HOUR, True, False, id="after-that"),
        pytest.param(DEPLOYED + HOUR, DEPLOYED - HOUR, True, False, id="a-time-of-long-ago"),
        pytest.param(DEPLOYED - HOUR, None, False, False, id="at-night"),
    ],
)
def test_only_an_alarm_that_turned_red_with_the_deployment_stops_a_wave(
    turned: datetime, since: datetime | None, *, wave: bool, passes: bool
) -> None:
    """One that was red before would block the very deployment that mends it."""
    declared = assembly(("A", "AWS::CloudWatch::Alarm", {"AlarmActions": [{"Ref": "T"}]}), ("T", "AWS::SNS::Topic", {}))
    account = red_alarm(turned=turned)
    checks = [
        one
        for one in verify(declared, client_of=account.client_of, since=since, not_yet_heard=wave)
        if one.area == "alarms"
    ]
    told = [(one.state, one.awaited, one.detail) for one in checks]
    if passes:
        assert told == [
            (
                State.UNKNOWN,
                True,
                "red since before this deployment began: age; passes here, since this may be what mends it, now or in a"
                " later wave (docs/operations.md)",
            ),
            (State.OK, False, "no other is red, each tells its topic"),
        ]
    else:
        assert told == [(State.WRONG, False, "red: age (docs/operations.md)")]


@pytest.mark.parametrize("metric", ["LeftOutAccounts", "SilentAccounts"])
def test_an_alarm_on_accounts_that_are_left_out_stops_no_wave(metric: str) -> None:
    """It rings with the deployment that leaves them out, and each is told of by itself."""
    properties = {"AlarmActions": [{"Ref": "T"}], "MetricName": metric}
    declared = assembly(("A", "AWS::CloudWatch::Alarm", properties), ("T", "AWS::SNS::Topic", {}))
    for not_yet_heard in (True, False):
        account = red_alarm(turned=DEPLOYED + HOUR, metric=metric)
        found = verify(declared, client_of=account.client_of, not_yet_heard=not_yet_heard)
        wrong = [one for one in found if one.area == "alarms" and one.state is State.WRONG]
        assert bool(wrong) is not not_yet_heard


@pytest.mark.parametrize("text", ["yesterday", "2026-11-23T10:00:00"])
def test_fails_for_a_moment_without_its_zone(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--since", text])
    said = "--since: must be a time with its zone, such as 2026-11-23T10:00:00Z, got"
    assert said in capsys.readouterr().err


def test_a_wave_is_verified_from_when_its_templates_were_made(project: Path) -> None:
    """Also where CloudFormation had nothing to change, and the stack bears an older time.

    A wave that is tried again deploys the same templates: what the first attempt made red is not older than they are.
    """
    makefile = (project / "Makefile").read_text(encoding="utf-8")
    recipes = dict(re.findall(r"^([a-z-]+):.*\n((?:\t.*\n)+)", makefile, re.MULTILINE))
    assert recipes["synth"].endswith('date -u +%Y-%m-%dT%H:%M:%SZ > "$${CDK_OUTDIR:-cdk.out}/made"\n')
    assert "made=$$(cat cdk.out/made 2>/dev/null || true)" in recipes["verify-wave"]
    assert '$${made:+--since "$$made"}' in recipes["verify-wave"]


def test_what_is_not_red_is_said_of_the_others_only() -> None:
    account = heartbeats(red=("heartbeat",), was=NEVER)
    for stub in account.stubs.values():
        stub.activate()
    found = verify(SILENCE_IS_BAD, client_of=account.client_of, not_yet_heard=True)
    assert [one.detail for one in found if one.area == "alarms"] == [NOT_HEARD, "no other is red, each tells its topic"]


def test_a_wave_waits_for_no_heartbeat_and_the_night_does(project: Path) -> None:
    makefile = (project / "Makefile").read_text(encoding="utf-8")
    called = {
        target: [line for line in recipe.splitlines() if "-m tools verify" in line]
        for target, recipe in re.findall(r"^([a-z-]+):.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    }
    assert {target: "--not-yet-heard" in lines[0] for target, lines in called.items() if lines} == {
        "verify-wave": True,
        "drift": False,
    }
