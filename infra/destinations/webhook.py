"""Permission to read the address and the signing key of a web service."""

from collections.abc import Sequence
from typing import ClassVar

from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager

from infra.destinations.secret_reading import allow_reading


class SignedWebhook:
    """Any web service that takes signed JSON documents.

    Args:
        secret: The secret that holds its address and the key to sign with.
        key_arn: The customer managed key of the secret, if it has one.
        allowed_hosts: The hosts that the address may name; none for any public host.
    """

    kind: ClassVar[str] = "webhook"

    def __init__(
        self, secret: secretsmanager.ISecret, *, key_arn: str | None, allowed_hosts: Sequence[str] = ()
    ) -> None:
        self._secret = secret
        self._key_arn = key_arn
        self._allowed_hosts = allowed_hosts

    def bind(self, sender: iam.IRole) -> dict[str, str]:
        """Allow reading the one secret."""
        allow_reading(self._secret, reader=sender, key_arn=self._key_arn)
        return {
            "WEBHOOK_SECRET": self._secret.secret_name,
            "WEBHOOK_ALLOWED_HOSTS": ",".join(self._allowed_hosts),
        }
