"""`python -m tools verify` sees that the deployed stacks are as declared, and each way in which they are not."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import DeployedStack
from tools.templates.assembly import read_assembly
from tools.unchanged import main as unchanged
from tools.verify.__main__ import main

pytestmark = pytest.mark.e2e


@pytest.fixture
def verified(stack: DeployedStack, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the command; returns its exit code and what is not ok."""

    def run(*more: str) -> tuple[int, dict[tuple[str, str], str]]:
        code = main(["--app", str(stack.templates), "--json", *more], client_of=stack.aws.any_client)
        checks = json.loads(capsys.readouterr().out)
        assert {check["state"] for check in checks} <= {"ok", "wrong", "unknown"}
        assert len(checks) > 10
        return code, {(check["area"], check["subject"]): check["detail"] for check in checks if check["state"] != "ok"}

    return run


@pytest.fixture(autouse=True, scope="module")
def fixture_without_a_mailbox(deployed: DeployedStack) -> Iterator[None]:
    """The queue in which other tests read mails is a subscriber that no template declares."""
    sns = deployed.aws.any_client("sns", deployed.home)
    read = [one for one in sns.list_subscriptions()["Subscriptions"] if one["Protocol"] == "sqs"]
    assert read
    for one in read:
        sns.unsubscribe(SubscriptionArn=one["SubscriptionArn"])
    yield
    for one in read:
        sns.subscribe(TopicArn=one["TopicArn"], Protocol="sqs", Endpoint=one["Endpoint"])


Call = tuple[str, str, dict[str, Any]]


@contextmanager
def broken(stack: DeployedStack, call: Call, undo: Call) -> Iterator[None]:
    """A call that breaks something of the home Region for a while, and the one that mends it."""

    def made(service: str, operation: str, arguments: dict[str, Any]) -> None:
        getattr(stack.aws.any_client(service, stack.home), operation)(**arguments)

    made(*call)
    try:
        yield
    finally:
        made(*undo)


def test_what_was_deployed_is_as_declared(verified: Any) -> None:
    assert verified() == (0, {})


def test_a_deployment_of_the_same_templates_would_find_nothing_to_do(
    stack: DeployedStack, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As `cdk deploy` sees it, whose CLI has uploaded them."""
    names = list(read_assembly(stack.templates).stacks)
    asked = [word for name in names for word in ("--stack", name)]
    assert unchanged(["--app", str(stack.templates), *asked], client_of=stack.aws.any_client) == 0
    assert capsys.readouterr().out == "".join(f"{name}: live as it is here\n" for name in names)
    shutil.copytree(stack.templates, tmp_path, dirs_exist_ok=True)
    (first, *_) = (tmp_path / f"{name}.template.json" for name in names)
    template = json.loads(first.read_text(encoding="utf-8"))
    first.write_text(json.dumps({**template, "Description": "another"}), encoding="utf-8")
    assert unchanged(["--app", str(tmp_path), *asked], client_of=stack.aws.any_client) == 1
    assert capsys.readouterr().out.startswith(f"{names[0]}: its template differs\n")


def test_a_rule_that_is_switched_off_is_wrong(stack: DeployedStack, verified: Any) -> None:
    rule = {"Name": "catch-all", "EventBusName": f"{stack.setting.deployment.name_prefix}-findings"}
    with broken(stack, ("events", "disable_rule", rule), ("events", "enable_rule", rule)):
        code, found = verified()
    assert code == 1
    assert found == {("rules", "catch-all"): "is DISABLED, so nothing takes what it matches; enable it"}


def test_somebody_who_subscribed_by_hand_is_wrong(stack: DeployedStack, verified: Any) -> None:
    sns = stack.aws.any_client("sns", stack.home)
    (topic,) = {one["TopicArn"] for one in sns.list_topics()["Topics"] if "securitymail" in one["TopicArn"]}
    arn = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="somebody@example.com", ReturnSubscriptionArn=True)[
        "SubscriptionArn"
    ]
    try:
        code, found = verified()
    finally:
        sns.unsubscribe(SubscriptionArn=arn)
    assert code == 1
    ((area, subject),) = found
    assert (area, subject.partition(" to ")[0]) == ("subscriptions", "somebody@example.com")


def test_a_target_that_is_gone_is_wrong(stack: DeployedStack, verified: Any) -> None:
    bus = f"{stack.setting.deployment.name_prefix}-findings"
    events = stack.aws.client("events", stack.home)
    targets = events.list_targets_by_rule(Rule="high", EventBusName=bus)["Targets"]
    remove = {"Rule": "high", "EventBusName": bus, "Ids": [target["Id"] for target in targets]}
    put = {"Rule": "high", "EventBusName": bus, "Targets": targets}
    with broken(stack, ("events", "remove_targets", remove), ("events", "put_targets", put)):
        _, found = verified()
    assert found == {("rules", "high"): "has the targets none, declared are security-slack"}


def test_a_secret_that_is_gone_is_wrong(stack: DeployedStack, verified: Any) -> None:
    name = next(one.webhook_secret for one in stack.setting.deployment.destinations if one.kind == "slack")
    delete = {"SecretId": name, "ForceDeleteWithoutRecovery": True}
    create = {"Name": name, "SecretString": stack.aws.slack.secret}
    with broken(stack, ("secretsmanager", "delete_secret", delete), ("secretsmanager", "create_secret", create)):
        _, found = verified("--stack", f"{stack.setting.deployment.name}-Response")
    assert set(found) == {("secrets", name)}
    assert "does not exist in this Region: nothing can be sent" in found["secrets", name]


def test_a_letter_in_a_dead_letter_queue_is_wrong(stack: DeployedStack, verified: Any) -> None:
    url = stack.route("slack").dead_letter_queue_url
    send, purge = {"QueueUrl": url, "MessageBody": "{}"}, {"QueueUrl": url}
    with broken(stack, ("sqs", "send_message", send), ("sqs", "purge_queue", purge)):
        code, found = verified()
    assert code == 1
    assert [area for area, _ in found] == ["dead letters"]


def test_an_alarm_that_somebody_silenced_is_wrong(stack: DeployedStack, verified: Any) -> None:
    cloudwatch = stack.aws.any_client("cloudwatch", stack.home)
    alarms = cloudwatch.describe_alarms()["MetricAlarms"]
    name = next(one["AlarmName"] for one in alarms if "DeadLetters" in one["AlarmName"])
    names = {"AlarmNames": [name]}
    with broken(stack, ("cloudwatch", "disable_alarm_actions", names), ("cloudwatch", "enable_alarm_actions", names)):
        code, found = verified()
    assert code == 1
    assert list(found.values()) == [f"silenced, their actions are switched off: {name}; switch them on"]


def test_fails_for_a_region_that_no_stack_is_in(stack: DeployedStack, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--app", str(stack.templates), "--region", "sa-east-1"], client_of=stack.aws.any_client)
    assert code == 2
    assert "--region: no stack in 'sa-east-1'; known: eu-west-1, us-east-1" in capsys.readouterr().err


def test_a_person_sees_what_is_wrong_and_a_count(stack: DeployedStack, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--app", str(stack.templates)], client_of=stack.aws.any_client) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.endswith(" ok, 0 wrong, 0 unknown")
    assert main(["--app", str(stack.templates), "--all"], client_of=stack.aws.any_client) == 0
    assert len(capsys.readouterr().out.splitlines()) > 30
