"""The kinds of destination, run half; the deploy half has the same keys."""

from importlib import import_module

from notifier.destinations.base import Sender

SENDERS = {
    "sns": "SnsSender",
    "slack": "SlackSender",
    "teams": "TeamsSender",
    "pagerduty": "PagerDutySender",
    "webhook": "WebhookSender",
}
"""The class of each kind, in the module of the kind's name."""


def sender_of(kind: str) -> type[Sender]:
    """The sender of a kind that `SENDERS` has.

    A function serves one destination: reading the modules of the others would be a twentieth of its start-up.
    """
    found: type[Sender] = getattr(import_module(f"{__name__}.{kind}"), SENDERS[kind])
    return found
