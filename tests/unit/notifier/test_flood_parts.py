"""The counting behind the roll-ups, step by step and at a time of day: where, until when, and when it is due."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from notifier.ledger.flood import FIRST_OF_A_KIND, GRAVE, KEPT_SECONDS, ORDINARY, Flood
from notifier.ledger.ledger import CLAIM_SECONDS, SKEW_SECONDS, Answer, Ledger, Verdict
from notifier.ledger.rollup import RollUp
from notifier.ledger.sight import Sight
from notifier.ledger.state import CaseState
from notifier.ledger.table import EMPTY, TableFailed
from notifier.ledger.ticket import Ticket
from notifier.queue.queues import QueueFailed
from tests.unit.notifier.fake_table import FakeTable

WINDOW = 1_795_406_400.0
"""Begins a window of five minutes, and a minute."""

SIGHT = Sight(
    case="c", finding="f1", rank=5.0, severity="5.0", region="eu-west-1", account="111122223333", type="A:B/C"
)
KEY = f"mail/more/{WINDOW / 300:.0f}/111122223333/A:B/C"
NEXT = f"mail/more/{WINDOW / 300 + 1:.0f}/111122223333/A:B/C"


@dataclass
class Reminders:
    """The queue, as far as a flood uses it."""

    sent: list[tuple[str, float]] = field(default_factory=list)
    broken: bool = False

    def dead_letter(self, text: str, attributes: object) -> None:
        raise NotImplementedError

    def remind(self, text: str, seconds: float) -> None:
        if self.broken:
            raise QueueFailed("down")
        self.sent.append((text, seconds))


@dataclass
class Place:
    """A flood with its table, its queue and its clock."""

    most: int = 2
    now: float = WINDOW + 100
    table: FakeTable = field(default_factory=FakeTable)
    queue: Reminders = field(default_factory=Reminders)

    def flood(self) -> Flood:
        return Flood(
            self.table,
            destination="mail",
            messages_per_minute=self.most,
            queues=self.queue,  # type: ignore[arg-type]
            clock=lambda: self.now,
        )

    def rollup(self, key: str = KEY) -> RollUp:
        return RollUp.parse(self.table.items[key].text)

    def put(self, rollup: RollUp, key: str = KEY) -> None:
        self.table.write(key, rollup.text(), after=self.table.items.get(key, EMPTY), expires=0.0)


MARK = RollUp(account="111122223333", type="A:B/C", began=WINDOW)


def test_the_first_of_its_kind_is_sent_and_marks_the_window() -> None:
    place = Place()
    assert place.flood().hold_back(SIGHT) is False
    assert place.rollup() == MARK
    assert place.table.expires[KEY] == place.now + KEPT_SECONDS
    assert place.queue.sent == []


def test_the_second_is_counted_and_its_ticket_is_due_when_the_window_is_over() -> None:
    place = Place()
    place.put(MARK)
    assert place.flood().hold_back(SIGHT) is True
    assert place.rollup() == MARK.with_one_more(SIGHT).with_ticket()
    ((text, seconds),) = place.queue.sent
    assert Ticket.of(text) == Ticket(key=KEY, account="111122223333", type="A:B/C", began=WINDOW)
    assert seconds == 200.0
    assert place.flood().hold_back(SIGHT) is True
    assert len(place.queue.sent) == 1


def test_what_is_being_told_takes_no_more_and_the_next_window_does() -> None:
    place = Place()
    place.put(MARK.as_closed())
    place.put(RollUp(account="111122223333", type="A:B/C", began=WINDOW + 300), NEXT)
    assert place.flood().hold_back(SIGHT) is True
    assert place.rollup() == MARK.as_closed()
    assert place.rollup(NEXT).count == 1
    assert place.queue.sent[0][1] == 500.0


def test_a_first_of_its_kind_beyond_twice_the_rate_is_counted_as_well() -> None:
    place = Place(most=1)
    flood = place.flood()
    flood.count()
    flood.count()
    assert flood.hold_back(SIGHT) is True
    assert place.rollup() == MARK.with_one_more(SIGHT).with_ticket()


def test_without_a_finding_nothing_is_held_back() -> None:
    place = Place()
    place.put(MARK)
    assert place.flood().hold_back(Sight(case="c", finding="")) is False
    assert place.rollup() == MARK


def test_without_the_queue_or_with_an_item_that_nobody_can_read_it_is_sent() -> None:
    place = Place(queue=Reminders(broken=True))
    place.put(MARK)
    assert place.flood().hold_back(SIGHT) is False
    place.table.write(KEY, "{", after=place.table.items[KEY], expires=0.0)
    assert place.flood().hold_back(SIGHT) is False


def test_there_is_room_for_the_rate_for_twice_of_what_is_first_and_for_three_times_of_what_is_grave() -> None:
    flood = Place(most=2).flood()
    rooms = []
    for _ in range(7):
        rooms.append([flood.has_room(up_to) for up_to in (ORDINARY, FIRST_OF_A_KIND, GRAVE)])
        flood.count()
    assert [row.count(True) for row in rooms] == [3, 3, 2, 2, 1, 1, 0]
    assert rooms[2] == [False, True, True]


GRAVE_ONES = [
    pytest.param({"rank": 9.0, "severity": "9.0"}, id="critical"),
    pytest.param({"rank": 10.0, "severity": "unknown"}, id="nobody-knows"),
    pytest.param({"type": "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS"}, id="leaked-key"),
    pytest.param({"type": "Watched call guardduty:CreateFilter"}, id="change-that-was-made"),
]
OTHERS = [
    pytest.param({"rank": 8.9, "severity": "8.9"}, id="high"),
    pytest.param({"type": "Watched call guardduty:CreateFilter (refused)"}, id="refused-change"),
    pytest.param({"type": "Watched call guardduty:CreateFilter (failed)"}, id="failed-change"),
    pytest.param({"type": "UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B"}, id="another-type"),
]


@pytest.mark.parametrize("grave", GRAVE_ONES)
def test_what_is_grave_goes_by_itself_whatever_the_minute_has_sent_before(grave: dict[str, Any]) -> None:
    """A flood of many kinds takes the rate and what is kept for the first of each."""
    place = Place(most=1)
    flood = place.flood()
    flood.count()
    flood.count()
    sight = replace(SIGHT, **grave)
    assert sight.grave
    assert flood.hold_back(sight) is False
    assert flood.hold_back(replace(sight, finding="another")) is False
    assert list(place.table.items) == [f"mail/minute/{WINDOW / 60 + 1:.0f}"]
    flood.count()
    assert flood.hold_back(sight) is True, "within a bound of its own"


@pytest.mark.parametrize("other", OTHERS)
def test_nothing_else_does(other: dict[str, Any]) -> None:
    place = Place(most=1)
    flood = place.flood()
    flood.count()
    flood.count()
    assert not replace(SIGHT, **other).grave
    assert flood.hold_back(replace(SIGHT, **other)) is True


def test_what_another_function_has_sent_counts_and_a_count_that_is_no_number_does_not() -> None:
    place = Place(most=2)
    key = f"mail/minute/{WINDOW / 60 + 1:.0f}"
    place.table.write(key, "2", after=EMPTY, expires=0.0)
    assert not place.flood().has_room()
    assert place.flood().has_room(FIRST_OF_A_KIND)
    place.flood().count()
    assert (place.table.items[key].text, place.table.expires[key]) == ("3", place.now + 86_400)
    place.table.write(key, "many", after=place.table.items[key], expires=0.0)
    assert place.flood().has_room()


@pytest.mark.parametrize(("seconds", "left"), [(0, 60), (1, 59), (59.5, 0.5)])
def test_the_next_minute_begins(seconds: float, left: float) -> None:
    assert Place(now=WINDOW + seconds).flood().seconds_to_room() == left


def test_a_ticket_closes_its_rollup_and_one_that_was_told_or_counts_nothing_is_not_told() -> None:
    place = Place()
    ticket = Ticket(key=KEY, account="111122223333", type="A:B/C", began=WINDOW)
    place.put(MARK)
    assert place.flood().due(ticket) is None
    place.put(MARK.with_one_more(SIGHT))
    assert place.flood().due(ticket) == MARK.with_one_more(SIGHT)
    assert place.rollup() == MARK.with_one_more(SIGHT).as_closed()
    place.flood().told(ticket)
    assert place.rollup() == MARK.with_one_more(SIGHT).as_told()
    assert place.flood().due(ticket) is None


def test_who_writes_at_the_same_moment_is_asked_again_and_not_for_ever() -> None:
    place = Place()
    ticket = Ticket(key=KEY, account="111122223333", type="A:B/C", began=WINDOW)
    place.put(MARK.with_one_more(SIGHT))
    others: list[str] = []

    def meanwhile(key: str) -> None:
        if len(others) < 3:
            others.append(key)
            item = place.table.items[key]
            place.table.items[key] = type(item)(MARK.with_one_more(SIGHT).with_one_more(SIGHT).text(), item.version + 1)

    place.table.before_write = meanwhile
    found = place.flood().due(ticket)
    assert found is not None
    assert found.count == 2
    place.table.before_write = lambda _key: None
    place.put(MARK)
    place.table.before_write = meanwhile
    others.clear()
    assert place.flood().hold_back(SIGHT) is True
    assert place.rollup().count == 3

    def always(key: str) -> None:
        item = place.table.items[key]
        place.table.items[key] = type(item)(MARK.with_one_more(SIGHT).text(), item.version + 1)

    place.table.before_write = always
    with pytest.raises(TableFailed):
        place.flood().due(ticket)
    assert place.flood().hold_back(SIGHT) is False


def ledger(table: FakeTable, now: float = WINDOW) -> Ledger:
    return Ledger(table, destination="mail", quiet_hours=24, clock=lambda: now)


def test_who_meets_a_claim_waits_until_it_ends() -> None:
    table = FakeTable()
    first = ledger(table).ask(SIGHT)
    assert first.verdict is Verdict.TELL
    other = ledger(table, WINDOW + 20).ask(SIGHT)
    assert other == Answer(verdict=Verdict.WAIT, sight=SIGHT, after=CLAIM_SECONDS - 20)
    assert ledger(table, WINDOW + CLAIM_SECONDS).ask(SIGHT).verdict is Verdict.TELL


@pytest.mark.parametrize(("ahead", "after"), [(-50, 10), (-0.5, 59.5), (0, 60), (0.5, 60), (SKEW_SECONDS, 60)])
def test_a_claim_counts_although_the_clock_of_who_made_it_is_a_little_ahead(ahead: float, after: float) -> None:
    table = FakeTable()
    assert ledger(table, WINDOW + ahead).ask(SIGHT).verdict is Verdict.TELL
    assert ledger(table).ask(SIGHT) == Answer(verdict=Verdict.WAIT, sight=SIGHT, after=after)


@pytest.mark.parametrize("ahead", [-CLAIM_SECONDS, -1e9, SKEW_SECONDS + 1, 1e9])
def test_a_claim_by_a_clock_that_is_wrong_keeps_nobody_from_telling(ahead: float) -> None:
    table = FakeTable()
    ledger(table, WINDOW + ahead).ask(SIGHT)
    assert ledger(table).ask(SIGHT).verdict is Verdict.TELL
    # And nobody for longer than its own tolerance, whoever asks again and again.
    now = WINDOW
    ledger(table, now + SKEW_SECONDS).ask(SIGHT)
    while (answer := ledger(table, now).ask(SIGHT)).verdict is Verdict.WAIT:
        now += answer.after
    assert now - WINDOW <= CLAIM_SECONDS + SKEW_SECONDS


def test_claims_cover_together_what_none_of_them_does_until_the_first_of_them_ends() -> None:
    table = FakeTable()
    one, other = replace(SIGHT, marks=("192.0.2.1",)), replace(SIGHT, marks=("192.0.2.2",))
    first = ledger(table).ask(one)
    assert first.verdict is ledger(table, WINDOW + 20).ask(other).verdict is Verdict.TELL
    both = replace(SIGHT, marks=("192.0.2.1", "192.0.2.2"))
    assert ledger(table, WINDOW + 30).ask(both) == Answer(verdict=Verdict.WAIT, sight=both, after=30)
    ledger(table, WINDOW + 31).release(first)
    assert ledger(table, WINDOW + 32).ask(other).verdict is Verdict.WAIT
    assert ledger(table, WINDOW + 32).ask(both).verdict is Verdict.TELL, "whoever sent the first has failed"
    # What is void by now is not kept.
    later = ledger(table, WINDOW + 85).ask(replace(SIGHT, rank=8.0))
    assert later.state is not None
    assert [claim.sight for claim in later.state.claims] == [both, replace(SIGHT, rank=8.0)]


def test_what_was_recorded_is_known_and_its_claim_is_gone() -> None:
    table = FakeTable()
    answer = ledger(table).ask(SIGHT)
    ledger(table, WINDOW + 1).record(answer)
    state = CaseState.parse(table.items["mail/case/c"].text)
    assert state == CaseState.new().after(SIGHT, now=WINDOW + 1)
    assert table.expires["mail/case/c"] == WINDOW + 1 + 400 * 86_400
    assert ledger(table).ask(SIGHT) == Answer(verdict=Verdict.KNOWN, sight=SIGHT)


def test_what_is_recorded_after_somebody_else_wrote_is_recorded_without_the_claim() -> None:
    table = FakeTable()
    answer = ledger(table).ask(SIGHT)
    entry = table.items["mail/case/c"]
    table.write("mail/case/c", entry.text, after=entry, expires=0.0)
    times = iter(range(2))

    def meanwhile(key: str) -> None:
        if next(times, None) is not None:
            item = table.items[key]
            table.items[key] = type(item)(item.text, item.version + 1)

    table.before_write = meanwhile
    ledger(table).record(answer)
    assert CaseState.parse(table.items["mail/case/c"].text).claims == ()
