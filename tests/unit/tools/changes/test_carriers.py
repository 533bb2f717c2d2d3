"""Whatever could stop a finding on its way is told, and nothing of it is called harmless."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.synthesis import Templates
from tests.unit.tools.changes.assemblies import Regions, compared, home, resource, said
from tools.changes.carriers import carried
from tools.changes.change import Kind, Topic

Says = dict[str, Any]

QUEUE: Says = {
    "KmsMasterKeyId": {"Ref": "Key"},
    "MessageRetentionPeriod": 1_209_600,
    "RedrivePolicy": {"deadLetterTargetArn": "arn", "maxReceiveCount": 5},
    "VisibilityTimeout": 360,
}
TARGET: Says = {"Id": "mail", "Arn": "queue", "RoleArn": "role", "DeadLetterConfig": {"Arn": "arn"}}
RULE: Says = {"EventBusName": "bus", "EventPattern": {"source": ["aws.guardduty"]}, "Targets": [TARGET]}


def target(**members: Any) -> Says:
    return {**RULE, "Targets": [{name: one for name, one in {**TARGET, **members}.items() if one is not None}]}


CHANGES = [
    pytest.param("SQS::Queue", QUEUE, {**QUEUE, "KmsMasterKeyId": "alias/aws/sqs"}, "blind?", id="a-key-of-aws"),
    pytest.param("SQS::Queue", QUEUE, {**QUEUE, "VisibilityTimeout": 1}, "blind?", id="visible-too-soon"),
    pytest.param("SQS::Queue", QUEUE, {**QUEUE, "MessageRetentionPeriod": 60}, "blind", id="kept-for-a-minute"),
    pytest.param(
        "SQS::Queue", QUEUE, {k: v for k, v in QUEUE.items() if k[0] != "M"}, "blind", id="kept-as-by-default"
    ),
    pytest.param("SQS::Queue", {**QUEUE, "MessageRetentionPeriod": 60}, QUEUE, "", id="kept-longer"),
    pytest.param("SQS::Queue", QUEUE, {**QUEUE, "MessageRetentionPeriod": {"Ref": "X"}}, "blind?", id="kept-computed"),
    pytest.param("SQS::Queue", QUEUE, {k: v for k, v in QUEUE.items() if k[0] != "R"}, "blind", id="no-dead-letters"),
    pytest.param(
        "SQS::Queue",
        QUEUE,
        {**QUEUE, "RedrivePolicy": {"deadLetterTargetArn": "arn", "maxReceiveCount": 1}},
        "blind?",
        id="given-up-sooner",
    ),
    pytest.param("SQS::Queue", QUEUE, {**QUEUE, "Tags": [{"Key": "a", "Value": "b"}]}, None, id="a-tag"),
    pytest.param("SNS::Topic", {"KmsMasterKeyId": "ours"}, {"KmsMasterKeyId": "theirs"}, "blind?", id="topic-key"),
    pytest.param("SNS::Topic", {"DisplayName": "a"}, {"DisplayName": "b"}, None, id="topic-name"),
    pytest.param("KMS::Key", {"Enabled": True}, {"Enabled": False}, "blind", id="key-off"),
    pytest.param("KMS::Key", {"KeySpec": "a"}, {"KeySpec": "b"}, "blind?", id="key-of-another-kind"),
    pytest.param("Events::Archive", {"RetentionDays": 90}, {"RetentionDays": 1}, "blind", id="archive-of-a-day"),
    pytest.param("Events::Archive", {}, {"RetentionDays": 90}, "blind", id="archive-no-longer-for-ever"),
    pytest.param("Events::Archive", {"RetentionDays": 90}, {}, "", id="archive-for-ever"),
    pytest.param("Events::Archive", {"RetentionDays": 90}, {"RetentionDays": 0}, "", id="archive-for-ever-by-zero"),
    pytest.param("Events::Archive", {"RetentionDays": 0}, {"RetentionDays": 1}, "blind", id="archive-from-for-ever"),
    pytest.param("Events::Archive", {"EventPattern": {}}, {"EventPattern": {"a": ["b"]}}, "blind?", id="archived-less"),
    pytest.param("Events::Rule", RULE, target(InputPath="$.id"), "blind?", id="told-a-part"),
    pytest.param("Events::Rule", RULE, target(Input="{}"), "blind?", id="told-something-else"),
    pytest.param("Events::Rule", RULE, target(RetryPolicy={"MaximumRetryAttempts": 0}), "blind?", id="not-tried-again"),
    pytest.param("Events::Rule", RULE, target(DeadLetterConfig={"Arn": "other"}), "blind?", id="kept-elsewhere"),
    pytest.param(
        "Lambda::EventSourceMapping",
        {"FunctionResponseTypes": ["ReportBatchItemFailures"]},
        {},
        "blind?",
        id="failures-of-a-batch-are-lost",
    ),
    pytest.param("Lambda::Function", {"Timeout": 60}, {"Timeout": 1}, "blind?", id="too-short"),
    pytest.param("Lambda::Function", {"Runtime": "python3.14"}, {"Runtime": "python3.8"}, "blind?", id="runtime"),
    pytest.param("Lambda::Function", {"MemorySize": 256}, {"MemorySize": 128}, "blind?", id="less-memory"),
    pytest.param("Lambda::Function", {"MemorySize": 256}, {}, "blind?", id="memory-by-default"),
    pytest.param("Lambda::Function", {"MemorySize": 128}, {"MemorySize": 256}, None, id="more-memory"),
    pytest.param("Lambda::Function", {"Code": {"S3Key": "a"}}, {"Code": {"S3Key": "b"}}, None, id="other-code"),
    pytest.param(
        "Lambda::Function",
        {"ReservedConcurrentExecutions": 10},
        {"ReservedConcurrentExecutions": 1},
        "blind?",
        id="fewer-at-once",
    ),
    pytest.param("Lambda::Function", {"ReservedConcurrentExecutions": 1}, {}, None, id="as-many-as-there-are"),
    pytest.param("Lambda::Function", {}, {"ReservedConcurrentExecutions": 1}, "blind?", id="newly-limited"),
    pytest.param(
        "StepFunctions::StateMachine", {"DefinitionString": "a"}, {"DefinitionString": "b"}, "blind?", id="steps"
    ),
    pytest.param(
        "SNS::Subscription", {"FilterPolicyScope": "A"}, {"FilterPolicyScope": "B"}, "blind?", id="filtered-by"
    ),
]


@pytest.mark.parametrize(("type_", "base", "new", "mark"), CHANGES)
def test_each_is_told_by_what_it_surely_does(
    tmp_path: Path, type_: str, base: Says, new: Says, mark: str | None
) -> None:
    pair = [home({"It": resource(f"AWS::{type_}", **one)}) for one in (base, new)]
    told = said(tmp_path, *pair, topic=Topic.ROUTES)
    if mark is None:
        assert told == []
        return
    (sentence,) = told
    assert sentence.startswith(f"{mark}: " if mark else "the "), sentence


@pytest.mark.parametrize(
    ("base", "new", "says"),
    [
        (
            {"RetentionDays": 90},
            {"RetentionDays": 30},
            "blind: the archive It keeps what it has for 30 days only, for 90 days before in eu-west-1",
        ),
        (
            {},
            {"RetentionDays": 30},
            "blind: the archive It keeps what it has for 30 days only, for ever before in eu-west-1",
        ),
        ({"RetentionDays": 90}, {}, "the archive It keeps what it has for ever, for 90 days before in eu-west-1"),
    ],
)
def test_for_how_long_something_is_kept_is_said(tmp_path: Path, base: Says, new: Says, says: str) -> None:
    pair = [home({"It": resource("AWS::Events::Archive", **one)}) for one in (base, new)]
    assert said(tmp_path, *pair, topic=Topic.ROUTES) == [says]


STOPS_NOTHING = {
    ("AWS::Events::Rule", "Description"),
    ("AWS::Events::Archive", "Description"),
    ("AWS::Events::EventBus", "Description"),
    ("AWS::KMS::Key", "Description"),
    ("AWS::KMS::Key", "EnableKeyRotation"),
    ("AWS::Lambda::Function", "Architectures"),
    ("AWS::Lambda::Function", "Description"),
    ("AWS::Lambda::Function", "MemorySize"),
}
"""Of what our templates set: words, what AWS does not use to decide, and code, which no template shows."""


def changed(templates: Templates) -> Iterator[tuple[str, str, str, Says, Says]]:
    """Each property of each resource that carries findings, with another value; one resource of each kind."""
    seen: set[tuple[str, str]] = set()
    for template in templates.values():
        for logical, one in template["Resources"].items():
            if not carried(one["Type"]):
                continue
            for name, value in one.get("Properties", {}).items():
                if name == "Tags" or (one["Type"], name) in seen:
                    continue
                seen.add((one["Type"], name))
                other = copy.deepcopy(one)
                other["Properties"][name] = _another(value)
                yield one["Type"], name, logical, one, other


def _another(value: object) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    if isinstance(value, str):
        return "DISABLED" if value == "ENABLED" else f"{value}-other"
    if isinstance(value, list):
        return []
    return {"Fn::ImportValue": "something-else"} if len(str(value)) < 60 else {}


def test_no_property_of_what_carries_findings_can_change_in_silence(
    sandbox: Templates, everything: Templates, tmp_path: Path
) -> None:
    silent = set()
    for number, (type_, name, logical, base, new) in enumerate(changed(sandbox | everything)):
        found = compared(tmp_path / str(number), home({logical: base}), home({logical: new}))
        if not found.failing(set(Kind)) and not found.changes:
            silent.add((type_, name))
    assert silent == STOPS_NOTHING


def test_the_verdict_says_that_templates_do_not_show_what_other_code_does(tmp_path: Path) -> None:
    base, new = (home({"It": resource("AWS::Lambda::Function", Code={"S3Key": key})}) for key in "ab")
    assert compared(tmp_path, base, new).verdict == (
        "nothing is hidden, no permission grows, nothing is replaced or deleted, as far as templates tell: they do not "
        "say what other code of one function does"
    )


def test_code_from_another_place_is_told_and_other_code_is_counted_whatever_else_is_said(tmp_path: Path) -> None:
    def with_code(bucket: str, key: str, **more: Any) -> Regions:
        return home({"It": resource("AWS::Lambda::Function", Code={"S3Bucket": bucket, "S3Key": key}, **more)})

    found = compared(tmp_path / "elsewhere", with_code("ours", "a"), with_code("theirs", "a"))
    assert found.failing([Kind.PERMISSION])
    assert "takes its code from somewhere else" in found.changes[0].sentence
    both = compared(
        tmp_path / "both",
        with_code("ours", "a", Environment={"Variables": {"MESSAGES_PER_MINUTE": "20"}}),
        with_code("ours", "b", Environment={"Variables": {"MESSAGES_PER_MINUTE": "40"}}),
    )
    assert both.verdict.endswith("they do not say what other code of one function does")
    named = compared(
        tmp_path / "named",
        with_code("ours", "a", Environment={"Variables": {"RUNBOOKS_URL": "docs/runbooks"}}),
        with_code("ours", "a", Environment={"Variables": {"RUNBOOKS_URL": "https://wiki.example.com"}}),
    )
    assert named.verdict == "nothing is hidden, no permission grows, nothing is replaced or deleted"


@pytest.mark.parametrize(
    ("changed", "counted"),
    [("known.json", False), ("notifier/handler.py", True), ("notifier/known.json", True), ("new.py", True), ("", True)],
)
def test_code_that_only_knows_other_names_and_addresses_does_the_same(
    tmp_path: Path, changed: str, *, counted: bool
) -> None:
    """What is hidden by those addresses is told by the filters; without the code beside the template nobody knows."""
    for side, key in (("base", "a"), ("new", "b")):
        code = tmp_path / side / f"asset.{key}"
        if changed or side == "base":
            (code / "notifier").mkdir(parents=True)
            for name in ("known.json", "notifier/handler.py"):
                (code / name).write_text("1", encoding="utf-8")
    if changed:
        (tmp_path / "new" / "asset.b" / changed).write_text("2", encoding="utf-8")
    base, new = (
        home({"It": resource("AWS::Lambda::Function", Code={"S3Bucket": "ours", "S3Key": f"{key}.zip"})})
        for key in "ab"
    )
    assert compared(tmp_path, base, new).codes == counted


def function(**variables: Any) -> Regions:
    return home({"It": resource("AWS::Lambda::Function", Environment={"Variables": variables})})


@pytest.mark.parametrize(
    ("base", "new", "mark"),
    [
        pytest.param({"NOTIFY_AGAIN_AFTER_HOURS": "24"}, {"NOTIFY_AGAIN_AFTER_HOURS": "720"}, "blind", id="rarer"),
        pytest.param({"NOTIFY_AGAIN_AFTER_HOURS": "24"}, {"NOTIFY_AGAIN_AFTER_HOURS": "1"}, "", id="more-often"),
        pytest.param({"NOTIFY_AGAIN_AFTER_HOURS": "24"}, {"NOTIFY_AGAIN_AFTER_HOURS": "x"}, "blind?", id="no-number"),
        pytest.param({"MESSAGES_PER_MINUTE": "20"}, {"MESSAGES_PER_MINUTE": "1"}, "blind", id="fewer"),
        pytest.param({"MESSAGES_PER_MINUTE": "20"}, {"MESSAGES_PER_MINUTE": "60"}, "", id="more"),
        pytest.param({"DESTINATION_KIND": "slack"}, {"DESTINATION_KIND": "sns"}, "blind?", id="another-kind"),
        pytest.param({"SLACK_WEBHOOK_SECRET": "a"}, {"SLACK_WEBHOOK_SECRET": "b"}, "blind?", id="another-channel"),
        pytest.param({"QUEUE_URL": {"Ref": "A"}}, {"QUEUE_URL": {"Ref": "B"}}, "blind?", id="another-queue"),
        pytest.param({"WATCH_CLOUDFORMATION_ROLES": "a"}, {"WATCH_CLOUDFORMATION_ROLES": "a,b"}, "blind", id="whose"),
        pytest.param({"WEBHOOK_ALLOWED_HOSTS": "a,b"}, {"WEBHOOK_ALLOWED_HOSTS": "a,b,c"}, "blind?", id="a-host-more"),
        pytest.param({"REGIONS": "a,b"}, {"REGIONS": "b,c,a"}, None, id="a-region-more"),
        pytest.param({"REGIONS": "a,b"}, {"REGIONS": "a"}, "blind?", id="a-region-less"),
        pytest.param({"RUNBOOKS_URL": "docs/runbooks"}, {"RUNBOOKS_URL": "https://wiki.example.com"}, None, id="words"),
    ],
)
def test_a_setting_of_a_function_is_told_unless_it_only_words_a_message(
    tmp_path: Path, base: Says, new: Says, mark: str | None
) -> None:
    told = said(tmp_path, function(**base), function(**new), topic=Topic.ROUTES)
    assert [one.startswith(f"{mark}: " if mark else "the ") for one in told] == ([] if mark is None else [True]), told


def test_settings_that_are_computed_as_a_whole_are_not_called_harmless(tmp_path: Path) -> None:
    base, new = (
        home({"It": resource("AWS::Lambda::Function", Environment=one)}) for one in ({}, {"Fn::ImportValue": "x"})
    )
    told = "blind?: the function It is told other settings in eu-west-1, and what that stops cannot be told"
    assert told in said(tmp_path, base, new, topic=Topic.ROUTES)
