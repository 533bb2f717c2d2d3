"""Permission to read the webhook address of a Slack channel."""

from typing import ClassVar

from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager

from infra.destinations.secret_reading import allow_reading


class SlackWebhook:
    """A Slack channel behind an incoming webhook.

    Args:
        secret: The secret that holds the webhook's address.
        key_arn: The customer managed key of the secret, if it has one.
    """

    kind: ClassVar[str] = "slack"

    def __init__(self, secret: secretsmanager.ISecret, *, key_arn: str | None) -> None:
        self._secret = secret
        self._key_arn = key_arn

    def bind(self, sender: iam.IRole) -> dict[str, str]:
        """Allow reading the one secret."""
        allow_reading(self._secret, reader=sender, key_arn=self._key_arn)
        return {"SLACK_WEBHOOK_SECRET": self._secret.secret_name}
