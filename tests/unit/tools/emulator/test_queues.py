"""A redrive and the passing of time are those of SQS."""

import time
from threading import Lock
from typing import Any

import pytest

from tools.emulator.queues import Queues

LETTERS, QUEUE, OTHER = (f"arn:aws:sqs:eu-west-1:123456789012:{name}" for name in ("letters", "queue", "other"))


def message(body: str, *, origin: str | None = None, visible_in: float = 0.0) -> dict[str, Any]:
    return {
        "id": f"id of {body}",
        "body": body,
        "visible_at": time.time() + visible_in,
        "receive_count": 7,
        "sys": {"DeadLetterQueueSourceArn": origin} if origin else {},
    }


class Store:
    """Three queues; the first holds dead letters."""

    def __init__(self, *letters: dict[str, Any]) -> None:
        self.held: dict[str, dict[str, Any]] = {
            LETTERS: {"messages": list(letters)},
            QUEUE: {"messages": []},
            OTHER: {"messages": []},
        }
        self.woken = 0
        self.queues = Queues(
            by_arn=self.by_arn,
            lock=Lock(),
            wake=self.wake,
            error=lambda code, text: LookupError(f"{code}: {text}"),
        )

    def by_arn(self, arn: str) -> dict[str, Any] | None:
        return self.held.get(arn)

    def wake(self) -> None:
        self.woken += 1

    def bodies(self, arn: str) -> list[str]:
        return [message["body"] for message in self.held[arn]["messages"]]


def test_a_redrive_moves_everything_to_the_queue_that_is_named_and_counts_it_as_new() -> None:
    store = Store(message("sent by hand"), message("given up", origin=QUEUE))
    assert store.queues.move({"SourceArn": LETTERS, "DestinationArn": OTHER}, "")["TaskHandle"]
    assert (store.bodies(LETTERS), store.bodies(OTHER)) == ([], ["sent by hand", "given up"])
    assert all(moved["receive_count"] == 0 and moved["sys"] == {} for moved in store.held[OTHER]["messages"])
    assert all(not moved["id"].startswith("id of") for moved in store.held[OTHER]["messages"])
    assert store.woken == 1


def test_a_redrive_without_a_destination_leaves_what_no_queue_had_moved() -> None:
    store = Store(message("sent by hand"), message("given up", origin=QUEUE))
    store.queues.move({"SourceArn": LETTERS}, "")
    assert (store.bodies(LETTERS), store.bodies(QUEUE)) == (["sent by hand"], ["given up"])


def test_a_redrive_leaves_what_somebody_is_reading() -> None:
    store = Store(message("being read", visible_in=30))
    store.queues.move({"SourceArn": LETTERS, "DestinationArn": QUEUE}, "")
    assert store.bodies(LETTERS) == ["being read"]


def test_fails_on_a_queue_that_is_not_there() -> None:
    with pytest.raises(LookupError, match="ResourceNotFoundException: there is no queue arn:aws:sqs:x"):
        Store().queues.move({"SourceArn": LETTERS, "DestinationArn": "arn:aws:sqs:x"}, "")


def test_messages_wait_and_come_when_time_is_let_pass() -> None:
    store = Store(message("now", visible_in=-5), message("later", visible_in=60))
    now, later = store.queues.waits(LETTERS)
    assert (now, round(later)) == (0.0, 60)
    store.queues.bring_now(LETTERS)
    assert store.queues.waits(LETTERS) == [0.0, 0.0]
    assert store.woken == 1
