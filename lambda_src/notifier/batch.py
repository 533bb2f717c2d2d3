"""A batch of queue messages: each on its own, and the failed ones named so that the queue brings them again."""

import json
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import TypedDict

from notifier.brief import Brief, brief_of, plain_brief
from notifier.destinations.base import DeliveryFailed, Sender
from notifier.egress import EgressRange
from notifier.event import Item, read
from notifier.faults import where
from notifier.inert import inert

logger = logging.getLogger(__name__)

_ID = 120

ATTEMPT_SECONDS = 45.0
"""Longest that one message can take: a secret read and two posts, or a publish, each until it times out."""


class Failure(TypedDict):
    """One message to bring again."""

    itemIdentifier: str


class BatchResponse(TypedDict):
    """What the event source mapping expects; an empty list means that everything was delivered."""

    batchItemFailures: list[Failure]


class UnnamedMessagesFailed(Exception):
    """Messages without an id failed: they cannot be named, so the whole batch has to come again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notifier:
    """Delivers what is in queue messages to one destination."""

    deployment: str
    destination: str
    sender: Sender = field(repr=False)
    egress: Sequence[EgressRange] = ()
    detective: Collection[str] = ()

    def handle(self, event: Mapping[str, object], *, seconds_left: Callable[[], float] = lambda: inf) -> BatchResponse:
        """Deliver every record of a batch for which there is time.

        A record is begun only while a whole attempt fits: ended in mid-batch by Lambda, the function could not say
        what it had delivered, and all of it would be sent again.

        Raises:
            UnnamedMessagesFailed: after trying all records, if one without a `messageId` failed.
        """
        records = event.get("Records")
        failures: list[Failure] = []
        unnamed = 0
        # Not a batch: somebody invoked the function by hand with an event; it still goes out.
        for record in records if isinstance(records, list) else [{"body": json.dumps(event)}]:
            message_id, body = _parts(record)
            if seconds_left() < ATTEMPT_SECONDS:
                logger.warning("no time left", extra={"message_id": message_id, "outcome": "deferred"})
            elif self._delivered(body, message_id):
                continue
            if message_id is None:
                unnamed += 1
            else:
                failures.append({"itemIdentifier": message_id})
        if unnamed:
            raise UnnamedMessagesFailed(f"{unnamed} message(s) without messageId were not delivered")
        return {"batchItemFailures": failures}

    def _delivered(self, body: object, message_id: str | None) -> bool:
        about: dict[str, object] = {"destination": self.destination, "message_id": message_id}
        try:
            for item in read(body):
                brief = self._brief(item)
                about |= _about(brief)
                self.sender.send(brief)
                logger.info("delivered", extra={**about, "outcome": "delivered"})
        except DeliveryFailed as error:
            logger.error("not delivered", extra={**about, "outcome": "failed", "reason": str(error)})  # noqa: TRY400
            return False
        except Exception as error:  # noqa: BLE001  one bad record must not take the others with it
            logger.error("not delivered", extra={**about, "outcome": "failed", "fault": where(error)})  # noqa: TRY400
            return False
        return True

    def _brief(self, item: Item) -> Brief:
        try:
            return brief_of(item, deployment=self.deployment, egress=self.egress, detective=self.detective)
        except Exception as error:  # noqa: BLE001  a mistake of ours must not cost the message
            logger.error(  # noqa: TRY400  the message of the exception may hold text of the finding
                "the brief could not be made; sending the plain one",
                extra={"outcome": "degraded", "fault": where(error)},
            )
            return plain_brief(item, deployment=self.deployment)


def seconds_left(context: object) -> Callable[[], float]:
    """How long Lambda lets this invocation run on; without its context, for ever."""
    milliseconds = getattr(context, "get_remaining_time_in_millis", None)
    return (lambda: float(milliseconds()) / 1000) if callable(milliseconds) else (lambda: inf)


def _parts(record: object) -> tuple[str | None, object]:
    if not isinstance(record, Mapping):
        return None, json.dumps(record)
    message_id = record.get("messageId")
    return (message_id if isinstance(message_id, str) and message_id else None), record.get("body")


def _about(brief: Brief) -> dict[str, object]:
    """What the log says about a message: enough to find it, never its content."""
    return {
        "finding_id": inert(brief.finding_id, limit=_ID),
        "finding_type": brief.finding_type,
        "severity": brief.severity.number,
        "account": brief.account,
        "finding_region": brief.region,
        "recognised": brief.recognised,
    }
