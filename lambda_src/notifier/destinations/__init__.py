"""The kinds of destination, run half; the deploy half has the same keys."""

from notifier.destinations.base import Sender
from notifier.destinations.pagerduty import PagerDutySender
from notifier.destinations.slack import SlackSender
from notifier.destinations.sns import SnsSender
from notifier.destinations.teams import TeamsSender
from notifier.destinations.webhook import WebhookSender

SENDERS: dict[str, type[Sender]] = {
    sender.kind: sender for sender in (SnsSender, SlackSender, TeamsSender, PagerDutySender, WebhookSender)
}
