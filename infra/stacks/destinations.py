"""The destinations of the configuration, with what they need in the Response stack."""

from typing import assert_never

from aws_cdk import CfnOutput
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.config import (
    AnyDestination,
    PagerDutyDestination,
    SlackDestination,
    SnsDestination,
    TeamsDestination,
    WebhookDestination,
)
from infra.constructs.dead_letter_queue import DeadLetterQueue
from infra.constructs.mail_topic import MailTopic
from infra.constructs.operations import Metric, Operations
from infra.destinations import (
    Destination,
    PagerDutyIntegration,
    SignedWebhook,
    SlackWebhook,
    SnsTopic,
    TeamsWebhook,
)


def destination_of(
    scope: Construct, configured: AnyDestination, *, key: kms.IKey, operations: Operations
) -> Destination:
    """Make what a destination needs of AWS, its topic or the reading of its secret.

    Args:
        scope: The stack.
        configured: What the configuration says of it.
        key: What its topic is encrypted with.
        operations: Who hears that nobody hears of findings there.
    """
    match configured:
        case SnsDestination():
            return _topic(scope, configured, key=key, operations=operations)
        case SlackDestination(webhook_secret=secret, webhook_secret_key=key_arn):
            return SlackWebhook(_secret(scope, configured, secret), key_arn=key_arn)
        case TeamsDestination(webhook_secret=secret, webhook_secret_key=key_arn):
            return TeamsWebhook(_secret(scope, configured, secret), key_arn=key_arn)
        case PagerDutyDestination(routing_key_secret=secret, routing_key_secret_key=key_arn):
            return PagerDutyIntegration(
                _secret(scope, configured, secret), key_arn=key_arn, service_region=configured.service_region
            )
        case WebhookDestination(webhook_secret=secret, webhook_secret_key=key_arn):
            return SignedWebhook(
                _secret(scope, configured, secret), key_arn=key_arn, allowed_hosts=configured.allowed_hosts
            )
        case _:
            assert_never(configured)


def _topic(scope: Construct, configured: SnsDestination, *, key: kms.IKey, operations: Operations) -> SnsTopic:
    name = configured.name
    topic = MailTopic(scope, f"Topic-{name}", key_arn=key.key_arn)
    if configured.emails:
        undelivered = DeadLetterQueue(
            scope,
            f"Topic-{name}-Undelivered",
            label=name,
            says=f"Mails of {name} were refused for six hours and SNS gave up; they wait in the queue "
            "named in the metric. Read them there now, and mend the address or the mail server.",
            runbook="undelivered",
            operations=operations,
            senders=[topic.undelivered()],
        )
        topic.send_to(configured.emails, undelivered_arn=undelivered.queue_arn)
    else:
        # What the chat program's channel has to be connected to, by hand; the subscription is then not ours.
        CfnOutput(scope, f"Topic-{name}-Arn", value=topic.topic_arn, description=f"Topic of {name}")
        operations.alarm_above(
            f"{name}-NotificationsFailed",
            metric=Metric(
                namespace="AWS/SNS",
                name="NumberOfNotificationsFailed",
                dimensions={"TopicName": topic.topic_name},
            ),
            limit=0,
            says=f"Amazon Q Developer in chat applications did not take a notification of {name}. Read the finding "
            "in GuardDuty, and see whether the channel is still connected to the topic.",
            runbook="notificationsfailed",
        )
    return SnsTopic(topic.topic_arn, key=key, message_format=configured.message_format)


def _secret(scope: Construct, configured: AnyDestination, name: str) -> secretsmanager.ISecret:
    return secretsmanager.Secret.from_secret_name_v2(scope, f"Secret-{configured.name}", name)
