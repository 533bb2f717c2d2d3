"""Topics that people read as e-mail."""

from collections.abc import Sequence

from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct


class MailTopic(Construct):
    """A topic with e-mail subscriptions; each address confirms its own once, by mail, before anything arrives.

    Attributes:
        topic: The topic, which takes messages over TLS only.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        emails: Sequence[str],
        key: kms.IKey | None,
        undelivered: sqs.IQueue | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.topic = sns.Topic(self, "Resource", master_key=key, enforce_ssl=True)
        for email in emails:
            self.topic.add_subscription(subscriptions.EmailSubscription(email, dead_letter_queue=undelivered))
