"""The deployed notification half: what was sent by mail, and the queues behind each destination."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tools.emulator.process import Emulator
from tools.emulator.running import EmulatorError

_POLL = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What a subscriber of a topic receives."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A deployed destination: its function, the queue that feeds it, and the queue for what it could not deliver.

    Attributes:
        environment: The variables of its function.
    """

    name: str
    kind: str
    function: str
    queue_url: str
    dead_letter_queue_url: str
    environment: Mapping[str, str]


def deployed_routes(aws: Emulator, region: str) -> dict[str, Route]:
    """The destinations deployed in a Region, by name, found through the functions that send to them."""
    functions, queues = aws.client("lambda", region), aws.client("sqs", region)
    found: dict[str, Route] = {}
    for function in functions.list_functions()["Functions"]:
        environment = function.get("Environment", {}).get("Variables", {})
        if "DESTINATION_NAME" not in environment:
            continue
        (mapping,) = functions.list_event_source_mappings(FunctionName=function["FunctionName"])["EventSourceMappings"]
        queue_url = _queue_url(aws, region, mapping["EventSourceArn"])
        redrive = queues.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["RedrivePolicy"])["Attributes"]
        dead_letters = json.loads(redrive["RedrivePolicy"])["deadLetterTargetArn"]
        found[environment["DESTINATION_NAME"]] = Route(
            name=environment["DESTINATION_NAME"],
            kind=environment["DESTINATION_KIND"],
            function=function["FunctionName"],
            queue_url=queue_url,
            dead_letter_queue_url=_queue_url(aws, region, dead_letters),
            environment=environment,
        )
    return found


class Mailbox:
    """A subscriber of an SNS topic that can be read; the e-mail subscriptions of the stack cannot."""

    def __init__(self, aws: Emulator, region: str, *, topic_arn: str, name: str = "mailbox") -> None:
        self._queues = aws.client("sqs", region)
        self._url = self._queues.create_queue(QueueName=name)["QueueUrl"]
        arn = self._queues.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])["Attributes"][
            "QueueArn"
        ]
        policy = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "sns.amazonaws.com"},
                    "Action": "sqs:SendMessage",
                    "Resource": arn,
                    "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
                }
            ],
        }
        self._queues.set_queue_attributes(QueueUrl=self._url, Attributes={"Policy": json.dumps(policy)})
        aws.client("sns", region).subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=arn)
        self._mails: list[Mail] = []

    def mails(self) -> tuple[Mail, ...]:
        """Everything that has arrived so far, oldest first."""
        while received := self._queues.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages"):
            for message in received:
                notice = json.loads(message["Body"])
                self._mails.append(Mail(subject=notice["Subject"], body=notice["Message"]))
                self._queues.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return tuple(self._mails)


def wait_until(condition: Callable[[], bool], *, within: float) -> bool:
    """Whether the condition came true within so many seconds."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL)
    return True


def _queue_url(aws: Emulator, region: str, arn: str) -> str:
    return aws.client("sqs", region).get_queue_url(QueueName=arn.rpartition(":")[2])["QueueUrl"]


def review(aws: Emulator, home: str, name: str) -> None:
    """Invoke the review of suppression as its schedule does.

    Raises:
        EmulatorError: The function failed; with what it said.
    """
    client = aws.client("lambda", home)
    function = next(
        one["FunctionName"]
        for one in client.list_functions()["Functions"]
        if one["Handler"] == "suppression_review.handler.handler"
    )
    answer = client.invoke(FunctionName=function, Payload=json.dumps({"review": name}))
    if "FunctionError" in answer:
        raise EmulatorError(f"the {name} review of suppression failed: {answer['Payload'].read().decode()}")
