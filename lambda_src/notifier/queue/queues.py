"""What the function does with its queues itself: put a message off, give one up, and remind itself."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from notifier.aws_client import aws_client
from notifier.faults import code_of

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_CONNECT, _READ, _ATTEMPTS = 2.0, 3.0, 2
_CONFIG = Config(
    connect_timeout=_CONNECT, read_timeout=_READ, retries={"total_max_attempts": _ATTEMPTS, "mode": "standard"}
)
SECONDS = _ATTEMPTS * (_CONNECT + _READ) + 1
"""Longest that one call takes, the pause between two attempts included."""

LONGEST_DELAY = 900
"""SQS delays a message by 15 minutes at most (SQS API reference, SendMessage)."""

LONGEST_VISIBILITY = 11 * 3600
"""SQS counts its limit of 12 hours from when the message was received, and refuses more (SQS API reference,
ChangeMessageVisibility)."""


class QueueFailed(Exception):
    """SQS did not do it; the text says why."""


class Queues(Protocol):
    """The queue that the messages come from, and its dead-letter queue."""

    def put_off(self, receipt: str, seconds: float) -> None:
        """Let the queue bring a message again after so many seconds.

        Raises:
            QueueFailed: it comes when its visibility timeout is over.
        """
        ...

    def give_up(self, text: str, attributes: Mapping[str, str]) -> None:
        """Write a message to the dead-letter queue; returning means that it is there.

        Raises:
            QueueFailed: it may not be there.
        """
        ...

    def remind(self, text: str, seconds: float) -> None:
        """Put a message on the queue itself, to come after so many seconds; returning means that it is there.

        Raises:
            QueueFailed: it may not be there.
        """
        ...


class SqsQueues:
    """The queues, in SQS."""

    def __init__(self, *, queue_url: str, dead_letters_url: str) -> None:
        self._queue_url = queue_url
        self._dead_letters_url = dead_letters_url

    def put_off(self, receipt: str, seconds: float) -> None:
        """See `Queues`."""
        timeout = round(min(max(seconds, 0.0), LONGEST_VISIBILITY))
        try:
            self._client.change_message_visibility(
                QueueUrl=self._queue_url, ReceiptHandle=receipt, VisibilityTimeout=timeout
            )
        except (ClientError, BotoCoreError) as error:
            raise QueueFailed(code_of(error)) from None

    def give_up(self, text: str, attributes: Mapping[str, str]) -> None:
        """See `Queues`."""
        try:
            self._client.send_message(
                QueueUrl=self._dead_letters_url,
                MessageBody=text,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
                },
            )
        except (ClientError, BotoCoreError) as error:
            raise QueueFailed(code_of(error)) from None

    def remind(self, text: str, seconds: float) -> None:
        """See `Queues`."""
        delay = round(min(max(seconds, 0.0), LONGEST_DELAY))
        try:
            self._client.send_message(QueueUrl=self._queue_url, MessageBody=text, DelaySeconds=delay)
        except (ClientError, BotoCoreError) as error:
            raise QueueFailed(code_of(error)) from None

    @cached_property
    def _client(self) -> "SQSClient":
        # On first use: as long as the destination accepts everything, nobody needs it.
        return aws_client("sqs", config=_CONFIG)
