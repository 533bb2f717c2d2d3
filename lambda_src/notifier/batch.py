"""A batch of queue messages: each on its own, and the failed ones named so that the queue brings them again."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import TypedDict

from notifier.brief import Brief
from notifier.briefs import brief_of, plain_brief
from notifier.briefs.surroundings import Surroundings
from notifier.destinations.base import Sender
from notifier.faults import where
from notifier.inert import inert
from notifier.items.event import read
from notifier.items.expected import Expected
from notifier.items.item import Item
from notifier.items.only_logged import only_logged
from notifier.ledger.ticket import Ticket
from notifier.ledger.told import DELIVERED, TEST_LANE, Told
from notifier.outcomes import DeliveryFailed, NotNow, Refused, RetryLater
from notifier.queue.backoff import backoff
from notifier.queue.message import QueueMessage
from notifier.queue.pace import Pace
from notifier.queue.queues import SECONDS as QUEUE_SECONDS
from notifier.queue.queues import QueueFailed, Queues
from notifier.urgency import by_urgency

logger = logging.getLogger(__name__)

_ID = 120
_REASON = 500

ATTEMPT_SECONDS = 48.0
"""Longest that one message can take: its destination's every call, each until it times out, and what the queue is
told afterwards. A contract test adds it up."""


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
    """Delivers what is in queue messages to one destination.

    Attributes:
        around: What the deployment knows beside a message.
        told: What it was told already; None remembers nothing, and everything is sent.
        expected: Whose changes to the stack nobody has to hear of.
    """

    around: Surroundings
    destination: str
    sender: Sender = field(repr=False)
    queues: Queues = field(repr=False)
    pace: Pace = field(default_factory=lambda: Pace(0.0), repr=False)
    told: Told | None = None
    expected: Expected = Expected()  # noqa: RUF009  frozen

    def handle(self, event: Mapping[str, object], *, seconds_left: Callable[[], float] = lambda: inf) -> BatchResponse:
        """Deliver every record of a batch for which there is time, the most severe first.

        A record is begun only while a whole attempt fits: ended in mid-batch by Lambda, the function could not say
        what it had delivered, and all of it would be sent again.

        Raises:
            UnnamedMessagesFailed: after trying all records, if one without a `messageId` failed.
        """
        records = event.get("Records")
        failures: list[Failure] = []
        unnamed = 0
        self.pace.begin()
        if self.told:
            self.told.begin(seconds_left)
        # Not a batch: somebody invoked the function by hand with an event; it still goes out.
        batch = records if isinstance(records, list) else [{"body": json.dumps(event)}]
        for message in by_urgency(map(QueueMessage.of, batch)):
            if self._done(message, seconds_left):
                continue
            if message.message_id is None:
                unnamed += 1
            else:
                failures.append({"itemIdentifier": message.message_id})
        if unnamed:
            raise UnnamedMessagesFailed(f"{unnamed} message(s) without messageId were not delivered")
        return {"batchItemFailures": failures}

    def _done(self, message: QueueMessage, seconds_left: Callable[[], float]) -> bool:
        """Whether the queue can forget the message: it was delivered, or lies in the dead-letter queue."""
        about: dict[str, object] = {
            "destination": self.destination, "message_id": message.message_id, "receives": message.receives,
        }  # fmt: skip
        put_off = False
        try:
            self._deliver(message, about, lambda: seconds_left() - ATTEMPT_SECONDS)
        except Refused as error:
            return self._given_up(message, error, about)
        except NotNow as error:
            logger.warning("put off", extra={**about, "outcome": "deferred", "reason": str(error)})
            after: float | None = error.after
            put_off = not error.failed
        except DeliveryFailed as error:
            failed = {**about, "outcome": "retried", "reason": str(error), "cause": error.cause}
            logger.error("not delivered", extra=failed)  # noqa: TRY400
            after = error.after if isinstance(error, RetryLater) else None
        except Exception as error:  # noqa: BLE001  one bad record must not take the others with it
            logger.error("not delivered", extra={**about, "outcome": "retried", "fault": where(error)})  # noqa: TRY400
            after = None
        else:
            return True
        # Telling the queue is a courtesy, and not worth being cut off by Lambda.
        if message.receipt is not None and seconds_left() > QUEUE_SECONDS + 1:
            self._put_off(message.receipt, backoff(message.receives, after=after, put_off=put_off), about)
        return False

    def _deliver(self, message: QueueMessage, about: dict[str, object], spare: Callable[[], float]) -> None:
        """Send whatever is in the message, and only then say what was refused: the other findings are not to blame."""
        if self.told and (ticket := Ticket.of(message.body)):
            about |= {"finding_type": inert(ticket.type, limit=_ID), "account": inert(ticket.account, limit=_ID)}
            outcome = self.told.roll_up(
                ticket, receives=message.receives, send=lambda brief: self._send(brief, about, spare)
            )
            logger.info("roll-up %s", outcome, extra={**about, "outcome": outcome})
            return
        refused: Refused | None = None
        for item in read(message.body):
            if said := only_logged(item, self.expected):
                words, members = said
                logger.info(words, extra={**about, **members})
                continue
            brief = self._brief(item)
            about |= _about(brief)
            if not self.sender.takes(brief):
                outcome = TEST_LANE if brief.sample else "not taken"
                logger.info("not for this destination", extra={**about, "outcome": outcome})
                continue
            try:
                outcome = self._told(item, brief, about, spare)
            except Refused as error:
                refused = error
            else:
                logger.info(outcome, extra={**about, "outcome": outcome})
        if refused is not None:
            raise refused

    def _told(self, item: Item, brief: Brief, about: Mapping[str, object], spare: Callable[[], float]) -> str:
        """Send what is new; the outcome."""
        if self.told:
            return self.told.tell(item, brief, lambda changed: self._send(changed, about, spare))
        self._send(brief, about, spare)
        return DELIVERED

    def _send(self, brief: Brief, about: Mapping[str, object], spare: Callable[[], float]) -> None:
        """Send when it is time to; once more if the destination names a time that can be waited for."""
        if not self.pace.waited(spare=spare()):
            asked = self.pace.left()
            raise NotNow("no time left" if asked <= 0 else f"to be left alone for {asked:.0f} s", after=max(asked, 0.0))
        try:
            self.sender.send(brief)
        except RetryLater as error:
            if error.after is None:
                raise
            self.pace.hold(error.after)
            if not self.pace.waited(spare=spare()):
                raise
            waited = {**about, "outcome": "waited", "reason": str(error), "cause": error.cause}
            logger.warning("sending again after the time asked for", extra=waited)
            self.sender.send(brief)

    def _given_up(self, message: QueueMessage, error: Refused, about: Mapping[str, object]) -> bool:
        """Write the message to the dead-letter queue; its alarm then tells a person by another way."""
        failed = {**about, "reason": str(error), "cause": error.cause}
        attributes = {"destination": self.destination, "reason": inert(str(error), limit=_REASON)}
        try:
            self.queues.give_up(message.text, attributes)
        except QueueFailed as failure:
            # The queue keeps it then, and moves it there itself in the end.
            logger.error(  # noqa: TRY400
                "refused, and the dead-letter queue did not take it",
                extra={**failed, "outcome": "retried", "dead_letter_fault": str(failure)},
            )
            return False
        logger.error("refused; it is in the dead-letter queue", extra={**failed, "outcome": "permanent"})
        return True

    def _put_off(self, receipt: str, seconds: float, about: Mapping[str, object]) -> None:
        try:
            self.queues.put_off(receipt, seconds)
        except QueueFailed as failure:
            logger.warning(
                "the queue was not told when to try again; it will after its visibility timeout",
                extra={**about, "reason": str(failure)},
            )

    def _brief(self, item: Item) -> Brief:
        try:
            return brief_of(item, self.around)
        except Exception as error:  # noqa: BLE001  a mistake of ours must not cost the message
            logger.error(  # noqa: TRY400  the message of the exception may hold text of the finding
                "the brief could not be made; sending the plain one",
                extra={"outcome": "degraded", "fault": where(error)},
            )
            return plain_brief(item, self.around)


def seconds_left(context: object) -> Callable[[], float]:
    """How long Lambda lets this invocation run on; without its context, for ever."""
    milliseconds = getattr(context, "get_remaining_time_in_millis", None)
    return (lambda: float(milliseconds()) / 1000) if callable(milliseconds) else (lambda: inf)


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
