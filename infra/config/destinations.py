"""Where findings go: one class for each kind."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from infra.config.aws_text import Email, KeyArn, Name
from infra.config.model import Distinct, Model, Shape, refused

# CloudFormation allows 500 resources in a stack, and each address is one.
Emails = Annotated[tuple[Email, ...], Field(min_length=1, max_length=20), Distinct()]


def _not_the_address_itself(text: object) -> object:
    """Refuse a webhook address before any other check could repeat it: whoever has it can post."""
    if not isinstance(text, str):
        return text
    if "://" in text or "hooks.slack" in text.lower() or "/services/" in text.lower():
        raise refused(
            "is the webhook address itself; keep it out of the configuration: store it in Secrets Manager and give the"
            " secret's name"
        )
    return text


SecretName = Annotated[
    str,
    Shape(
        r"[A-Za-z0-9/_+=.@-]{1,512}",
        "must be the name of a secret in Secrets Manager such as detection/slack-webhook, at most 512 letters, digits"
        " and /_+=.@-",
    ),
    BeforeValidator(_not_the_address_itself),
]


class SnsDestination(Model):
    """E-mail by way of an SNS topic."""

    name: Name
    """Short name, distinct; routes and catch_all name it. A change replaces its queue and topic."""

    kind: Literal["sns"]
    """`sns`: an SNS topic with e-mail subscriptions."""

    emails: Emails
    """Addresses that receive the findings, 1 to 20; each must confirm the mail that SNS sends once. For more people
    use a distribution list."""


class SlackDestination(Model):
    """A Slack channel, by incoming webhook."""

    name: Name
    """Short name, distinct; routes and catch_all name it. A change replaces its queue."""

    kind: Literal["slack"]
    """`slack`: an incoming webhook of Slack."""

    webhook_secret: SecretName
    """Name of the Secrets Manager secret, in the home Region, that holds the webhook address. Never the address
    itself."""

    webhook_secret_key: KeyArn | None = None
    """ARN of the KMS key of that secret, only if it is encrypted with a customer managed key; the notifier may then
    decrypt with it."""


Destination = Annotated[SnsDestination | SlackDestination, Field(discriminator="kind")]


class Operations(Model):
    """Who runs the stack itself."""

    emails: Emails
    """Addresses that receive the alarms of the stack itself (a delivery failed, a queue is stuck), 1 to 20."""
