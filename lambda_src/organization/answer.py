"""The answer to CloudFormation, which waits for it for an hour."""

import http.client
import json
import logging
import urllib.error
import urllib.request
from collections.abc import Mapping

from organization.patience import Patience
from organization.request import Request

logger = logging.getLogger(__name__)

LONGEST_REASON = 2500
"""Bytes of a reason as it is sent; the whole answer may have 4,096 (custom resource response objects)."""

TIMEOUT = 10.0
"""Seconds for one attempt; our choice, because several have to fit into what is kept for the answer (30 s)."""


class NotAnswered(Exception):
    """CloudFormation's address took no answer; Lambda then runs the request again, which is safe."""


def body(
    request: Request, *, physical_id: str, reason: str = "", told: Mapping[str, str] | None = None
) -> dict[str, object]:
    """The answer; with a reason it is a failure."""
    return {
        **request.answer,
        "Status": "FAILED" if reason else "SUCCESS",
        "Reason": _fitting(reason),
        "PhysicalResourceId": physical_id,
        "Data": dict(told or {}),
    }


def _fitting(reason: str) -> str:
    """The reason, cut if it would be too long once it is written as JSON, where one character may take six bytes."""
    fitting, length = reason, len(reason)
    while len(json.dumps(fitting)) > LONGEST_REASON:
        length = min(length, LONGEST_REASON) * 9 // 10
        fitting = f"{reason[:length]}…"
    return fitting


def send(address: str, answer: Mapping[str, object], *, patience: Patience) -> None:
    """Hand the answer over.

    Raises:
        NotAnswered: The address refused it, or could not be reached in the time there is.
    """
    data = json.dumps(answer).encode()
    attempt = 0
    while True:
        attempt += 1
        # A presigned address: with a content type its signature would be another one.
        put = urllib.request.Request(address, data=data, method="PUT", headers={"Content-Type": ""})  # noqa: S310  (from CloudFormation alone: only it may invoke)
        try:
            with urllib.request.urlopen(put, timeout=TIMEOUT):  # noqa: S310
                return
        except urllib.error.HTTPError as error:
            said = f"HTTP {error.code}"
            error.close()
        except (OSError, http.client.HTTPException, ValueError) as error:
            said = type(error).__name__
        logger.warning("CloudFormation took no answer", extra={"attempt": attempt, "said": said})
        if not patience.pause(attempt):
            # Without the error: it may repeat the address, which is a secret.
            raise NotAnswered(
                f"CloudFormation's address took no answer after {attempt} attempts ({said}); the resource is as asked,"
                " and Lambda repeats the request"
            )
