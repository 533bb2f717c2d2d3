"""A message in a Slack channel, by incoming webhook."""

import re
from collections.abc import Mapping
from typing import ClassVar, Self

from notifier.brief import Brief
from notifier.destinations import secret
from notifier.destinations.base import RetryLater, Sender, Variable, names_a_secret, rendered
from notifier.destinations.secret import Secret, post_with
from notifier.destinations.slack_card import message, plain_message
from notifier.https import Address, Answer, Https, raise_unless

HOSTS = ("hooks.slack-gov.com", "hooks.slack.com")
POST_SECONDS = 8.0
_PATH = "/services/"
_OK = 200
_BAD_REQUEST = 400
_REASON = re.compile(r"[a-z_]{1,40}")
_UNREADABLE = {"invalid_payload", "invalid_blocks", "invalid_attachments", "msg_blocks_too_long", "msg_too_long"}


def webhook(stored: str) -> Address:
    """The webhook's address, from what the secret holds.

    Raises:
        ValueError: it is not the address of an incoming webhook at Slack.
    """
    address = Address.parse(stored, hosts=HOSTS)
    # A workflow's trigger has the same host and takes variables, no cards; what it answers is not `ok`.
    if not address.path.startswith(_PATH):
        raise ValueError("must be an incoming webhook, whose path begins with /services/, and is something else")
    return address


class SlackSender(Sender):
    """Posts to one incoming webhook; delivered means status 200 with the body `ok`."""

    kind: ClassVar[str] = "slack"
    variables: ClassVar[tuple[Variable, ...]] = (names_a_secret("SLACK_WEBHOOK_SECRET"),)
    # The card, the card again by a webhook that has been replaced, and the plain text.
    seconds: ClassVar[float] = secret.SECONDS + 3 * POST_SECONDS
    # Slack takes one message a second (docs.slack.dev, rate limits); two functions send at once.
    seconds_between: ClassVar[float] = 2.0

    def __init__(
        self, *, webhook_secret: str, secret: Secret[Address] | None = None, https: Https | None = None
    ) -> None:
        self._secret = secret or Secret(webhook_secret, parse=webhook)
        self._https = https or Https()

    @classmethod
    def configured(cls, values: Mapping[str, str]) -> Self:
        """See `Sender`."""
        return cls(webhook_secret=values["SLACK_WEBHOOK_SECRET"])

    def send(self, brief: Brief) -> None:
        """See `Sender`."""
        card = rendered(brief, full=message, plain=plain_message)
        answer, address = post_with(self._secret, lambda address: self._post(address, card))
        if answer.status == _BAD_REQUEST and answer.body in _UNREADABLE:
            # Slack does not like the card; the same again as plain text rather than a dead letter.
            answer = self._post(address, plain_message(brief))
        said = answer.body if _REASON.fullmatch(answer.body) else "(other text)"
        raise_unless({_OK}, answer, who="Slack", said=said)
        if answer.body != "ok":
            # Somebody on the way answered, or Slack only in part: it may have the message, but has not said so.
            raise RetryLater(f"Slack answered {answer.status} {said}", cause="answer")

    def _post(self, address: Address, payload: str) -> Answer:
        return self._https.post(
            address,
            body=payload.encode("ascii"),
            headers={"Content-Type": "application/json; charset=utf-8"},
            deadline=POST_SECONDS,
        )
