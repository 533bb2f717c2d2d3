"""Each thing that can be otherwise than declared is told, and what cannot be looked at is never called fine."""

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from tests.unit.tools.stubbed_account import ACCOUNT, DEPLOYED, REGION, Account, assembly, delivering, home
from tools.live.clients import WrongAccountError
from tools.live.verdict import State, passes
from tools.templates.assembly import Assembly
from tools.verify.__main__ import main
from tools.verify.check import Check
from tools.verify.run import verify

TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:operations"
DETECTOR = "12abc34d567e8fa901bc2d34e56789f0"
CRITERION = {"type": {"Equals": ["Some:Type/Name"]}}
FILTER: dict[str, Any] = {
    "Name": "prod-dc-01",
    "Action": "ARCHIVE",
    "FindingCriteria": {"Criterion": CRITERION},
    "Tags": [{"Key": "owner", "Value": "network-ops"}],
}
FOUND_FILTER: dict[str, Any] = {
    "Name": "prod-dc-01",
    "Action": "ARCHIVE",
    "FindingCriteria": {"Criterion": CRITERION},
    "Tags": {"owner": "network-ops"},
}
DECLARED_DETECTOR: dict[str, Any] = {
    "Enable": True,
    "FindingPublishingFrequency": "FIFTEEN_MINUTES",
    "Features": [
        {"Name": "S3_DATA_EVENTS", "Status": "ENABLED"},
        {
            "Name": "RUNTIME_MONITORING",
            "Status": "ENABLED",
            "AdditionalConfiguration": [{"Name": "EC2_AGENT_MANAGEMENT", "Status": "ENABLED"}],
        },
    ],
}
FOUND_DETECTOR: dict[str, Any] = {
    "Status": "ENABLED",
    "ServiceRole": "role",
    "FindingPublishingFrequency": "FIFTEEN_MINUTES",
    "Features": [
        {"Name": "S3_DATA_EVENTS", "Status": "ENABLED"},
        {
            "Name": "RUNTIME_MONITORING",
            "Status": "ENABLED",
            "AdditionalConfiguration": [{"Name": "EC2_AGENT_MANAGEMENT", "Status": "ENABLED"}],
        },
    ],
}


DETECTION = assembly(("D", "AWS::GuardDuty::Detector", DECLARED_DETECTOR), ("F", "AWS::GuardDuty::Filter", FILTER))


@pytest.fixture
def account() -> Account:
    made = Account()
    made.lists({"D": DETECTOR, "F": "prod-dc-01"})
    for stub in made.stubs.values():
        stub.activate()
    return made


def checked(
    account: Account, *, detector: dict[str, Any] = FOUND_DETECTOR, found: dict[str, Any] | None = None, names: int = 1
) -> dict[tuple[str, str], Check]:
    guardduty = account.stubs["guardduty"]
    guardduty.add_response("get_detector", detector)
    guardduty.add_response("list_filters", {"FilterNames": ["prod-dc-01", "theirs"][:names] if found else ["theirs"]})
    if found:
        guardduty.add_response("get_filter", found)
    return {(one.area, one.subject): one for one in verify(DETECTION, client_of=account.client_of)}


def wrong(checks: dict[tuple[str, str], Check]) -> dict[str, str]:
    return {area: one.detail for (area, _), one in checks.items() if one.state is not State.OK}


def test_what_is_as_declared_passes(account: Account) -> None:
    checks = checked(account, found=FOUND_FILTER, names=2)
    assert wrong(checks) == {}
    assert passes(checks.values())
    assert checks["filters", "count"].detail == "1 ours, 1 of others, of 100 in the Region"


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("Status",), "DISABLED", "GuardDuty is DISABLED; switch it on or deploy"),
        (("FindingPublishingFrequency",), "SIX_HOURS", "publishes SIX_HOURS, declared is FIFTEEN_MINUTES"),
        (("Features", 0, "Status"), "DISABLED", "S3_DATA_EVENTS is DISABLED, declared is ENABLED"),
        (("Features", 0, "Name"), "RDS_LOGIN_EVENTS", "S3_DATA_EVENTS is not known there, declared is ENABLED"),
        (
            ("Features", 1, "AdditionalConfiguration", 0, "Status"),
            "DISABLED",
            "EC2_AGENT_MANAGEMENT is DISABLED, declared is ENABLED",
        ),
        (
            ("Features", 1, "AdditionalConfiguration", 0, "Name"),
            "ECS_FARGATE_AGENT_MANAGEMENT",
            "EC2_AGENT_MANAGEMENT is not known there, declared is ENABLED",
        ),
    ],
)
def test_a_detector_that_is_otherwise_is_told(
    account: Account, path: tuple[str | int, ...], value: str, says: str
) -> None:
    detector: Any = copy.deepcopy(FOUND_DETECTOR)
    place = detector
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert wrong(checked(account, detector=detector, found=FOUND_FILTER)) == {"detector": says}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"Action": "NOOP"}, "does NOOP, declared is ARCHIVE"),
        (
            {"FindingCriteria": {"Criterion": {"severity": {"GreaterThanOrEqual": 1}}}},
            "matches something else than declared: somebody edited it, or the deployment has not run",
        ),
        ({"Tags": {"owner": "somebody"}}, "has other tags than declared (owner)"),
    ],
)
def test_a_filter_that_somebody_edited_is_told(account: Account, change: dict[str, Any], says: str) -> None:
    assert wrong(checked(account, found=FOUND_FILTER | change)) == {"filters": says}


def test_a_filter_that_is_gone_is_told(account: Account) -> None:
    assert wrong(checked(account)) == {"filters": "is not there: its findings are not suppressed; deploy"}


def test_what_may_not_be_read_is_unknown_and_does_not_pass(account: Account) -> None:
    stub = account.stubs["guardduty"]
    stub.add_client_error("get_detector", "AccessDeniedException", "no")
    stub.add_client_error("list_filters", "AccessDeniedException", "no")
    checks = list(verify(DETECTION, client_of=account.client_of))
    unknown = {one.area: one.detail for one in checks if one.state is State.UNKNOWN}
    assert unknown == {
        "detectors": "could not be looked at: GetDetector: AccessDeniedException: no",
        "filters": "could not be looked at: ListFilters: AccessDeniedException: no",
    }
    assert not passes(checks)


def test_a_resource_that_is_not_deployed_is_wrong() -> None:
    account = Account()
    account.lists({"F": "prod-dc-01", "Old": "x"})
    for stub in account.stubs.values():
        stub.activate()
    found = [
        (one.area, one.detail) for one in verify(DETECTION, client_of=account.client_of) if one.state is State.WRONG
    ]
    assert (
        "stack",
        "1 not deployed (D…); deploy; 1 deployed that the template does not declare (Old…); deploy",
    ) in found
    assert ("detectors", "D is not deployed; deploy prod") in found


def test_a_stack_that_is_not_there_is_wrong() -> None:
    account = Account()
    account.stubs["cloudformation"].add_client_error("list_stack_resources", "ValidationError", "does not exist")
    for stub in account.stubs.values():
        stub.activate()
    (check,) = verify(DETECTION, client_of=account.client_of)
    assert (check.state, check.area) == (State.WRONG, "stack")
    assert check.detail == "is not deployed in eu-west-1; deploy it (docs/deploy.md)"


def test_a_stack_that_cannot_be_looked_at_is_unknown() -> None:
    account = Account()
    account.stubs["cloudformation"].add_client_error("list_stack_resources", "AccessDenied", "no")
    for stub in account.stubs.values():
        stub.activate()
    (check,) = verify(DETECTION, client_of=account.client_of)
    assert (check.state, check.area) == (State.UNKNOWN, "stack")


def one_stack(folder: Path) -> None:
    stack = {
        "type": "aws:cloudformation:stack",
        "environment": "aws://111122223333/eu-west-1",
        "properties": {"templateFile": "prod.template.json"},
    }
    (folder / "manifest.json").write_text(json.dumps({"artifacts": {"prod-Response": stack}}))
    (folder / "prod.template.json").write_text("{}")


def test_fails_for_a_stack_that_there_is_not_and_lists_those_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one_stack(tmp_path)
    assert main(["--app", str(tmp_path), "--stack", "nope"], client_of=Account().client_of) == 2
    assert capsys.readouterr().err == "verify: --stack: no stack 'nope'; known: prod-Response\n"


def in_two_accounts() -> Assembly:
    """Two stacks of the security account, and one of the management account."""
    (stack,) = assembly().stacks.values()
    stacks = [
        replace(stack, name="prod-Response"),
        replace(stack, name="prod-Delegation", account="999900001111"),
        replace(stack, name="prod-Detection-eu-west-1"),
    ]
    return Assembly(folder=Path("cdk.out"), stacks={one.name: one for one in stacks})


@pytest.mark.parametrize(
    ("named", "seen"),
    [
        pytest.param((), ["prod-Response", "prod-Detection-eu-west-1"], id="all"),
        pytest.param(("prod-Detection-*",), ["prod-Detection-eu-west-1"], id="by-a-star"),
    ],
)
def test_stacks_of_another_account_are_left_out_and_named(named: tuple[str, ...], seen: list[str]) -> None:
    account = Account()
    for _ in seen:
        account.lists({})
    for stub in account.stubs.values():
        stub.activate()
    told: list[str] = []
    checks = list(verify(in_two_accounts(), client_of=account.client_of, stacks_named=named, tell=told.append))
    assert list(dict.fromkeys(one.stack for one in checks)) == seen
    left_out = (
        "left out, as the credentials are of 111122223333: prod-Delegation; run it again with those of 999900001111"
    )
    assert told == ([] if named else [left_out])


def test_a_stack_of_another_account_that_was_asked_for_by_name_is_not_passed_over() -> None:
    account = Account()
    account.stubs["sts"].activate()
    with pytest.raises(WrongAccountError, match="prod-Delegation: is for account 999900001111"):
        list(verify(in_two_accounts(), client_of=account.client_of, stacks_named=["prod-Delegation"]))


def test_fails_with_the_credentials_of_another_account(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    account = Account(account="444455556666")
    account.stubs["sts"].activate()
    with pytest.raises(
        WrongAccountError, match="prod: is for account 111122223333, the credentials are of 444455556666"
    ):
        list(verify(DETECTION, client_of=account.client_of))
    one_stack(tmp_path)
    account = Account(account="444455556666")
    account.stubs["sts"].activate()
    assert main(["--app", str(tmp_path)], client_of=account.client_of) == 2
    assert capsys.readouterr().err.startswith(
        "verify: prod-Response: is for account 111122223333, the credentials are of 444455556666; use those of"
    )


def test_fails_with_credentials_that_nobody_takes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one_stack(tmp_path)
    sts = boto3.client("sts", "eu-west-1")
    with Stubber(sts) as stub:
        stub.add_client_error("get_caller_identity", "ExpiredToken", "the token has expired")
        assert main(["--app", str(tmp_path)], client_of=lambda *_: sts) == 2
    assert capsys.readouterr() == (
        "",
        "verify: no usable credentials: GetCallerIdentity: ExpiredToken: the token has expired; set AWS_PROFILE, or "
        "give --profile\n",
    )


def test_fails_for_templates_without_a_stack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": {}}))
    assert main(["--app", str(tmp_path)], client_of=Account().client_of) == 2
    assert "holds no stack" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("status", "ok"),
    [
        ("CREATE_COMPLETE", True),
        ("UPDATE_ROLLBACK_COMPLETE", False),
        ("ROLLBACK_COMPLETE", False),
        ("UPDATE_IN_PROGRESS", False),
    ],
)
def test_only_a_stack_whose_last_operation_succeeded_is_fine(status: str, *, ok: bool) -> None:
    assert (of_a_stack(status).state is State.OK) is ok


def of_a_stack(status: str, reason: str = "") -> Check:
    account = Account()
    account.stubs["cloudformation"].add_response("list_stack_resources", {"StackResourceSummaries": []})
    found = {"StackName": "prod", "CreationTime": DEPLOYED, "StackStatus": status, "StackStatusReason": reason}
    account.stubs["cloudformation"].add_response("describe_stacks", {"Stacks": [found]})
    for stub in account.stubs.values():
        stub.activate()
    return next(verify(assembly(), client_of=account.client_of))


def test_a_stack_that_let_go_of_what_it_could_not_delete_is_wrong() -> None:
    """It ends green: CloudFormation deletes after the update, and gives up after three attempts."""
    reason = "Update successful. One or more resources could not be deleted."
    found = of_a_stack("UPDATE_COMPLETE", reason)
    assert (found.state, found.detail) == (
        State.WRONG,
        f"is UPDATE_COMPLETE, and says '{reason}': what was to go is still there, in no stack; its events name it"
        " (docs/operations.md#take-a-region-out)",
    )
    assert of_a_stack("UPDATE_COMPLETE", "User Initiated").state is State.OK


@pytest.mark.parametrize(("status", "ends"), [("ACTIVATING", False), ("INACTIVE", True), ("ERROR", True)])
def test_a_trusted_list_that_is_being_activated_stops_the_night_and_no_wave(status: str, *, ends: bool) -> None:
    for not_yet_heard in (False, True):
        account = home(services=(), names={"D": DETECTOR, "T": f"{DETECTOR}|list-1"})
        guardduty = account.stubs["guardduty"]
        guardduty.add_response("get_detector", FOUND_DETECTOR)
        guardduty.add_response("list_filters", {"FilterNames": []})
        answer = {"Name": "x", "Format": "TXT", "Location": "s3://cdk/abc.txt", "Status": status}
        guardduty.add_response("get_trusted_entity_set", answer)
        checks = delivering(
            account,
            ("D", "AWS::GuardDuty::Detector", DECLARED_DETECTOR),
            ("T", "AWS::GuardDuty::TrustedEntitySet", {"Location": {"Fn::Sub": "s3://cdk-${AWS::Region}/abc.txt"}}),
            not_yet_heard=not_yet_heard,
        )
        assert passes(one for one in checks if not one.awaited) is (not_yet_heard and not ends)


@pytest.mark.parametrize(
    ("found", "wave", "says"),
    [
        (MAIL_CONFIRMED := "arn:aws:sns:eu-west-1:111122223333:topic:1", True, "confirmed"),
        ("PendingConfirmation", True, "has not confirmed the mail that SNS sent, so it gets nothing; confirm it"),
        ("", False, "is not subscribed: it gets nothing; deploy"),
    ],
)
def test_a_mail_that_waits_for_its_reader_stops_the_night_and_no_wave(found: str, *, wave: bool, says: str) -> None:
    """Nobody confirms a mail in the seconds between a deployment and its verification."""
    for not_yet_heard in (False, True):
        account = home(services=("sns",), names={"T": TOPIC, "S": "pending"})
        subscribed = [{"Endpoint": "a@example.com", "SubscriptionArn": found}] if found else []
        account.stubs["sns"].add_response("list_subscriptions_by_topic", {"Subscriptions": subscribed})
        (check,) = delivering(
            account,
            ("T", "AWS::SNS::Topic", {}),
            ("S", "AWS::SNS::Subscription", {"TopicArn": {"Ref": "T"}, "Endpoint": "a@example.com"}),
            not_yet_heard=not_yet_heard,
        )
        assert check.detail.startswith(says)
        passing = check.state is State.OK or check.awaited
        assert passing is (found == MAIL_CONFIRMED or (not_yet_heard and wave))


def test_dead_letters_stop_the_night_and_no_wave() -> None:
    """One of them would block the deployment that mends what made it; the queue's alarm tells of new ones."""
    for not_yet_heard in (False, True):
        account = home(services=("sqs",), names={"Q": "https://sqs/letters-of-the-hub"})
        attributes = {"ApproximateNumberOfMessages": "3"}
        account.stubs["sqs"].add_response("get_queue_attributes", {"Attributes": attributes})
        (check,) = delivering(account, ("Q", "AWS::SQS::Queue", {}), not_yet_heard=not_yet_heard)
        assert check.detail.startswith("3 messages wait: read them, then send them again")
        assert (check.state, check.awaited) == ((State.UNKNOWN, True) if not_yet_heard else (State.WRONG, False))


def test_a_trusted_list_that_is_not_active_is_wrong() -> None:
    account = Account()
    account.lists({"D": DETECTOR, "T": f"{DETECTOR}|list-1"})
    declared = {"Location": {"Fn::Sub": "s3://cdk-${AWS::Region}/abc.txt"}, "Activate": True}
    guardduty = account.stubs["guardduty"]
    guardduty.add_response("get_detector", FOUND_DETECTOR)
    guardduty.add_response("list_filters", {"FilterNames": []})
    answer = {"Name": "x", "Format": "TXT", "Location": "s3://cdk/old.txt", "Status": "ERROR", "ErrorDetails": "denied"}
    asked = {"DetectorId": DETECTOR, "TrustedEntitySetId": "list-1"}
    guardduty.add_response("get_trusted_entity_set", answer, asked)
    for stub in account.stubs.values():
        stub.activate()
    trusting = assembly(
        ("D", "AWS::GuardDuty::Detector", DECLARED_DETECTOR), ("T", "AWS::GuardDuty::TrustedEntitySet", declared)
    )
    (check,) = (one for one in verify(trusting, client_of=account.client_of) if one.area == "trusted list")
    assert check.state is State.WRONG
    assert check.detail == (
        "is ERROR (denied); activation takes up to 40 minutes; reads old.txt, which is not the declared file; deploy"
    )


def test_a_subscription_whose_topic_cannot_be_told_is_unknown() -> None:
    account = Account()
    account.lists({"S": "arn:aws:sns:eu-west-1:111122223333:topic:1"})
    for stub in account.stubs.values():
        stub.activate()
    imported = {"TopicArn": {"Fn::ImportValue": "topic"}, "Protocol": "email", "Endpoint": "a@example.com"}
    declared = assembly(("S", "AWS::SNS::Subscription", imported))
    (check,) = (one for one in verify(declared, client_of=account.client_of) if one.area == "subscriptions")
    assert (check.state, check.subject) == (State.UNKNOWN, "a@example.com")


RULE: dict[str, Any] = {
    "EventPattern": {"source": ["aws.guardduty"]},
    "Targets": [
        {
            "Id": "mail",
            "Arn": {"Fn::GetAtt": ["Q", "Arn"]},
            "DeadLetterConfig": {"Arn": {"Fn::GetAtt": ["L", "Arn"]}},
        }
    ],
}
UUID = "11111111-2222-3333-4444-555555555555"
LETTERS = f"arn:aws:sqs:{REGION}:{ACCOUNT}:letters"


@pytest.mark.parametrize(
    ("arn", "letters", "says"),
    [
        (f"arn:aws:sqs:{REGION}:{ACCOUNT}:queue", LETTERS, ""),
        (
            f"arn:aws:sqs:{REGION}:999999999999:queue",
            LETTERS,
            f"mail leads to arn:aws:sqs:{REGION}:999999999999:queue, declared is arn:aws:sqs:{REGION}:{ACCOUNT}:queue",
        ),
        (
            f"arn:aws:sqs:{REGION}:{ACCOUNT}:queue",
            "",
            f"mail leaves what cannot be delivered to nothing, declared is {LETTERS}",
        ),
    ],
)
def test_a_target_that_leads_elsewhere_is_told(arn: str, letters: str, says: str) -> None:
    account = home(
        services=("events", "sqs"), names={"R": "high", "Q": f"https://sqs/{ACCOUNT}/queue", "L": "x/letters"}
    )
    events = account.stubs["events"]
    events.add_response("describe_rule", {"State": "ENABLED", "EventPattern": json.dumps(RULE["EventPattern"])})
    target = {"Id": "mail", "Arn": arn} | ({"DeadLetterConfig": {"Arn": letters}} if letters else {})
    # In two pages, the first of them without any.
    events.add_response("list_targets_by_rule", {"NextToken": "more"})
    events.add_response("list_targets_by_rule", {"Targets": [target]}, {"Rule": "high", "NextToken": "more"})
    redrive: dict[str, Any] = {"RedrivePolicy": {}}
    checks = delivering(
        account, ("R", "AWS::Events::Rule", RULE), ("Q", "AWS::SQS::Queue", redrive), ("L", "AWS::SQS::Queue", redrive)
    )
    (check,) = (one for one in checks if one.area == "rules")
    assert check.state is (State.WRONG if says else State.OK)
    assert check.detail == (says or "enabled, as declared")


def test_a_target_that_the_template_names_in_an_unknown_way_is_unknown() -> None:
    account = home(services=("events",), names={"R": "high"})
    events = account.stubs["events"]
    events.add_response("describe_rule", {"State": "ENABLED", "EventPattern": "null"})
    events.add_response("list_targets_by_rule", {"Targets": [{"Id": "mail", "Arn": "arn:aws:sqs:x"}]})
    rule = {"Targets": [{"Id": "mail", "Arn": {"Fn::ImportValue": "queue"}}]}
    checks = delivering(account, ("R", "AWS::Events::Rule", rule))
    assert [one.state for one in checks] == [State.UNKNOWN, State.OK]
    assert not passes(checks)


@pytest.mark.parametrize(
    ("named", "arn", "state"),
    [
        ({"Fn::GetAtt": ["K", "Arn"]}, f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234", State.OK),
        ({"Fn::GetAtt": ["K", "Arn"]}, f"arn:aws:kms:{REGION}:{ACCOUNT}:key/other", State.WRONG),
        ({"Fn::ImportValue": "key"}, f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234", State.UNKNOWN),
    ],
)
def test_a_pattern_that_names_a_resource_is_compared_with_its_real_name(
    named: dict[str, Any], arn: str, state: State
) -> None:
    account = home(services=("events",), names={"R": "watch", "K": "1234"})
    events = account.stubs["events"]
    pattern = {"detail": {"resources": {"ARN": [arn]}}}
    events.add_response("describe_rule", {"State": "ENABLED", "EventPattern": json.dumps(pattern)})
    if state is not State.UNKNOWN:
        events.add_response("list_targets_by_rule", {})
    rule = {"EventPattern": {"detail": {"resources": {"ARN": [named]}}}, "Targets": []}
    (check,) = delivering(account, ("R", "AWS::Events::Rule", rule), ("K", "AWS::KMS::Key", {}))
    assert check.state is state


@pytest.mark.parametrize(
    ("state", "ok"), [("Enabled", True), ("Disabled", False), ("Disabling", False), ("Creating", False)]
)
def test_a_queue_that_nobody_reads_is_told(state: str, *, ok: bool) -> None:
    account = home(services=("lambda",), names={"M": UUID})
    account.stubs["lambda"].add_response("get_event_source_mapping", {"State": state}, {"UUID": UUID})
    (check,) = delivering(account, ("M", "AWS::Lambda::EventSourceMapping", {}))
    assert (check.state is State.OK) is ok
    assert ok or check.detail == f"is {state}, so the messages in its queue wait; enable it"


QUEUE_ARN, FUNCTION_ARN = "arn:aws:sqs:eu-west-1:111122223333:mails", "arn:aws:lambda:eu-west-1:111122223333:function:n"


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ({}, ""),
        (
            {"FilterCriteria": {"Filters": [{"Pattern": "{}"}]}},
            "lets only some messages through, and the others are lost",
        ),
        ({"EventSourceArn": f"{QUEUE_ARN}-2"}, f"reads {QUEUE_ARN}-2, declared is {QUEUE_ARN}; deploy"),
        ({"FunctionArn": f"{FUNCTION_ARN}-2"}, f"invokes {FUNCTION_ARN}-2, declared is {FUNCTION_ARN}; deploy"),
    ],
)
def test_a_reader_reads_what_is_declared_and_all_of_it(found: dict[str, Any], says: str) -> None:
    account = home(services=("lambda",), names={"M": UUID})
    live = {"State": "Enabled", "EventSourceArn": QUEUE_ARN, "FunctionArn": FUNCTION_ARN, **found}
    account.stubs["lambda"].add_response("get_event_source_mapping", live, {"UUID": UUID})
    declared = {"EventSourceArn": QUEUE_ARN, "FunctionName": FUNCTION_ARN}
    (check,) = delivering(account, ("M", "AWS::Lambda::EventSourceMapping", declared))
    assert check.detail.startswith(says or "enabled")
    assert (check.state is State.OK) is (not says)


@pytest.mark.parametrize(("concurrency", "ok"), [(None, True), (5, True), (0, False)])
def test_a_function_that_is_held_back_is_told(concurrency: int | None, *, ok: bool) -> None:
    account = home(services=("lambda",), names={"N": "notifier"})
    account.stubs["lambda"].add_response("get_function_configuration", {"State": "Active"})
    reserved = {} if concurrency is None else {"ReservedConcurrentExecutions": concurrency}
    account.stubs["lambda"].add_response("get_function_concurrency", reserved)
    (check,) = delivering(account, ("N", "AWS::Lambda::Function", {}))
    assert (check.state is State.OK) is ok
    assert ok or "its reserved concurrency is 0, so it never runs" in check.detail


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ({"State": "ENABLED", "RetentionDays": 90}, ""),
        ({"State": "DISABLED", "RetentionDays": 90}, "is DISABLED, so findings cannot be replayed"),
        ({"State": "ENABLED", "RetentionDays": 7}, "keeps findings 7 days, declared are 90; deploy"),
    ],
)
def test_an_archive_that_is_otherwise_is_told(found: dict[str, Any], says: str) -> None:
    account = home(services=("events",), names={"A": "findings"})
    account.stubs["events"].add_response("describe_archive", found, {"ArchiveName": "findings"})
    (check,) = delivering(account, ("A", "AWS::Events::Archive", {"RetentionDays": 90}))
    assert check.detail == (says or "enabled")


@pytest.mark.parametrize(("status", "state"), [("ENABLED", State.OK), ("DISABLED", State.WRONG)])
def test_somebody_elses_detector_is_looked_at_by_the_id_that_the_template_names(status: str, state: State) -> None:
    account = Account()
    account.lists({"F": "prod-dc-01"})
    guardduty = account.stubs["guardduty"]
    guardduty.add_response("list_detectors", {"DetectorIds": [DETECTOR]})
    guardduty.add_response("get_detector", FOUND_DETECTOR | {"Status": status}, {"DetectorId": DETECTOR})
    guardduty.add_response("list_filters", {"FilterNames": ["prod-dc-01"]}, {"DetectorId": DETECTOR})
    guardduty.add_response("get_filter", FOUND_FILTER, {"DetectorId": DETECTOR, "FilterName": "prod-dc-01"})
    for stub in account.stubs.values():
        stub.activate()
    declared = assembly(("F", "AWS::GuardDuty::Filter", FILTER | {"DetectorId": DETECTOR}))
    checks = {one.area: one for one in verify(declared, client_of=account.client_of) if one.area != "stack"}
    assert {area: one.state for area, one in checks.items()} == {"detector": state, "filters": State.OK}
    assert checks["detector"].subject == DETECTOR
    guardduty.assert_no_pending_responses()


def of_somebody_else(
    account: Account, *resources: tuple[str, str, dict[str, Any]], sections: dict[str, Any] | None = None
) -> dict[str, tuple[State, str, str]]:
    """What is said of GuardDuty and Detective in a Detection stack that makes neither."""
    account.lists({id_: id_ for id_, _, _ in resources})
    for stub in account.stubs.values():
        stub.activate()
    name = f"prod-Detection-{REGION}"
    stack = replace(assembly(*resources, sections=sections).stacks["prod"], name=name)
    found = verify(Assembly(folder=Path("cdk.out"), stacks={name: stack}), client_of=account.client_of)
    said = {one.area: (one.state, one.subject, one.detail) for one in found if one.area != "stack"}
    for service in ("guardduty", "detective"):
        account.stubs[service].assert_no_pending_responses()
    return said


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("ENABLED", (State.OK, DETECTOR, "on; its features are somebody else's")),
        ("DISABLED", (State.WRONG, DETECTOR, "GuardDuty is DISABLED; whoever owns it did that")),
        (
            None,
            (State.WRONG, "none", "GuardDuty is off: there is no detector, so nothing is found; ask whoever owns it"),
        ),
    ],
)
def test_somebody_elses_detector_that_no_filter_names_is_looked_for(
    status: str | None, said: tuple[State, str, str]
) -> None:
    """Without egress entries the template names no detector at all."""
    account = Account()
    guardduty = account.stubs["guardduty"]
    # The first page may be empty, and only its token says whether there is more.
    guardduty.add_response("list_detectors", {"DetectorIds": [], "NextToken": "more"}, {})
    there = [DETECTOR] if status else []
    guardduty.add_response("list_detectors", {"DetectorIds": there}, {"NextToken": "more"})
    if status:
        guardduty.add_response("get_detector", FOUND_DETECTOR | {"Status": status}, {"DetectorId": DETECTOR})
    assert of_somebody_else(account) == {"detector": said}


def test_a_detector_that_somebody_made_anew_is_another_one_than_the_filters_name() -> None:
    account = Account()
    other = "0" * 32
    guardduty = account.stubs["guardduty"]
    guardduty.add_response("list_detectors", {"DetectorIds": [DETECTOR]})
    guardduty.add_response("get_detector", FOUND_DETECTOR, {"DetectorId": DETECTOR})
    guardduty.add_client_error("list_filters", "BadRequestException", "is not owned by the current account")
    found = of_somebody_else(account, ("F", "AWS::GuardDuty::Filter", FILTER | {"DetectorId": other}))
    assert found["detector"] == (
        State.WRONG,
        DETECTOR,
        f"is another one than the template names ({other}), so no filter of ours is there; have doctor --write its"
        " file anew, then deploy",
    )
    assert found["filters"][0] is State.UNKNOWN


def test_whether_there_is_a_detector_is_unknown_to_whoever_may_not_ask() -> None:
    account = Account()
    account.stubs["guardduty"].add_client_error("list_detectors", "AccessDeniedException", "no")
    assert of_somebody_else(account)["detectors"][0] is State.UNKNOWN


GRAPH = f"arn:aws:detective:{REGION}:{ACCOUNT}:graph:0a1b2c3d4e5f60718293a4b5c6d7e8f9"


@pytest.mark.parametrize(
    ("graphs", "said"),
    [
        ([GRAPH], (State.OK, GRAPH, "exists; it is somebody else's")),
        (
            [],
            (State.WRONG, "none", "Detective is off: there is no graph, so no history is kept; ask whoever owns it"),
        ),
    ],
)
def test_somebody_elses_graph_is_looked_for_where_the_template_says_that_there_is_one(
    graphs: list[str], said: tuple[State, str, str]
) -> None:
    account = Account()
    account.stubs["guardduty"].add_response("list_detectors", {"DetectorIds": [DETECTOR]})
    account.stubs["guardduty"].add_response("get_detector", FOUND_DETECTOR)
    account.stubs["detective"].add_response("list_graphs", {"GraphList": [{"Arn": arn} for arn in graphs]})
    outputs = {"Outputs": {"DetectiveOwnership": {"Value": "existing"}}}
    assert of_somebody_else(account, sections=outputs)["detective"] == said


def test_what_may_not_be_read_stops_whoever_asked(
    account: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pipeline's role without permissions is no green night."""
    stub = account.stubs["guardduty"]
    stub.add_client_error("get_detector", "AccessDeniedException", "no")
    stub.add_client_error("list_filters", "AccessDeniedException", "no")
    monkeypatch.setattr("tools.verify.__main__.read_assembly", lambda _folder: DETECTION)
    assert main(["--json", "--not-yet-heard"], client_of=account.client_of) == 1
    assert {one["state"] for one in json.loads(capsys.readouterr().out)} == {"ok", "unknown"}
