"""A queue and its dead-letter queue in memory, with the rules of SQS that delivery rests on, and Lambda polling it."""

import heapq
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from notifier.batch import Notifier
from notifier.queue.queues import QueueFailed

DAY = 86_400.0
RETENTION = 7 * DAY
VISIBILITY_TIMEOUT = 360.0
MAX_RECEIVES = 60
FUNCTION_TIMEOUT = 60.0


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += seconds


@dataclass
class Message:
    """A message as SQS keeps it."""

    id: str
    body: str
    sent: float
    visible: float
    receives: int = 0
    receipt: str = ""
    received: float = 0.0


@dataclass
class FakeSqs:
    """Both queues of one destination.

    Rules: a receipt is good until the message is received again; a visibility timeout is at most 12 hours from when
    the message was received; what was received too often moves to the dead-letter queue when it would be received
    once more; what is older than the retention is gone.
    """

    clock: Clock
    messages: dict[str, Message] = field(default_factory=dict)
    dead: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    expired: list[str] = field(default_factory=list)
    put_off_by: list[float] = field(default_factory=list)
    reminders: list[str] = field(default_factory=list)
    broken: bool = False
    _order: list[tuple[float, int, str]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    def send(self, id_: str, body: str, *, delay: float = 0.0) -> None:
        self.messages[id_] = Message(id_, body, self.clock.now, self.clock.now + delay)
        self._come_at(self.messages[id_], self.clock.now + delay)

    def receive(self, limit: int = 5) -> list[dict[str, object]]:
        """Up to `limit` records as Lambda hands them to a function."""
        records: list[dict[str, object]] = []
        while self._order and len(records) < limit and self._order[0][0] <= self.clock.now:
            visible, _, id_ = heapq.heappop(self._order)
            message = self.messages.get(id_)
            if message is None or message.visible != visible:
                continue  # deleted, or put off meanwhile
            if self.clock.now - message.sent >= RETENTION:
                self.expired.append(self.messages.pop(message.id).id)
            elif message.receives == MAX_RECEIVES:
                self.dead.append((self.messages.pop(message.id).body, {}))
            else:
                message.receives += 1
                message.received = self.clock.now
                self._come_at(message, self.clock.now + VISIBILITY_TIMEOUT)
                message.receipt = f"{message.id}-{message.receives}"
                records.append(
                    {
                        "messageId": message.id,
                        "receiptHandle": message.receipt,
                        "body": message.body,
                        "attributes": {"ApproximateReceiveCount": str(message.receives)},
                    }
                )
        return records

    def put_off(self, receipt: str, seconds: float) -> None:
        """See `Queues`."""
        if self.broken:
            raise QueueFailed("ThrottlingException")
        message = self.messages[receipt.rpartition("-")[0]]
        assert message.receipt == receipt, "not the latest receipt"
        assert seconds >= 0
        assert self.clock.now + seconds - message.received <= 43_200, "SQS refuses more than 12 hours in total"
        self.put_off_by.append(seconds)
        self._come_at(message, self.clock.now + seconds)

    def give_up(self, text: str, attributes: Mapping[str, str]) -> None:
        """See `Queues`."""
        if self.broken:
            raise QueueFailed("ThrottlingException")
        assert text
        assert all(attributes.values()), "SQS refuses an attribute without a value"
        self.dead.append((text, attributes))

    def remind(self, text: str, seconds: float) -> None:
        """See `Queues`."""
        if self.broken:
            raise QueueFailed("ThrottlingException")
        assert text
        assert round(seconds) <= 900, "SQS delays by 15 minutes at most"
        self.reminders.append(text)
        self.send(f"reminder-{len(self.reminders)}", text, delay=max(seconds, 0.0))

    def _come_at(self, message: Message, visible: float) -> None:
        message.visible = visible
        heapq.heappush(self._order, (visible, next(self._numbers), message.id))

    def delete(self, id_: str) -> None:
        del self.messages[id_]


@dataclass
class Polling:
    """Lambda, which hands batches of a queue to so many functions at once, until nothing is left to do."""

    sqs: FakeSqs
    functions: list[Notifier]
    until: float = 30 * DAY

    def run(self, *, arriving: Callable[[], None] = lambda: None) -> None:
        clock = self.sqs.clock
        arriving()
        free = [(clock.now, number) for number in range(len(self.functions))]
        while self.sqs.messages and free[0][0] < self.until:
            clock.now, number = heapq.heappop(free)
            if records := self.sqs.receive():
                end = clock.now + FUNCTION_TIMEOUT
                response = self.functions[number].handle({"Records": records}, seconds_left=partial(_left, clock, end))
                assert clock.now < end, "Lambda would have ended the function"
                failed = {failure["itemIdentifier"] for failure in response["batchItemFailures"]}
                for record in records:
                    if record["messageId"] not in failed:
                        self.sqs.delete(str(record["messageId"]))
            else:
                clock.now = max(min((m.visible for m in self.sqs.messages.values()), default=0.0), clock.now + 0.1)
            heapq.heappush(free, (clock.now, number))


def _left(clock: Clock, end: float) -> float:
    return end - clock.now
