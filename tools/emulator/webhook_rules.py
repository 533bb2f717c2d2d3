"""A receiver of the webhook destination, written after docs/webhook.md."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import ClassVar

from tools.emulator.stand_in import Answer, RefusedError, Request, StandIn

MAX_SIZE = 256 * 1024
FRESH_SECONDS = 300
"""Bytes of a document, and how old one may be (docs/webhook.md)."""


class Webhook(StandIn):
    """Somebody's SIEM, which believes nothing that is not signed."""

    hosts: ClassVar[tuple[str, ...]] = ("siem.example.com",)

    def __init__(self, *, now: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._now = now

    def secret_of(self, edition: int) -> str:
        """See `StandIn`."""
        return json.dumps(
            {"url": f"https://{self.hosts[0]}/findings", "signing_key": f"made-up-signing-key-{edition:016}"}
        )

    def judged(self, request: Request) -> tuple[dict[str, object], Answer]:
        """See `StandIn`."""
        if (request.method, request.path) != ("POST", "/findings"):
            raise _refused(404, f"no such place: {request.method} {request.path}")
        timestamp = request.headers.get("x-detection-timestamp", "")
        if not timestamp.isascii() or not timestamp.isdigit() or abs(self._now() - int(timestamp)) > FRESH_SECONDS:
            raise _refused(401, f"not sent within the last {FRESH_SECONDS} seconds: {timestamp!r}")
        signed, given = timestamp.encode() + b"." + request.body, request.headers.get("x-detection-signature", "")
        if not any(_is_signed(signed, given, key=json.loads(secret)["signing_key"]) for secret in self.known):
            raise _refused(401, "not signed with our key")
        if request.headers.get("content-type") != "application/json" or len(request.body) > MAX_SIZE:
            raise _refused(400, f"must be JSON of at most {MAX_SIZE} bytes")
        document = json.loads(request.body)
        if not isinstance(document, dict) or document.get("version") != "1":
            raise _refused(400, "must be a document of version 1")
        return document, Answer(status=204)

    def too_many(self) -> Answer:
        """See `StandIn`."""
        return Answer(status=429, headers=(("Retry-After", "1"),))


def _is_signed(signed: bytes, given: str, *, key: str) -> bool:
    expected = "v1=" + hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(given.encode(), expected.encode())


def _refused(status: int, reason: str) -> RefusedError:
    return RefusedError(Answer(status=status, reason=reason))
