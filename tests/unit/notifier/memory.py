"""One destination with a ledger: queue, table and clock in memory, and every message that it was sent."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, ClassVar, Self

from notifier.batch import Notifier
from notifier.brief import Brief
from notifier.briefs.surroundings import Surroundings
from notifier.destinations.base import Sender, Variable
from notifier.items.expected import Expected
from notifier.ledger.told import Told
from notifier.queue.pace import Pace
from tests.findings import leaked_lambda_credentials
from tests.unit.notifier.briefs import EGRESS
from tests.unit.notifier.fake_sqs import Clock, FakeSqs, Polling
from tests.unit.notifier.fake_table import FakeTable

HOUR = 3600.0
AFTER_ALL = 1_800_000_000.0
"""Our clock at its start (2027-01-15 08:00 UTC): after every time that a finding of a test names."""


class Taking(Sender):
    """Takes a moment for each message; `fails` is what it raises first, one after the other."""

    kind: ClassVar[str] = "fake"
    variables: ClassVar[tuple[Variable, ...]] = ()
    seconds: ClassVar[float] = 1.0

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.fails: list[BaseException] = []
        self.sent: list[Brief] = []
        self.times: list[float] = []

    @classmethod
    def configured(cls, values: Mapping[str, str]) -> Self:
        raise NotImplementedError

    def send(self, brief: Brief) -> None:
        self._clock.sleep(0.1)
        if self.fails:
            raise self.fails.pop(0)
        self.sent.append(brief)
        self.times.append(self._clock.now)


@dataclass
class Memory:
    """What a destination hears, delivery by delivery."""

    destination: str = "security-slack"
    quiet_hours: int = 24
    per_minute: int = 20
    expected: Expected = field(default_factory=Expected)
    clock: Clock = field(default_factory=Clock)
    table: FakeTable = field(default_factory=FakeTable)
    sqs: FakeSqs = field(init=False)
    sender: Taking = field(init=False)
    _numbers: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.sqs = FakeSqs(self.clock)
        self.sender = Taking(self.clock)

    def function(self) -> Notifier:
        """A function of this destination, fresh from its start."""
        told = Told.by(
            self.table,
            deployment="sandbox",
            destination=self.destination,
            queues=self.sqs,
            quiet_hours=self.quiet_hours,
            messages_per_minute=self.per_minute,
            clock=lambda: AFTER_ALL + self.clock(),
        )
        return Notifier(
            around=Surroundings(deployment="sandbox", egress=EGRESS),
            destination=self.destination,
            sender=self.sender,
            queues=self.sqs,
            pace=Pace(0.0, clock=self.clock, sleep=self.clock.sleep),
            told=told,
            expected=self.expected,
        )

    def queue(self, *events: object) -> None:
        """Put events on the queue."""
        for event in events:
            self.sqs.send(f"m{next(self._numbers)}", event if isinstance(event, str) else json.dumps(event))

    def hear(self, *events: object) -> list[Brief]:
        """Deliver events one after the other, each until the queue is empty; what the destination was sent of them."""
        before = len(self.sender.sent)
        for event in events:
            self.queue(event)
            self.run(functions=1)
        return self.sender.sent[before:]

    def run(self, *, functions: int = 2) -> None:
        """Let functions work until the queue is empty."""
        Polling(self.sqs, [self.function() for _ in range(functions)]).run()


def leak(*, updated: str | None = "2026-11-23T04:14:58Z", archived: bool = False, **members: Any) -> dict[str, Any]:
    """An update of the headline finding."""
    event = leaked_lambda_credentials(**members)
    event["detail"]["updatedAt"] = updated
    event["detail"]["service"]["archived"] = archived
    return event
