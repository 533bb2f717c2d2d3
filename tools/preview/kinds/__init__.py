"""The forms that the preview can show, by name: the kinds of destination, and the other format of SNS."""

from infra.config import AnyDestination, SnsDestination
from tools.preview.kinds.base import Kind
from tools.preview.kinds.chat import CHAT
from tools.preview.kinds.mail import MAIL
from tools.preview.kinds.pagerduty import PAGERDUTY
from tools.preview.kinds.slack import SLACK
from tools.preview.kinds.teams import TEAMS
from tools.preview.kinds.webhook import WEBHOOK

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
