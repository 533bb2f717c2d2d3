"""Topics that people read as e-mail."""

from collections.abc import Sequence

from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.constructs.policy import Statement, deny_without_tls, policy_document


class MailTopic(Construct):
    """A topic that takes messages over TLS only.

    Made of the lowest level, because every Region has one (docs/decisions/0034).

    Attributes:
        topic_arn: Token for its ARN.
        topic_name: Token for its name, as its metrics know it.

    Args:
        key_arn: What it is encrypted with, if with anything.
        publishers: Who may publish beside the account's own roles: statements without their resource, which is the
            topic. A topic policy of any kind, and this topic has one, replaces the default that lets services in.
    """

    def __init__(
        self, scope: Construct, id_: str, *, key_arn: str | None, publishers: Sequence[Statement] = ()
    ) -> None:
        super().__init__(scope, id_)
        # The paths that CDK's own topic would have: another path would replace topics and subscriptions.
        self._inside = Construct(self, "Resource")
        self._topic = sns.CfnTopic(self._inside, "Resource", kms_master_key_id=key_arn)
        self.topic_arn = self._topic.ref
        over_tls_only = deny_without_tls(action="sns:Publish", resource=self.topic_arn, everyone="*")
        sns.CfnTopicPolicy(
            Construct(self._inside, "Policy"),
            "Resource",
            topics=[self.topic_arn],
            policy_document=policy_document(
                {"Sid": "AllowPublishThroughSSLOnly", **over_tls_only},
                *({**publisher, "Resource": self.topic_arn} for publisher in publishers),
            ),
        )

    @property
    def topic_name(self) -> str:
        """Token for its name, as its metrics know it."""
        return self._topic.attr_topic_name

    def send_to(self, emails: Sequence[str], *, undelivered_arn: str | None = None) -> None:
        """Subscribe people; each confirms once, by mail, before anything arrives.

        Args:
            emails: Their addresses.
            undelivered_arn: The queue for what their mail servers refuse, which has to let the topic in.
        """
        for email in emails:
            sns.CfnSubscription(
                Construct(self._inside, email),
                "Resource",
                topic_arn=self.topic_arn,
                protocol="email",
                endpoint=email,
                redrive_policy={"deadLetterTargetArn": undelivered_arn} if undelivered_arn else None,
            )

    def undelivered(self) -> Statement:
        """Lets this topic, and no other sender, put on a queue what it could not deliver; without the queue."""
        return {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Condition": {"ArnEquals": {"aws:SourceArn": self.topic_arn}},
        }
