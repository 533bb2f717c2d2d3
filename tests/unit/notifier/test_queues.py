"""The function's own calls to SQS."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber
from moto import mock_aws

from notifier.queue.queues import LONGEST_DELAY, LONGEST_VISIBILITY, QueueFailed, SqsQueues

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

BODY = '{"detail": {"title": "a\\u202eb & <c>"}}'


@pytest.fixture(scope="module")
def sqs() -> "Iterator[SQSClient]":
    """An SQS of our own."""
    with mock_aws():
        yield boto3.client("sqs", region_name="eu-west-1")


@pytest.fixture
def queues(sqs: "SQSClient", request: pytest.FixtureRequest) -> SqsQueues:
    """A queue whose dead letters go to another."""
    name = re.sub(r"\W", "-", request.node.name)[:40]
    dead = sqs.create_queue(QueueName=f"{name}-dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    queue = sqs.create_queue(
        QueueName=name,
        Attributes={
            "VisibilityTimeout": "360",
            "RedrivePolicy": json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 60}),
        },
    )["QueueUrl"]
    return SqsQueues(queue_url=queue, dead_letters_url=dead)


def test_a_message_that_is_given_up_is_a_dead_letter_that_says_why(sqs: "SQSClient", queues: SqsQueues) -> None:
    queues.give_up(BODY, {"destination": "security-slack", "reason": "Slack answered 404 no_service"})
    (letter,) = sqs.receive_message(QueueUrl=queues._dead_letters_url, MessageAttributeNames=["All"])["Messages"]
    assert letter["Body"] == BODY
    assert {name: value.get("StringValue") for name, value in letter["MessageAttributes"].items()} == {
        "destination": "security-slack",
        "reason": "Slack answered 404 no_service",
    }


def test_a_message_that_is_put_off_comes_after_that_time(sqs: "SQSClient", queues: SqsQueues) -> None:
    sqs.send_message(QueueUrl=queues._queue_url, MessageBody=BODY)
    (message,) = sqs.receive_message(QueueUrl=queues._queue_url)["Messages"]
    assert "Messages" not in sqs.receive_message(QueueUrl=queues._queue_url)
    queues.put_off(message["ReceiptHandle"], 0.2)
    assert sqs.receive_message(QueueUrl=queues._queue_url)["Messages"][0]["Body"] == BODY


@pytest.mark.parametrize(
    ("seconds", "timeout"), [(0.4, 0), (-5.0, 0), (90.6, 91), (3600.0, 3600), (1e9, LONGEST_VISIBILITY)]
)
def test_t2_the_time_is_one_that_sqs_takes(seconds: float, timeout: int) -> None:
    queues = SqsQueues(queue_url="https://q", dead_letters_url="https://d")
    with Stubber(queues._client) as stub:
        stub.add_response(
            "change_message_visibility",
            {},
            {"QueueUrl": "https://q", "ReceiptHandle": "r", "VisibilityTimeout": timeout},
        )
        queues.put_off("r", seconds)
        stub.assert_no_pending_responses()
    assert LONGEST_VISIBILITY < 12 * 3600


@pytest.mark.parametrize("code", ["ThrottlingException", "AccessDenied", "AWS.SimpleQueueService.NonExistentQueue"])
def test_q13_a_call_that_sqs_refuses_is_told_without_its_text(code: str) -> None:
    queues = SqsQueues(queue_url="https://q", dead_letters_url="https://d")
    with Stubber(queues._client) as stub:
        for operation in ("change_message_visibility", "send_message"):
            stub.add_client_error(operation, service_error_code=code, service_message="long text")
        with pytest.raises(QueueFailed, match=f"^{code}$"):
            queues.put_off("r", 1)
        with pytest.raises(QueueFailed, match=f"^{code}$"):
            queues.give_up(BODY, {"reason": "r"})


def test_the_client_is_made_on_first_use_and_is_that_of_the_function_s_region() -> None:
    queues = SqsQueues(queue_url="https://q", dead_letters_url="https://d")
    assert "_client" not in vars(queues)
    assert queues._client.meta.region_name == "eu-west-1"
    assert queues._client.meta.endpoint_url == "https://sqs.eu-west-1.amazonaws.com"


def test_the_documented_redrive_names_where_the_messages_go(project: Path) -> None:
    """Without a destination SQS sends each back to where it came from, and what was written there came from nowhere."""
    text = (project / "docs" / "operations.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"aws sqs (start-message-move-task.*)", text)
    options = dict(re.findall(r"--([a-z-]+) (<[^>]+>|\S+)", command))
    assert options == {"region": "<home Region>", "source-arn": "<dead letters>", "destination-arn": "<queue>"}
    client = boto3.client("sqs")
    with Stubber(client) as stub:  # knows the members of the real API
        expected = {"SourceArn": options["source-arn"], "DestinationArn": options["destination-arn"]}
        stub.add_response("start_message_move_task", {"TaskHandle": "t"}, expected)
        client.start_message_move_task(**expected)


@pytest.mark.parametrize("call", ["put_off", "give_up", "remind"])
def test_a_queue_that_does_not_answer_fails_like_one_that_refuses(monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """Anything else that escapes would bring the whole batch again, what was delivered included."""

    def unreachable(*_: object, **__: object) -> None:
        raise EndpointConnectionError(endpoint_url="https://sqs.eu-west-1.amazonaws.com")

    queues = SqsQueues(queue_url="https://q", dead_letters_url="https://d")
    monkeypatch.setattr(queues._client, "_make_api_call", unreachable)
    arguments: tuple[Any, ...] = ("r", {}) if call == "give_up" else ("r", 1.0)
    with pytest.raises(QueueFailed, match=r"^EndpointConnectionError$"):
        getattr(queues, call)(*arguments)


@pytest.mark.parametrize(("seconds", "delay"), [(-1.0, 0), (59.6, 60), (1e9, LONGEST_DELAY)])
def test_a_reminder_comes_after_a_time_that_sqs_takes(seconds: float, delay: int) -> None:
    queues = SqsQueues(queue_url="https://q", dead_letters_url="https://d")
    with Stubber(queues._client) as stub:
        stub.add_response("send_message", {}, {"QueueUrl": "https://q", "MessageBody": BODY, "DelaySeconds": delay})
        queues.remind(BODY, seconds)
    assert LONGEST_DELAY <= 900
