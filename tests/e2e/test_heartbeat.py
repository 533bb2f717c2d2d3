"""The dead man's switch: with any link of the chain gone, the heartbeat's check fails and says where."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.e2e.conftest import DeployedStack
from tools.emulator.deployed import wait_until
from tools.selftest.__main__ import main

pytestmark = pytest.mark.e2e

WITHIN = "5"
"""Seconds, which a link that is not seen to be broken takes in full; a warm heartbeat takes a tenth of one."""

PATIENTLY = ("--within", "60")
"""For a heartbeat that arrives wherever it can: it is waited for no longer than it takes, and no slow moment is a
fault."""

Found = dict[tuple[str, str, str], tuple[str, str]]


@pytest.fixture
def selftest(stack: DeployedStack, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, Found]]:
    """Runs the command; returns its exit code and what is not ok, by Region, leg and subject."""

    def run(*more: str) -> tuple[int, Found]:
        # An unused name: the deployment is handed over.
        code = main(
            ["sandbox", "--json", "--within", WITHIN, *more],
            client_of=stack.aws.any_client,
            deployment=stack.setting.deployment,
            pause=lambda _seconds: time.sleep(0.2),
        )
        hops = json.loads(capsys.readouterr().out)
        assert {hop["state"] for hop in hops} <= {"ok", "wrong", "unknown"}
        return code, {
            (hop["region"], hop["leg"], hop["subject"]): (hop["state"], hop["detail"])
            for hop in hops
            if hop["state"] != "ok"
        }

    return run


@contextmanager
def without(break_: Callable[[], object], mend: Callable[[], object]) -> Iterator[None]:
    """Something broken for a while."""
    break_()
    try:
        yield
    finally:
        mend()


def bus(stack: DeployedStack) -> str:
    return f"{stack.setting.deployment.name_prefix}-findings"


def empty(stack: DeployedStack, region: str, queue_arn: str) -> None:
    """Take what a broken rule has left in a dead-letter queue."""
    sqs = stack.aws.client("sqs", region)
    sqs.purge_queue(QueueUrl=sqs.get_queue_url(QueueName=queue_arn.rpartition(":")[2])["QueueUrl"])


def missing(found: Found, leg: str) -> dict[tuple[str, str], str]:
    """Region and subject of what is not ok on a leg, with its state."""
    return {(region, subject): state for (region, one, subject), (state, _) in found.items() if one == leg}


def test_every_region_reaches_every_notifier_and_no_person(stack: DeployedStack, selftest: Any) -> None:
    assert selftest(*PATIENTLY) == (0, {})
    assert stack.arrived(mails=0, slack=0)


def test_the_schedule_sends_what_the_selftest_sends(stack: DeployedStack) -> None:
    deployment = stack.setting.deployment
    for region in deployment.regions:
        schedule = stack.aws.any_client("scheduler", region).get_schedule(Name=f"{deployment.name_prefix}-heartbeat")
        target = schedule["Target"]
        assert (schedule["ScheduleExpression"], schedule["State"]) == ("rate(1 hour)", "ENABLED")
        assert target["Arn"] == f"arn:aws:events:{region}:{stack.aws.account}:event-bus/default"
        # What EventBridge Scheduler does with it (Scheduler user guide, templated targets).
        entry: Any = {
            "Source": target["EventBridgeParameters"]["Source"],
            "DetailType": target["EventBridgeParameters"]["DetailType"],
            "Detail": target["Input"].replace("<aws.scheduler.execution-id>", f"beat-{region}"),
        }
        assert not stack.aws.client("events", region).put_events(Entries=[entry])["FailedEntryCount"]
    functions = [route.function for route in stack.routes.values()]
    everywhere = set(deployment.regions)
    assert wait_until(lambda: all(_logged(stack, one) >= everywhere for one in functions), within=20)
    assert stack.arrived(mails=0, slack=0)


def _logged(stack: DeployedStack, function: str) -> set[str]:
    """The Regions whose heartbeat of a schedule a function has logged."""
    group = stack.aws.client("lambda", stack.home).get_function_configuration(FunctionName=function)["LoggingConfig"]
    events = stack.aws.any_client("logs", stack.home).filter_log_events(
        logGroupName=group["LogGroup"], filterPattern='"beat-"'
    )["events"]
    return {json.loads(line)["heartbeat_region"] for one in events for line in one["message"].splitlines()}


def test_a_forwarder_that_is_disabled_is_found(stack: DeployedStack, selftest: Any) -> None:
    region, rule = stack.setting.other_region, f"{stack.setting.deployment.name_prefix}-forwarder"
    events = stack.aws.client("events", region)
    with without(lambda: events.disable_rule(Name=rule), lambda: events.enable_rule(Name=rule)):
        code, found = selftest(*PATIENTLY)
    assert code == 1
    assert found[region, "forwarded", rule] == ("wrong", f"the rule {rule} is disabled; enable it")
    names = {destination.name for destination in stack.setting.deployment.destinations}
    assert missing(found, "delivered to the notifier") == {(region, name): "wrong" for name in names}


def test_a_forwarder_whose_target_is_gone_is_found(stack: DeployedStack, selftest: Any) -> None:
    region, rule = stack.setting.other_region, f"{stack.setting.deployment.name_prefix}-forwarder"
    events = stack.aws.client("events", region)
    targets = events.list_targets_by_rule(Rule=rule)["Targets"]
    with without(
        lambda: events.remove_targets(Rule=rule, Ids=[one["Id"] for one in targets]),
        lambda: events.put_targets(Rule=rule, Targets=targets),
    ):
        code, found = selftest(*PATIENTLY)
    assert code == 1
    assert found[region, "forwarded", rule] == ("wrong", f"the rule {rule} has no target; deploy")


@pytest.mark.parametrize("name", ["high", "catch-all"])
def test_a_route_that_is_disabled_is_found(stack: DeployedStack, selftest: Any, name: str) -> None:
    events = stack.aws.client("events", stack.home)
    rule = {"Name": name, "EventBusName": bus(stack)}
    (to,) = events.list_targets_by_rule(Rule=name, EventBusName=bus(stack))["Targets"]
    with without(lambda: events.disable_rule(**rule), lambda: events.enable_rule(**rule)):
        code, found = selftest(*PATIENTLY)
    assert code == 1
    regions = stack.setting.deployment.regions
    assert missing(found, "routed") == {(region, name): "wrong" for region in regions}
    assert missing(found, "delivered to the notifier") == {(region, to["Id"]): "wrong" for region in regions}
    assert missing(found, "forwarded") == {}


def test_a_route_whose_target_is_gone_is_found(stack: DeployedStack, selftest: Any) -> None:
    events = stack.aws.client("events", stack.home)
    targets = events.list_targets_by_rule(Rule="high", EventBusName=bus(stack))["Targets"]
    with without(
        lambda: events.remove_targets(Rule="high", EventBusName=bus(stack), Ids=[one["Id"] for one in targets]),
        lambda: events.put_targets(Rule="high", EventBusName=bus(stack), Targets=targets),
    ):
        code, found = selftest(*PATIENTLY)
    assert code == 1
    assert set(missing(found, "routed")) == {(region, "high") for region in stack.setting.deployment.regions}


def test_a_queue_whose_policy_is_broken_is_found(stack: DeployedStack, selftest: Any) -> None:
    route, sqs = stack.route("slack"), stack.aws.client("sqs", stack.home)
    policy = sqs.get_queue_attributes(QueueUrl=route.queue_url, AttributeNames=["Policy"])["Attributes"]["Policy"]
    statements = json.loads(policy)["Statement"]
    broken = {"Version": "2012-10-17", "Statement": [one for one in statements if one["Effect"] == "Deny"]}
    assert len(broken["Statement"]) < len(statements)

    def mend() -> None:
        sqs.set_queue_attributes(QueueUrl=route.queue_url, Attributes={"Policy": policy})
        sqs.purge_queue(QueueUrl=route.dead_letter_queue_url)

    with without(
        lambda: sqs.set_queue_attributes(QueueUrl=route.queue_url, Attributes={"Policy": json.dumps(broken)}), mend
    ):
        code, found = selftest()
    assert code == 1
    for region in stack.setting.deployment.regions:
        state, detail = found[region, "routed", "high"]
        assert (state, "dead letters wait" in detail) == ("wrong", True)


def test_a_function_that_fails_is_found(stack: DeployedStack, selftest: Any) -> None:
    route, functions = stack.route("slack"), stack.aws.client("lambda", stack.home)
    variables = dict(route.environment)

    def mend() -> None:
        functions.update_function_configuration(FunctionName=route.function, Environment={"Variables": variables})
        # What waits in the queue comes after its visibility timeout; a heartbeat may be lost.
        stack.aws.client("sqs", stack.home).purge_queue(QueueUrl=route.queue_url)

    with without(
        lambda: functions.update_function_configuration(
            FunctionName=route.function, Environment={"Variables": {**variables, "MESSAGES_PER_MINUTE": "none"}}
        ),
        mend,
    ):
        code, found = selftest()
    assert code == 1
    regions = stack.setting.deployment.regions
    assert missing(found, "delivered to the notifier") == {(region, route.name): "wrong" for region in regions}
    assert selftest(*PATIENTLY) == (0, {})


def test_a_log_that_cannot_be_read_is_unknown_and_never_fine(stack: DeployedStack, selftest: Any) -> None:
    with stack.aws.throttled("logs"):
        code, found = selftest("--region", stack.home)
    assert code == 1
    assert set(missing(found, "delivered to the notifier").values()) == {"unknown"}


def test_a_finding_takes_the_same_rules_as_before(stack: DeployedStack) -> None:
    for region in stack.setting.deployment.regions:
        rule = stack.aws.client("events", region).describe_rule(
            Name=f"{stack.setting.deployment.name_prefix}-forwarder"
        )
        alternatives = json.loads(rule["EventPattern"])["$or"]
        assert {one["source"][0] for one in alternatives} == {"aws.guardduty", "detection-stack"}
