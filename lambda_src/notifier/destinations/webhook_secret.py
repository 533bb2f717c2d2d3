"""A webhook's address: as secret as a password, kept for a few minutes, never shown."""

import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from notifier.destinations.base import DeliveryFailed

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

logger = logging.getLogger(__name__)

KEPT_SECONDS = 300.0
ATTEMPTS = 2
_CONFIG = Config(connect_timeout=3, read_timeout=7, retries={"total_max_attempts": ATTEMPTS, "mode": "standard"})
SECONDS = ATTEMPTS * (3.0 + 7.0)
"""Longest that one call takes, but for the pause between two attempts."""
_URL_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where to post. The path is the secret, so `repr` shows the host alone."""

    host: str
    path: str = field(repr=False)

    @classmethod
    def parse(cls, url: str, *, hosts: Collection[str]) -> "Webhook":
        """Host and path of an `https://` URL on one of `hosts`.

        Raises:
            ValueError: for anything else; the text does not hold the URL.
        """
        if not url or len(url) > _URL_LIMIT or not url.isascii() or not url.isprintable() or " " in url:
            raise ValueError("is not a URL")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ValueError("is not a URL") from None
        if parts.scheme != "https":
            raise ValueError("must begin with https://")
        if "@" in parts.netloc or port not in {None, 443} or parts.hostname is None or parts.hostname not in hosts:
            raise ValueError(f"must be on {' or '.join(sorted(hosts))}, without user or port")
        if len(parts.path) < 2:  # noqa: PLR2004
            raise ValueError("has no path; copy the whole webhook URL")
        return cls(parts.hostname, parts.path + (f"?{parts.query}" if parts.query else ""))


class WebhookSecret:
    """Reads the address by the secret's name, and keeps it for five minutes.

    When Secrets Manager fails, an address that is known already stays in use: a notice over the old one is better
    than none.
    """

    def __init__(self, name: str, *, hosts: Collection[str], clock: Callable[[], float] = time.monotonic) -> None:
        self._name = name
        self._hosts = hosts
        self._clock = clock
        self._kept: tuple[float, Webhook] | None = None

    def webhook(self) -> Webhook:
        """The address.

        Raises:
            DeliveryFailed: it cannot be read and is not known, or is not acceptable.
        """
        if self._kept and self._clock() - self._kept[0] < KEPT_SECONDS:
            return self._kept[1]
        try:
            value = self._client.get_secret_value(SecretId=self._name).get("SecretString", "")
        except (ClientError, BotoCoreError) as error:
            code = error.response.get("Error", {}).get("Code") if isinstance(error, ClientError) else None
            reason = f"secret {self._name} could not be read: {code or type(error).__name__}"
            if self._kept is None:
                raise DeliveryFailed(reason) from None
            logger.warning("using the address read before", extra={"reason": reason})
            return self._kept[1]
        try:
            webhook = Webhook.parse(value.strip(), hosts=self._hosts)
        except ValueError as error:
            raise DeliveryFailed(f"the value of secret {self._name} {error}") from None
        self._kept = (self._clock(), webhook)
        return webhook

    @cached_property
    def _client(self) -> "SecretsManagerClient":
        return boto3.client("secretsmanager", config=_CONFIG)
