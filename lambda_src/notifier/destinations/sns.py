"""A message to an SNS topic: as an e-mail, or as a notification that a chat program shows."""

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Self

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from notifier.aws_client import aws_client
from notifier.brief import Brief
from notifier.destinations import text
from notifier.destinations.base import Refused, RetryLater, Sender, Variable, rendered

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

# One topic, short answers: a stuck connection must not eat the time of the other messages of the batch.
ATTEMPTS = 2
_CONFIG = Config(connect_timeout=3, read_timeout=7, retries={"total_max_attempts": ATTEMPTS, "mode": "standard"})
SECONDS = ATTEMPTS * (3.0 + 7.0)
"""Longest that one call takes, but for the pause between two attempts."""

# SNS API reference, Publish, errors.
_UNREADABLE = {"InvalidParameter", "InvalidParameterValue", "ParameterValueInvalid", "ValidationException"}


class Mail(NamedTuple):
    """Subject and body as SNS takes them; a chat program reads the body alone."""

    subject: str
    body: str


_PLAIN_SUBJECT = "GuardDuty notice (plain form)"

TEXT = "text"
CUSTOM_NOTIFICATION = "custom_notification"
"""AWS's name for what Amazon Q Developer in chat applications shows as it is told to."""


class SnsSender(Sender):
    """Publishes to one topic: text for subscribers by e-mail, or custom notifications for a chat channel."""

    kind: ClassVar[str] = "sns"
    variables: ClassVar[tuple[Variable, ...]] = (
        Variable(
            name="SNS_TOPIC_ARN",
            pattern=re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}", re.ASCII),
            allowed="the ARN of an SNS topic, such as arn:aws:sns:eu-west-1:111122223333:topic",
        ),
        Variable(
            name="SNS_MESSAGE_FORMAT",
            pattern=re.compile(f"{TEXT}|{CUSTOM_NOTIFICATION}"),
            allowed=f"{TEXT} or {CUSTOM_NOTIFICATION}",
        ),
    )
    seconds: ClassVar[float] = SECONDS + 1  # and the pause between two attempts

    def __init__(self, *, topic_arn: str, message_format: str = TEXT) -> None:
        self._topic_arn = topic_arn
        self._full, self._plain = notifications() if message_format == CUSTOM_NOTIFICATION else (mail_of, plain_mail_of)

    @classmethod
    def configured(cls, values: Mapping[str, str]) -> Self:
        """See `Sender`."""
        return cls(topic_arn=values["SNS_TOPIC_ARN"], message_format=values["SNS_MESSAGE_FORMAT"])

    def send(self, brief: Brief) -> None:
        """See `Sender`."""
        mail = rendered(brief, full=self._full, plain=self._plain)
        try:
            self._client.publish(TopicArn=self._topic_arn, Subject=mail.subject, Message=mail.body)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "unknown")
            reason = f"SNS refused the message for {self._topic_arn}: {code}"
            # Of the message itself SNS complains in these words only; everything else somebody can mend meanwhile.
            raise (Refused if code in _UNREADABLE else RetryLater)(reason, cause="sns") from None
        except BotoCoreError as error:
            reason = f"SNS could not be reached for {self._topic_arn}: {type(error).__name__}"
            raise RetryLater(reason, cause="connection") from None

    @cached_property
    def _client(self) -> "SNSClient":
        # On first use: a function that sends elsewhere never loads it. The topic's Region is the one that counts.
        return aws_client("sns", region=self._topic_arn.split(":")[3], config=_CONFIG)


def mail_of(brief: Brief) -> Mail:
    """The e-mail in full."""
    return Mail(text.subject(brief), text.body(brief))


def plain_mail_of(brief: Brief) -> Mail:
    """The e-mail when the full one cannot be made."""
    return Mail(_PLAIN_SUBJECT, text.plain_body(brief))


def notifications() -> tuple[Callable[[Brief], Mail], Callable[[Brief], Mail]]:
    """How the custom notification is made in full, and how when that cannot be; a topic for e-mail needs neither."""
    from notifier.destinations import chat_notification  # noqa: PLC0415

    return (
        lambda brief: Mail(text.subject(brief), chat_notification.message(brief)),
        lambda brief: Mail(_PLAIN_SUBJECT, chat_notification.plain_message(brief)),
    )
