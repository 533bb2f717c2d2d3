"""Permission to read the webhook address of a Slack channel."""

from typing import ClassVar

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager


class SlackWebhook:
    """A Slack channel behind an incoming webhook, whose address is a secret and lives in Secrets Manager.

    Args:
        secret: The secret, by name; its value never passes through a template.
        key_arn: The customer managed key the secret is encrypted with; None for the key that AWS manages.
    """

    kind: ClassVar[str] = "slack"

    def __init__(self, secret: secretsmanager.ISecret, *, key_arn: str | None) -> None:
        self._secret = secret
        self._key_arn = key_arn

    def bind(self, sender: iam.IRole) -> dict[str, str]:
        """Allow reading the one secret, and decrypting it where it has a key of its own."""
        stack = Stack.of(self._secret)
        sender.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["secretsmanager:GetSecretValue"],
                # Secrets Manager ends each ARN in six random characters; a longer name does not match them.
                resources=[f"{self._secret.secret_arn}-??????"],
            )
        )
        if self._key_arn is not None:
            sender.add_to_principal_policy(
                iam.PolicyStatement(
                    actions=["kms:Decrypt"],
                    resources=[self._key_arn],
                    conditions={"StringEquals": {"kms:ViaService": _secrets_manager(stack.region)}},
                )
            )
        return {"SLACK_WEBHOOK_SECRET": self._secret.secret_name}


def _secrets_manager(region: str) -> list[str]:
    """How KMS may call Secrets Manager; in China both endings are found and none is documented for this."""
    name = f"secretsmanager.{region}.amazonaws.com"
    return [name, f"{name}.cn"] if region.startswith("cn-") else [name]
