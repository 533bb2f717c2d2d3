"""What each destination is sent for a brief, full and plain."""

from collections.abc import Callable
from functools import partial

from notifier.brief import Brief
from notifier.destinations import chat_notification, pagerduty_event, slack_card, sns, teams_card, webhook_document
from tests.unit.notifier.limits import (
    ROUTING_KEY,
    check_chat,
    check_mail,
    check_pagerduty,
    check_slack,
    check_teams,
    check_webhook,
)


def _mail(make: Callable[[Brief], sns.Mail], brief: Brief) -> str:
    mail = make(brief)
    check_mail(mail)
    return f"{mail.subject}\n{mail.body}"


def _checked(make: Callable[[Brief], str], check: Callable[[str], None], brief: Brief) -> str:
    made = make(brief)
    check(made)
    return made


FULL: dict[str, Callable[[Brief], str]] = {
    "sns": partial(_mail, sns.mail_of),
    "sns-custom-notification": partial(_checked, chat_notification.message, check_chat),
    "slack": partial(_checked, slack_card.message, check_slack),
    "teams": partial(_checked, teams_card.message, check_teams),
    "pagerduty": partial(_checked, partial(pagerduty_event.message, routing_key=ROUTING_KEY), check_pagerduty),
    "webhook": partial(_checked, webhook_document.message, check_webhook),
}
"""By kind: the whole message as text, checked against the destination's limits."""

PLAIN: dict[str, Callable[[Brief], str]] = {
    "sns": partial(_mail, sns.plain_mail_of),
    "sns-custom-notification": partial(_checked, chat_notification.plain_message, check_chat),
    "slack": partial(_checked, slack_card.plain_message, check_slack),
    "teams": partial(_checked, teams_card.plain_message, check_teams),
    "pagerduty": partial(_checked, partial(pagerduty_event.plain_message, routing_key=ROUTING_KEY), check_pagerduty),
    "webhook": partial(_checked, webhook_document.plain_message, check_webhook),
}
"""The same for the plain form."""
