"""What becomes of a finding, from GuardDuty's event to the people who read it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.config import INVESTIGATION_RULE
from tests.e2e.conftest import DeployedStack
from tests.findings import leaked_lambda_credentials, low_finding
from tools.emulator.deployed import Route, wait_until
from tools.emulator.stand_in import Answer
from tools.matching.deployed_filters import deployed_filters
from tools.matching.guardduty_filters import archiving_filter

pytestmark = pytest.mark.e2e


@pytest.fixture(autouse=True, scope="module")
def nobody_investigates(deployed: DeployedStack) -> Iterator[None]:
    """Each leak would start functions beside those whose pace counts here; test_investigation follows them."""
    events = deployed.aws.client("events", deployed.home)
    rule, bus = INVESTIGATION_RULE, f"{deployed.setting.deployment.name_prefix}-findings"
    events.disable_rule(Name=rule, EventBusName=bus)
    yield
    events.enable_rule(Name=rule, EventBusName=bus)


ACCOUNT = "210987654321"
"""A member account: not the one that is deployed to, so that a message which names the wrong one is seen."""


_KEYS = count()


def found(stack: DeployedStack, **changes: Any) -> dict[str, Any]:
    """The headline finding, in a Region that is not the home Region; each of another key, and so a case of its own."""
    event = leaked_lambda_credentials(**{"account": ACCOUNT, "region": stack.setting.other_region, **changes})
    event["detail"]["resource"]["accessKeyDetails"]["accessKeyId"] = f"ASIAIOSF{next(_KEYS):012}"
    return event


@contextmanager
def impatient(stack: DeployedStack, route: Route, *, receives: int, **variables: str) -> Iterator[None]:
    """A queue that brings a message again after three seconds, and gives it up after a few times.

    Three, because the function starts anew and sends one message a second; what it still holds must not come again.

    The function cannot reach its queue meanwhile, so that it does not put messages off for minutes; other variables
    may be changed as well. A busy machine may take longer, and a message is then delivered twice: the promise is at
    least once. The queue is empty afterwards, so that no test gets what another one left.
    """
    queues, functions = stack.aws.client("sqs", stack.home), stack.aws.client("lambda", stack.home)
    changed = {**route.environment, "QUEUE_URL": f"{route.queue_url}-unknown", **variables}
    before = queues.get_queue_attributes(
        QueueUrl=route.queue_url, AttributeNames=["QueueArn", "VisibilityTimeout", "RedrivePolicy"]
    )["Attributes"]
    redrive = json.loads(before["RedrivePolicy"]) | {"maxReceiveCount": receives}
    queues.set_queue_attributes(
        QueueUrl=route.queue_url, Attributes={"VisibilityTimeout": "3", "RedrivePolicy": json.dumps(redrive)}
    )
    functions.update_function_configuration(FunctionName=route.function, Environment={"Variables": changed})
    try:
        yield
        assert wait_until(lambda: not stack.aws.waits(before["QueueArn"]), within=60), "a message stays"
    finally:
        functions.update_function_configuration(
            FunctionName=route.function, Environment={"Variables": dict(route.environment)}
        )
        queues.set_queue_attributes(
            QueueUrl=route.queue_url,
            Attributes={
                "VisibilityTimeout": before["VisibilityTimeout"],
                "RedrivePolicy": before["RedrivePolicy"],
            },
        )


def dead_letters(stack: DeployedStack, route: Route) -> list[dict[str, Any]]:
    """Take what lies in a dead-letter queue."""
    queues = stack.aws.client("sqs", stack.home)
    taken = queues.receive_message(QueueUrl=route.dead_letter_queue_url, MaxNumberOfMessages=10).get("Messages", [])
    for message in taken:
        queues.delete_message(QueueUrl=route.dead_letter_queue_url, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in taken]


def given_up(stack: DeployedStack, route: Route) -> list[dict[str, Any]]:
    """Wait until something lies in a dead-letter queue, and take it."""
    dead: list[dict[str, Any]] = []

    def some() -> bool:
        dead.extend(dead_letters(stack, route))
        return bool(dead)

    assert wait_until(some, within=20), "nothing was given up"
    return dead


def test_leaked_credentials_reach_slack_and_mail_exactly_once(stack: DeployedStack) -> None:
    stack.aws.emit(stack.setting.other_region, found(stack))
    assert stack.arrived(mails=1, slack=1)
    (mail,), (slack,) = stack.mails, stack.slack
    for message in (mail.subject + mail.body, json.dumps(slack)):
        assert "payments-api" in message
        assert ACCOUNT in message
        assert stack.setting.other_region in message
        assert "203.0.113.9" in message
        # Neither the Region through which it was forwarded nor the account that was deployed to.
        assert stack.setting.account not in message


def test_leaked_credentials_used_from_our_own_egress_are_archived(stack: DeployedStack) -> None:
    for region in stack.setting.deployment.regions:
        filters = deployed_filters(stack.aws.client("guardduty", region))
        ours = archiving_filter(found(stack, address=stack.setting.egress_address)["detail"], filters)
        assert ours.archived_by is not None
        (archiving,) = (f for f in filters if f.name == ours.archived_by)
        assert archiving.tags["egress-entry"] == stack.setting.deployment.egress[0].name


def test_no_other_address_and_no_other_finding_is_archived(stack: DeployedStack) -> None:
    filters = deployed_filters(stack.aws.client("guardduty", stack.home))
    networks = [network for entry in stack.setting.deployment.egress for network in entry.cidrs]
    for network in networks:
        inside = [network[0], network[-1]]
        outside = [a for a in (network[0] - 1, network[-1] + 1) if not any(a in other for other in networks)]
        for address in inside:
            assert archiving_filter(found(stack, address=str(address))["detail"], filters).archived
        for address in outside:
            assert not archiving_filter(found(stack, address=str(address))["detail"], filters).archived
    another = found(stack, address=stack.setting.egress_address, type="CredentialAccess:IAMUser/AnomalousBehavior")
    assert not archiving_filter(another["detail"], filters).archived


def test_a_low_finding_comes_by_mail_only(stack: DeployedStack) -> None:
    stack.aws.emit(stack.home, low_finding())
    assert stack.arrived(mails=1, slack=0)
    assert "Low" in stack.mails[0].subject


def test_q4_a_finding_that_comes_again_is_told_once_and_a_rise_of_its_severity_is_told(stack: DeployedStack) -> None:
    finding = found(stack, severity=7.5)
    stack.aws.emit(stack.setting.other_region, finding)
    assert stack.arrived(mails=1, slack=1)
    stack.aws.emit(stack.setting.other_region, finding)
    worse = {**finding, "detail": {**finding["detail"], "severity": 9.5}}
    stack.aws.emit(stack.setting.other_region, worse)
    assert stack.arrived(mails=2, slack=2)
    assert "severity 7.5 → 9.5" in stack.mails[-1].body


def test_a_finding_that_slack_cannot_take_ends_in_its_dead_letter_queue_alone(stack: DeployedStack) -> None:
    slack, mail = stack.route("slack"), stack.route("sns")
    stack.aws.slack.answer_with(Answer(status=500, body="server_error"), containing="poisoned-api")
    with impatient(stack, slack, receives=2):
        stack.aws.emit(stack.setting.other_region, found(stack, function="poisoned-api"))
        stack.aws.emit(stack.setting.other_region, found(stack, function="healthy-api"))
        dead = given_up(stack, slack)
        assert stack.arrived_at_least(mails=2, slack=1)
    assert [letter["detail"]["resource"]["lambdaDetails"]["functionName"] for letter in dead] == ["poisoned-api"]
    # The whole event as it came, so that it can be sent again.
    assert (dead[0]["source"], dead[0]["region"]) == ("aws.guardduty", stack.setting.other_region)
    assert all("healthy-api" in json.dumps(message) for message in stack.slack)
    assert len(stack.mails) == 2
    assert dead_letters(stack, mail) == []


def test_a_finding_that_slack_refuses_for_good_is_a_dead_letter_at_once(stack: DeployedStack) -> None:
    """Written by the function itself, while the queue would still try for hours; and sent again by hand."""
    slack = stack.route("slack")
    stack.aws.slack.answer_with(Answer(status=410, body="channel_is_archived"), containing="poisoned-api")
    stack.aws.emit(stack.setting.other_region, found(stack, function="poisoned-api"))
    stack.aws.emit(stack.setting.other_region, found(stack, function="healthy-api"))
    (letter,) = given_up(stack, slack)
    assert letter["detail"]["resource"]["lambdaDetails"]["functionName"] == "poisoned-api"
    assert stack.arrived(mails=2, slack=1)
    stack.aws.slack.answer_normally()
    # What a redrive does, which this AWS does not know: the same text, on the queue it is for.
    stack.aws.client("sqs", stack.home).send_message(QueueUrl=slack.queue_url, MessageBody=json.dumps(letter))
    assert stack.arrived(mails=2, slack=2)
    assert "poisoned-api" in json.dumps(stack.slack[-1])


def test_a_finding_is_delivered_once_slack_is_well_again(stack: DeployedStack) -> None:
    stack.aws.slack.answer_with(Answer(status=503))
    with impatient(stack, stack.route("slack"), receives=10):
        stack.aws.emit(stack.home, found(stack))
        assert wait_until(lambda: len(stack.aws.slack.requests()) > 0, within=60)
        stack.aws.slack.answer_normally()
        assert stack.arrived_at_least(mails=1, slack=1)
    assert dead_letters(stack, stack.route("slack")) == []


def test_a_function_reads_no_secret_but_its_own(stack: DeployedStack) -> None:
    """Its role is denied another one, and the finding waits in the queue instead of being lost."""
    slack, secrets = stack.route("slack"), stack.aws.client("secretsmanager", stack.home)
    secrets.create_secret(Name="another/secret", SecretString=stack.aws.slack.secret)
    with impatient(stack, slack, receives=1, SLACK_WEBHOOK_SECRET="another/secret"):
        stack.aws.emit(stack.home, found(stack))
        assert len(given_up(stack, slack)) == 1
    assert stack.arrived(mails=1, slack=0)
    assert stack.aws.slack.requests() == ()


def test_q10_a_ledger_that_is_not_there_costs_no_finding(stack: DeployedStack) -> None:
    finding = found(stack)
    with impatient(stack, stack.route("slack"), receives=10, LEDGER_TABLE="no-such-table"):
        stack.aws.emit(stack.setting.other_region, finding)
        assert stack.arrived_at_least(mails=1, slack=1)
        stack.aws.emit(stack.setting.other_region, finding)
        assert stack.arrived_at_least(mails=1, slack=2)


def test_a_function_knows_only_what_its_own_destination_was_told(stack: DeployedStack) -> None:
    """Its role is denied the items of another one; without them it sends again."""
    finding = found(stack)
    with impatient(stack, stack.route("slack"), receives=10, DESTINATION_NAME=stack.route("sns").name):
        stack.aws.emit(stack.setting.other_region, finding)
        assert stack.arrived_at_least(mails=1, slack=1)
        stack.aws.emit(stack.setting.other_region, finding)
        assert stack.arrived_at_least(mails=1, slack=2)


def test_an_event_makes_one_hop_only(stack: DeployedStack) -> None:
    """The home Region's forwarding rule does not send findings of other Regions on; each arrives once."""
    stack.aws.emit(stack.home, low_finding(id="home"))
    stack.aws.emit(stack.setting.other_region, low_finding(id="elsewhere"))
    assert stack.arrived(mails=2, slack=0)


def test_the_archive_keeps_findings_for_a_replay(stack: DeployedStack) -> None:
    events = stack.aws.client("events", stack.home)
    (archive,) = events.list_archives()["Archives"]
    before = events.describe_archive(ArchiveName=archive["ArchiveName"])
    assert before["RetentionDays"] == stack.setting.deployment.archive_days
    stack.aws.emit(stack.setting.other_region, low_finding(id="archived"))
    assert stack.arrived(mails=1, slack=0)
    after = events.describe_archive(ArchiveName=archive["ArchiveName"])
    assert after["EventCount"] == before["EventCount"] + 1


def test_fails_to_publish_as_guardduty_through_the_front_door(stack: DeployedStack) -> None:
    (entry,) = stack.aws.client("events", stack.home).put_events(
        Entries=[{"Source": "aws.guardduty", "DetailType": "GuardDuty Finding", "Detail": "{}"}]
    )["Entries"]
    assert entry["ErrorCode"] == "NotAuthorizedForSourceException"


def test_fails_to_read_the_queues_as_somebody_else(stack: DeployedStack) -> None:
    """That permissions count at all, so that the tests above mean something."""
    stranger = boto3.session.Session().client(
        "sqs",
        region_name=stack.home,
        endpoint_url=stack.aws.endpoint,
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="unknown",
    )
    with pytest.raises(ClientError, match=r"InvalidClientTokenId|AccessDenied|security token"):
        stranger.receive_message(QueueUrl=stack.route("slack").queue_url)
