"""What ministack's SQS lacks: the redrive of dead letters, and time that passes when a test says so."""

import time
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

_ORIGIN = "DeadLetterQueueSourceArn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Queues:
    """The queues of the emulator, as its own process holds them.

    Attributes:
        by_arn: The queue of an ARN, or None.
        lock: Held while messages are changed.
        wake: Tells what reads the queues that there is something to read.
        error: Makes the exception of an error code and a message.
    """

    by_arn: Callable[[str], dict[str, Any] | None]
    lock: AbstractContextManager[Any]
    wake: Callable[[], None]
    error: Callable[[str, str], Exception]

    def move(self, request: dict[str, Any], _url: str) -> dict[str, Any]:
        """StartMessageMoveTask, done at once.

        Without a destination each message goes back to the queue that moved it here; one that was sent here by
        somebody has none, and stays (SQS developer guide, dead-letter queue redrive). What is moved counts as new.
        """
        source = self._queue(request.get("SourceArn", ""))
        named = request.get("DestinationArn")
        destination = self._queue(named) if named else None
        with self.lock:
            kept = []
            for message in source["messages"]:
                to = destination or self.by_arn(message.get("sys", {}).get(_ORIGIN, ""))
                if to is None or message["visible_at"] > time.time():
                    kept.append(message)
                else:
                    to["messages"].append(_as_new(message))
            source["messages"] = kept
        self.wake()
        return {"TaskHandle": str(uuid.uuid4())}

    def waits(self, arn: str) -> list[float]:
        """Seconds until each message of a queue may be received; 0 for one that may be now."""
        with self.lock:
            return [max(message["visible_at"] - time.time(), 0.0) for message in self._queue(arn)["messages"]]

    def bring_now(self, arn: str) -> None:
        """Let every message of a queue be received now."""
        with self.lock:
            for message in self._queue(arn)["messages"]:
                message["visible_at"] = min(message["visible_at"], time.time())
        self.wake()

    def _queue(self, arn: str) -> dict[str, Any]:
        queue = self.by_arn(arn)
        if queue is None:
            raise self.error("ResourceNotFoundException", f"there is no queue {arn}")
        return queue


def _as_new(message: dict[str, Any]) -> dict[str, Any]:
    now = time.time()
    return {
        **message,
        "id": str(uuid.uuid4()),
        "sent_at": now,
        "visible_at": now,
        "receive_count": 0,
        "first_receive_at": None,
        "receipt_handle": None,
        "sys": {name: value for name, value in message.get("sys", {}).items() if name != _ORIGIN},
    }
