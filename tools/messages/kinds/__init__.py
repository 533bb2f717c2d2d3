"""The forms in which a message can be shown, by name: the kinds of destination, and the other format of SNS."""

from infra.config import AnyDestination, SnsDestination
from tools.messages.kinds.base import Kind
from tools.messages.kinds.chat import CHAT
from tools.messages.kinds.mail import MAIL
from tools.messages.kinds.pagerduty import PAGERDUTY
from tools.messages.kinds.slack import SLACK
from tools.messages.kinds.teams import TEAMS
from tools.messages.kinds.webhook import WEBHOOK

CUSTOM_NOTIFICATION = "sns-custom-notification"

KINDS: dict[str, Kind] = {
    "slack": SLACK,
    "sns": MAIL,
    "teams": TEAMS,
    "pagerduty": PAGERDUTY,
    "webhook": WEBHOOK,
    CUSTOM_NOTIFICATION: CHAT,
}

__all__ = ["CUSTOM_NOTIFICATION", "KINDS", "Kind", "kind_of"]


def kind_of(destination: AnyDestination) -> str:
    """The form in which a configured destination receives a message."""
    if isinstance(destination, SnsDestination) and destination.message_format == "custom_notification":
        return CUSTOM_NOTIFICATION
    return destination.kind
