"""Permission to read the integration key of a PagerDuty service."""

from typing import ClassVar

from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager

from infra.destinations.secret_reading import allow_reading


class PagerDutyIntegration:
    """A service of PagerDuty behind an Events API v2 integration.

    Args:
        secret: The secret that holds the integration's routing key.
        key_arn: The customer managed key of the secret, if it has one.
        service_region: Where the PagerDuty account is, `us` or `eu`.
    """

    kind: ClassVar[str] = "pagerduty"

    def __init__(self, secret: secretsmanager.ISecret, *, key_arn: str | None, service_region: str) -> None:
        self._secret = secret
        self._key_arn = key_arn
        self._service_region = service_region

    def bind(self, sender: iam.IRole) -> dict[str, str]:
        """Allow reading the one secret."""
        allow_reading(self._secret, reader=sender, key_arn=self._key_arn)
        return {
            "PAGERDUTY_ROUTING_KEY_SECRET": self._secret.secret_name,
            "PAGERDUTY_SERVICE_REGION": self._service_region,
        }
