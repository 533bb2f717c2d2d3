"""A message in a Slack channel, by incoming webhook."""

import http.client
import re
import ssl
from collections.abc import Callable, Mapping
from functools import cache
from typing import ClassVar, Self

from notifier.brief import Brief
from notifier.destinations.base import DeliveryFailed, Sender, Variable, rendered
from notifier.destinations.slack_card import message, plain_message
from notifier.destinations.webhook_secret import Webhook, WebhookSecret

HOSTS = ("hooks.slack-gov.com", "hooks.slack.com")
TIMEOUT_SECONDS = 10.0
_ANSWER_LIMIT = 4096
_REASON = re.compile(r"[a-z_]{1,40}")
_UNREADABLE = {"invalid_payload", "invalid_blocks", "invalid_attachments", "msg_blocks_too_long", "msg_too_long"}


def connect(host: str) -> http.client.HTTPSConnection:
    """A verified TLS connection straight to the host: `http.client` follows no redirect and no proxy variable."""
    return http.client.HTTPSConnection(host, 443, timeout=TIMEOUT_SECONDS, context=_tls())


class SlackSender(Sender):
    """Posts to one incoming webhook; delivered means status 200 with the body `ok`."""

    kind: ClassVar[str] = "slack"
    variables: ClassVar[tuple[Variable, ...]] = (
        Variable(
            name="SLACK_WEBHOOK_SECRET",
            # Secrets Manager allows these characters in a name (API reference, CreateSecret).
            pattern=re.compile(r"[A-Za-z0-9/_+=.@-]{1,512}"),
            allowed="the name of a Secrets Manager secret, such as detection/slack-webhook",
        ),
    )

    def __init__(
        self,
        *,
        webhook_secret: str,
        secret: WebhookSecret | None = None,
        connect: Callable[[str], http.client.HTTPSConnection] = connect,
    ) -> None:
        self._secret = secret or WebhookSecret(webhook_secret, hosts=HOSTS)
        self._connect = connect

    @classmethod
    def configured(cls, values: Mapping[str, str]) -> Self:
        """See `Sender`."""
        return cls(webhook_secret=values["SLACK_WEBHOOK_SECRET"])

    def send(self, brief: Brief) -> None:
        """See `Sender`."""
        webhook = self._secret.webhook()
        status, answer = self._post(webhook, rendered(brief, full=message, plain=plain_message))
        if status == http.HTTPStatus.BAD_REQUEST and answer in _UNREADABLE:
            # Slack does not like the card; the same again as plain text rather than a dead letter.
            status, answer = self._post(webhook, plain_message(brief))
        if status != http.HTTPStatus.OK or answer != "ok":
            raise DeliveryFailed(f"Slack answered {status} {answer if _REASON.fullmatch(answer) else '(other text)'}")

    def _post(self, webhook: Webhook, payload: str) -> tuple[int, str]:
        connection = self._connect(webhook.host)
        try:
            connection.request(
                "POST",
                webhook.path,
                body=payload.encode("ascii"),
                headers={"Content-Type": "application/json; charset=utf-8", "Connection": "close"},
            )
            response = connection.getresponse()
            answer = response.read(_ANSWER_LIMIT).decode("utf-8", "replace").strip()
        except (OSError, http.client.HTTPException) as error:
            # Without the exception's own text: some of them quote the path, which is the secret.
            raise DeliveryFailed(f"{webhook.host} could not be reached: {_kind(error)}") from None
        finally:
            connection.close()
        return response.status, answer


def _kind(error: Exception) -> str:
    return (
        f"certificate refused ({error.verify_message})"
        if isinstance(error, ssl.SSLCertVerificationError)
        else type(error).__name__
    )


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
