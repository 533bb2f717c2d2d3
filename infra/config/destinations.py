"""Where findings go: one class for each kind."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from infra.config.fields.aws_text import Email, KeyArn, Name
from infra.config.fields.distinct import Distinct
from infra.config.fields.secrets import RoutingKeySecretName, SecretName
from infra.config.fields.shape import Shape
from infra.config.model import Model
from infra.config.refusals import refusals

MessageFormat = Literal["text", "custom_notification"]

# No wildcard: a list that admits more than it names is none. The last label begins with a letter; no address does.
Host = Annotated[
    str,
    Shape(
        r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
        "must be the name of a public host in small letters such as alerts.example.com, without https://, port or path",
    ),
]


class SnsDestination(Model):
    """An SNS topic: e-mail, or a chat channel through Amazon Q Developer in chat applications."""

    name: Name
    """Short name, distinct; routes and catch_all name it. A change replaces its queue and topic."""

    kind: Literal["sns"]
    """`sns`: an SNS topic."""

    message_format: MessageFormat = "text"
    """`text`: for people who read it as e-mail. `custom_notification`: what Amazon Q Developer in chat applications
    shows in Slack or Teams, without any secret (docs/destinations.md)."""

    emails: Annotated[tuple[Email, ...], Field(max_length=20), Distinct()] = ()
    """Addresses that receive the findings, 1 to 20; each must confirm the mail that SNS sends once. For more people
    use a distribution list. None with `custom_notification`, which nobody can read in a mail."""

    @model_validator(mode="after")
    def _emails_fit_the_format(self) -> "SnsDestination":
        if self.message_format == "text" and not self.emails:
            refusals([(("emails",), "must hold 1 to 20 addresses, got none; a topic that nobody reads loses findings")])
        if self.message_format == "custom_notification" and self.emails:
            rule = "must be left out with message_format custom_notification, which is JSON for a chat program"
            refusals([(("emails",), f"{rule}; make a second destination of kind sns for the mails")])
        return self


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


class TeamsDestination(Model):
    """A channel or chat of Microsoft Teams, by Workflows webhook."""

    name: Name
    """Short name, distinct; routes and catch_all name it. A change replaces its queue."""

    kind: Literal["teams"]
    """`teams`: a webhook of the Workflows app of Teams (Power Automate)."""

    webhook_secret: SecretName
    """Name of the Secrets Manager secret, in the home Region, that holds the webhook address. Never the address
    itself."""

    webhook_secret_key: KeyArn | None = None
    """ARN of the KMS key of that secret, only if it is encrypted with a customer managed key; the notifier may then
    decrypt with it."""


class PagerDutyDestination(Model):
    """A service of PagerDuty, by Events API v2. Takes no sample findings: nobody is woken for those."""

    name: Name
    """Short name, distinct; routes and catch_all name it. A change replaces its queue."""

    kind: Literal["pagerduty"]
    """`pagerduty`: an Events API v2 integration of PagerDuty."""

    routing_key_secret: RoutingKeySecretName
    """Name of the Secrets Manager secret, in the home Region, that holds the integration key. Never the key itself."""

    routing_key_secret_key: KeyArn | None = None
    """ARN of the KMS key of that secret, only if it is encrypted with a customer managed key; the notifier may then
    decrypt with it."""

    service_region: Literal["us", "eu"] = "us"
    """PagerDuty's service region of the account; `eu` if its web address ends in eu.pagerduty.com."""


class WebhookDestination(Model):
    """Any web service: signed JSON documents, described in docs/webhook.md."""

    name: Name
    """Short name, distinct; routes and catch_all name it. A change replaces its queue."""

    kind: Literal["webhook"]
    """`webhook`: a POST of a JSON document, signed with HMAC-SHA256."""

    webhook_secret: SecretName
    """Name of the Secrets Manager secret, in the home Region, that holds address and signing key as JSON. Never the
    address itself."""

    webhook_secret_key: KeyArn | None = None
    """ARN of the KMS key of that secret, only if it is encrypted with a customer managed key; the notifier may then
    decrypt with it."""

    allowed_hosts: Annotated[tuple[Host, ...], Field(max_length=10), Distinct()] = ()
    """Hosts that the stored address may name, up to 10, so that whoever can write the secret cannot send findings
    elsewhere; [] allows every public host."""


AnyDestination = SnsDestination | SlackDestination | TeamsDestination | PagerDutyDestination | WebhookDestination
Destination = Annotated[AnyDestination, Field(discriminator="kind")]


def secret_keys(destination: AnyDestination) -> Iterator[tuple[str, str | None]]:
    """Give the keys of a destination's secrets, each with the name of its field."""
    for name in type(destination).model_fields:
        if name.endswith("_secret_key"):
            yield name, getattr(destination, name)


def secrets_of(destination: AnyDestination) -> Iterator[tuple[str, str]]:
    """Give the names of the secrets that a destination reads, each with the name of its field."""
    for name in type(destination).model_fields:
        if name.endswith("_secret"):
            yield name, str(getattr(destination, name))


def secret_names(destination: AnyDestination) -> list[str]:
    """Names of the secrets that a destination reads."""
    return [name for _, name in secrets_of(destination)]
