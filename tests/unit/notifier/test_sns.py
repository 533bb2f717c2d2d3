"""The SNS sender."""

import json

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from notifier.destinations import chat_notification, sns, text
from notifier.destinations.sns import SnsSender
from notifier.outcomes import Refused, RetryLater
from tests.findings import leaked_lambda_credentials
from tests.unit.notifier.briefs import brief_in

TOPIC = "arn:aws:sns:eu-west-1:111122223333:security-mail"
BRIEF = brief_in(leaked_lambda_credentials())


def test_a_message_reaches_who_is_subscribed() -> None:
    with mock_aws():
        topic = boto3.client("sns").create_topic(Name="security-mail")["TopicArn"]
        queue = boto3.client("sqs").create_queue(QueueName="reader")["QueueUrl"]
        reader = f"arn:aws:sqs:eu-west-1:{topic.split(':')[4]}:reader"
        boto3.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=reader)
        SnsSender(topic_arn=topic).send(BRIEF)
        (message,) = boto3.client("sqs").receive_message(QueueUrl=queue)["Messages"]
    received = json.loads(message["Body"])
    assert received["Subject"] == "[High 8.0] Credentials of payments-api used outside AWS - 111122223333 eu-west-1"
    assert received["Message"] == text.body(BRIEF)


def test_a_custom_notification_reaches_who_is_subscribed() -> None:
    with mock_aws():
        topic = boto3.client("sns").create_topic(Name="soc-chat")["TopicArn"]
        queue = boto3.client("sqs").create_queue(QueueName="reader")["QueueUrl"]
        reader = f"arn:aws:sqs:eu-west-1:{topic.split(':')[4]}:reader"
        boto3.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=reader)
        SnsSender(topic_arn=topic, message_format="custom_notification").send(BRIEF)
        (message,) = boto3.client("sqs").receive_message(QueueUrl=queue)["Messages"]
    received = json.loads(json.loads(message["Body"])["Message"])
    assert received == json.loads(chat_notification.message(BRIEF))


def test_a_custom_notification_that_cannot_be_made_goes_out_in_plain_form() -> None:
    _, made_plain = sns.notifications()
    plain = made_plain(BRIEF)
    assert json.loads(plain.body)["content"]["title"] == plain.subject


@pytest.mark.parametrize("code", ["Throttling", "AuthorizationError", "NotFound", "KMSDisabled"])
def test_q13_what_sns_cannot_take_now_is_for_later(code: str) -> None:
    sender = SnsSender(topic_arn=TOPIC)
    with Stubber(sender._client) as stub:
        stub.add_client_error("publish", service_error_code=code, service_message="long text")
        with pytest.raises(RetryLater, match=f"SNS refused the message for {TOPIC}: {code}"):
            sender.send(BRIEF)


@pytest.mark.parametrize("code", ["InvalidParameter", "ParameterValueInvalid", "ValidationException"])
def test_a_message_that_sns_will_never_take_is_refused_for_good(code: str) -> None:
    sender = SnsSender(topic_arn=TOPIC)
    with Stubber(sender._client) as stub:
        stub.add_client_error("publish", service_error_code=code, service_message="long text")
        with pytest.raises(Refused, match=f"SNS refused the message for {TOPIC}: {code}"):
            sender.send(BRIEF)


def test_the_client_is_that_of_the_topic_s_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    assert SnsSender(topic_arn=TOPIC)._client.meta.region_name == "eu-west-1"
