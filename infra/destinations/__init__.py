"""The permission half of each kind of destination; the sending half has the same name in the notifier."""

from typing import ClassVar, Protocol

from aws_cdk import aws_iam as iam

from infra.destinations.pagerduty import PagerDutyIntegration
from infra.destinations.slack import SlackWebhook
from infra.destinations.sns import SnsTopic
from infra.destinations.teams import TeamsWebhook
from infra.destinations.webhook import SignedWebhook


class Destination(Protocol):
    """What the delivery needs to know of a destination, whatever its kind."""

    kind: ClassVar[str]

    def bind(self, sender: iam.IRole) -> dict[str, str]:
        """Let the sender deliver; give the environment variables that its sending half reads."""
        ...


DESTINATIONS: dict[str, type[Destination]] = {
    destination.kind: destination
    for destination in (SnsTopic, SlackWebhook, TeamsWebhook, PagerDutyIntegration, SignedWebhook)
}
"""Kind to permission half. A contract test compares the kinds with those of the notifier."""

__all__ = [
    "DESTINATIONS",
    "Destination",
    "PagerDutyIntegration",
    "SignedWebhook",
    "SlackWebhook",
    "SnsTopic",
    "TeamsWebhook",
]
