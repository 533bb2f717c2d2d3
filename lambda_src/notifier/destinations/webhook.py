"""A signed JSON document to any web service of yours."""

import json
import re
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar, Self

from notifier.brief import Brief
from notifier.destinations import secret
from notifier.destinations.base import Sender, Variable, names_a_secret, rendered
from notifier.destinations.secret import Secret, post_with
from notifier.destinations.webhook_document import (
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    message,
    plain_message,
    signature,
)
from notifier.https import Address, Answer, Https, raise_unless

POST_SECONDS = 8.0
_DELIVERED = {200, 201, 202, 204}
_UNREADABLE = {400, 413, 422}
# As many characters as the digest has bytes (RFC 2104: shorter keys weaken it).
_KEY = re.compile(r"[!-~]{32,1024}")
_NAMES = re.compile(r"(?:[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:,(?=[a-z0-9])|$))*")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to post, and the key to sign with."""

    address: Address
    signing_key: bytes = field(repr=False)


def endpoint(stored: str, *, allowed_hosts: Collection[str] = ()) -> Endpoint:
    """The address and the key, from what the secret holds.

    Raises:
        ValueError: the secret is not `{"url": …, "signing_key": …}`, or one of the two is not acceptable.
    """
    try:
        document = json.loads(stored)
    except (ValueError, RecursionError):
        document = None
    values = [document.get(name) for name in ("url", "signing_key")] if isinstance(document, dict) else []
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) != 2:  # noqa: PLR2004
        raise ValueError('must be JSON with two texts, {"url": "https://…", "signing_key": "…"}')
    url, key = texts
    if not _KEY.fullmatch(key):
        raise ValueError("must have a signing_key of 32 to 1024 letters, digits and signs, without blanks")
    return Endpoint(Address.parse(url, hosts=allowed_hosts or None), key.encode("ascii"))


class WebhookSender(Sender):
    """Posts to one endpoint, signed; delivered means status 200, 201, 202 or 204."""

    kind: ClassVar[str] = "webhook"
    variables: ClassVar[tuple[Variable, ...]] = (
        names_a_secret("WEBHOOK_SECRET"),
        Variable(
            name="WEBHOOK_ALLOWED_HOSTS", pattern=_NAMES, allowed="host names, such as a.example.com,b.example.com"
        ),
    )
    # The document, the document again to an address that has been replaced, and the plain form.
    seconds: ClassVar[float] = secret.SECONDS + 3 * POST_SECONDS

    def __init__(
        self,
        *,
        webhook_secret: str,
        allowed_hosts: Collection[str] = (),
        secret: Secret[Endpoint] | None = None,
        https: Https | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._secret = secret or Secret(webhook_secret, parse=partial(endpoint, allowed_hosts=allowed_hosts))
        self._https = https or Https()
        self._now = now

    @classmethod
    def configured(cls, values: Mapping[str, str]) -> Self:
        """See `Sender`."""
        hosts = values["WEBHOOK_ALLOWED_HOSTS"]
        return cls(webhook_secret=values["WEBHOOK_SECRET"], allowed_hosts=hosts.split(",") if hosts else ())

    def send(self, brief: Brief) -> None:
        """See `Sender`."""
        document = rendered(brief, full=message, plain=plain_message)
        answer, target = post_with(self._secret, lambda target: self._post(target, document))
        if answer.status in _UNREADABLE:
            answer = self._post(target, plain_message(brief))
        # Without what it said: somebody else's service may repeat what it was sent.
        raise_unless(_DELIVERED, answer, who=target.address.host)

    def _post(self, target: Endpoint, document: str) -> Answer:
        body, timestamp = document.encode("ascii"), int(self._now())
        return self._https.post(
            target.address,
            body=body,
            headers={
                "Content-Type": "application/json",
                TIMESTAMP_HEADER: str(timestamp),
                SIGNATURE_HEADER: signature(body, timestamp=timestamp, signing_key=target.signing_key),
            },
            deadline=POST_SECONDS,
        )
