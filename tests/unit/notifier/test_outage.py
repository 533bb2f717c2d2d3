"""Destinations that go down and come back, with a clock that runs as fast as we like."""

import json
import random
from collections.abc import Mapping
from typing import ClassVar, Self

import pytest

from notifier.batch import Notifier
from notifier.brief import Brief
from notifier.destinations.base import Sender, Variable
from notifier.destinations.slack import SlackSender
from notifier.outcomes import RetryLater
from notifier.queue.backoff import LONGEST_SECONDS, backoff
from notifier.queue.pace import Pace
from tests.findings import low_finding
from tests.surroundings import AROUND
from tests.unit.notifier.fake_sqs import MAX_RECEIVES, Clock, FakeSqs, Polling

HOUR = 3600.0


class Destination(Sender):
    """Takes a moment for each message; down between two times."""

    kind: ClassVar[str] = "fake"
    variables: ClassVar[tuple[Variable, ...]] = ()
    seconds: ClassVar[float] = 1.0

    def __init__(self, clock: Clock, *, down: tuple[float, float] = (0, 0), after: float | None = None) -> None:
        self._clock = clock
        self._down = down
        self._after = after
        self.sent: list[tuple[float, str]] = []

    @classmethod
    def configured(cls, values: Mapping[str, str]) -> Self:
        raise NotImplementedError

    def send(self, brief: Brief) -> None:
        self._clock.sleep(0.1)
        if self._down[0] <= self._clock.now < self._down[1]:
            raise RetryLater("down", after=self._after)
        self.sent.append((self._clock.now, brief.finding_id))


@pytest.fixture(autouse=True)
def _the_same_chance_each_time() -> None:
    random.seed(20261123)


def functions(sqs: FakeSqs, destination: Destination, *, between: float = 0.0, count: int = 2) -> list[Notifier]:
    """As many functions as send to one destination at the same time."""
    return [
        Notifier(
            around=AROUND,
            destination="fake",
            sender=destination,
            queues=sqs,
            pace=Pace(between, clock=sqs.clock, sleep=sqs.clock.sleep),
        )
        for _ in range(count)
    ]


def body(number: int) -> str:
    return json.dumps(low_finding(id=f"finding-{number}"))


def test_t17_one_destination_that_is_down_holds_up_no_other() -> None:
    results = []
    for down in ((0.0, HOUR), (0.0, 0.0), (0.0, 0.0)):
        clock = Clock()
        sqs = FakeSqs(clock)
        destination = Destination(clock, down=down)
        for number in range(5):
            sqs.send(f"m{number}", body(number))
        messages = list(sqs.messages.values())
        Polling(sqs, functions(sqs, destination)).run()
        assert sorted(id_ for _, id_ in destination.sent) == [f"finding-{number}" for number in range(5)]
        results.append((max(at for at, _ in destination.sent), max(message.receives for message in messages), sqs.dead))
    (back, receives, dead), *well = results
    assert back >= HOUR
    assert receives > 1
    assert dead == []
    assert all(at < 2 and times == 1 for at, times, _ in well)


@pytest.mark.parametrize("after", [None, 30.0, 3600.0])
def test_t18_a_backlog_of_six_hours_drains_at_the_pace_of_slack_and_nothing_is_lost(after: float | None) -> None:
    clock = Clock()
    sqs = FakeSqs(clock)
    slack = Destination(clock, down=(0.0, 6 * HOUR), after=after)
    for number in range(40):
        sqs.send(f"m{number}", body(number))
    Polling(sqs, functions(sqs, slack, between=SlackSender.seconds_between)).run()
    assert (sqs.dead, sqs.expired) == ([], [])
    assert sorted(id_ for _, id_ in slack.sent) == sorted(f"finding-{number}" for number in range(40))
    times = sorted(at for at, _ in slack.sent)
    assert times[0] >= 6 * HOUR
    # Both functions together, over any stretch of time: one a second, and the one that each may begin with.
    for first in range(len(times)):
        for last in range(first, len(times)):
            assert last - first + 1 <= times[last] - times[first] + 2


def test_t18_a_burst_drains_at_the_pace_of_slack() -> None:
    clock = Clock()
    sqs = FakeSqs(clock)
    slack = Destination(clock)
    for number in range(300):
        sqs.send(f"m{number}", body(number))
    messages = list(sqs.messages.values())
    Polling(sqs, functions(sqs, slack, between=SlackSender.seconds_between)).run()
    assert len(slack.sent) == 300
    assert 280 < max(at for at, _ in slack.sent) < 400
    assert max(message.receives for message in messages) == 1


def test_t18_what_is_never_accepted_becomes_a_dead_letter_and_is_not_lost() -> None:
    clock = Clock()
    sqs = FakeSqs(clock)
    for number in range(3):
        sqs.send(f"m{number}", body(number))
    Polling(sqs, functions(sqs, Destination(clock, down=(0.0, 1e9), after=3600.0))).run()
    assert sorted(text for text, _ in sqs.dead) == sorted(body(number) for number in range(3))
    assert sqs.expired == []
    assert clock.now > 6 * HOUR


def test_q13_a_queue_that_cannot_be_told_anything_brings_the_message_anyway() -> None:
    clock = Clock()
    sqs = FakeSqs(clock, broken=True)
    destination = Destination(clock, down=(0.0, HOUR))
    sqs.send("m1", body(1))
    Polling(sqs, functions(sqs, destination)).run()
    assert len(destination.sent) == 1
    assert clock.now >= HOUR


def test_attempts_last_for_more_than_the_six_hours_promised_and_are_spread() -> None:
    for seed in range(200):
        chance = random.Random(seed).random  # noqa: S311  (a spread, not a secret)
        waits = [backoff(receives, chance=chance) for receives in range(1, MAX_RECEIVES)]
        assert sum(waits) > 6 * HOUR
        assert max(waits) <= LONGEST_SECONDS
    assert backoff(9, chance=lambda: 0.0) == 0.0
    assert backoff(9, chance=lambda: 0.5) == 600.0
    assert backoff(1, chance=lambda: 1.0) == 60.0
    assert backoff(0, chance=lambda: 0.0) == 0.0


def test_what_only_had_to_wait_for_its_turn_waits_no_ten_minutes_and_does_not_use_up_its_attempts() -> None:
    assert [backoff(2, put_off=True, chance=lambda one=one: one) for one in (0.0, 1.0)] == [60.0, 180.0]  # type: ignore[misc]
    assert backoff(2, chance=lambda: 0.0) == 600.0
    for seed in range(200):
        chance = random.Random(seed).random  # noqa: S311  (a spread, not a secret)
        assert sum(backoff(one, put_off=True, chance=chance) for one in range(1, MAX_RECEIVES)) > 6 * HOUR


@pytest.mark.parametrize("receives", [1, 2, 3, 59])
def test_t1_no_wait_is_shorter_than_the_destination_asked_for(receives: int) -> None:
    assert backoff(receives, after=90.0, chance=lambda: 0.0) >= 90.0
