"""However many findings come: none is lost, a case is told once, and a person can still read."""

import json
import logging
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from notifier.brief import Brief
from notifier.destinations import slack_card
from notifier.destinations.pagerduty_event import message as pagerduty_message
from notifier.destinations.text import body as mail
from notifier.ledger.flood import WINDOW_SECONDS
from notifier.ledger.rollup import RollUp
from notifier.ledger.rollup_words import brief_of_rollup
from notifier.ledger.table import EMPTY
from notifier.ledger.ticket import Ticket
from notifier.outcomes import NotNow, Refused, RetryLater
from notifier.queue.queues import LONGEST_DELAY
from tests.findings import low_finding
from tests.unit.notifier.memory import AFTER_ALL, HOUR, Memory, leak
from tests.watched import call

PROBE = "Recon:EC2/PortProbeUnprotectedPort"
OTHER = "Recon:EC2/Portscan"


def probes(count: int, *, prefix: str = "f", **members: Any) -> list[dict[str, Any]]:
    return [low_finding(id=f"{prefix}{number}", **members) for number in range(count)]


def alone(memory: Memory) -> list[Brief]:
    """Messages about one finding."""
    return [brief for brief in memory.sender.sent if not brief.case.startswith("more|")]


def rolled_up(memory: Memory) -> list[Brief]:
    return [brief for brief in memory.sender.sent if brief.case.startswith("more|")]


def burst(memory: Memory, *events: dict[str, Any]) -> list[Brief]:
    """Findings that come all at once, to the one function that there is; the roll-ups that it sent."""
    memory.queue(*events)
    memory.run(functions=1)
    return rolled_up(memory)


def only(briefs: list[Brief]) -> Brief:
    (brief,) = briefs
    return brief


def held(brief: Brief) -> int:
    return int(brief.headline.split()[0].replace(",", ""))


def per_minute(memory: Memory) -> int:
    """The most messages in any minute of the clock."""
    return max(Counter(int(at // 60) for at in memory.sender.times).values())


def test_a_burst_of_ten_thousand_loses_none_tells_each_once_and_stays_readable() -> None:
    memory = Memory()
    # Each call of the table takes a moment: the burst lasts for minutes and over two windows.
    memory.table.fails = lambda _call, _key: memory.clock.sleep(0.01)
    kinds = [(PROBE, "111122223333"), (OTHER, "111122223333"), (PROBE, "444455556666")]
    for number in range(10_000):
        kind, account = kinds[number % 3]
        memory.queue(low_finding(id=f"f{number}", type=kind, accountId=account))
    began = time.monotonic()
    memory.run()
    seconds = time.monotonic() - began
    singles = Counter(brief.finding_id for brief in alone(memory))
    assert set(singles.values()) == {1}
    assert len(singles) + sum(map(held, rolled_up(memory))) == 10_000, "every one is told or counted, and once"
    assert (memory.sqs.dead, memory.sqs.expired) == ([], [])
    assert per_minute(memory) <= 2 * 20
    # One for each kind and window, and what was sent one by one before: nobody has to read thousands.
    assert len(memory.sender.sent) < 300
    assert seconds < 60
    assert max(memory.sender.times) > WINDOW_SECONDS


def test_a_case_that_comes_three_thousand_times_is_one_message() -> None:
    memory = Memory()
    memory.queue(*[leak()] * 3_000)
    memory.run()
    assert len(memory.sender.sent) == 1
    assert memory.sqs.dead == []


def test_a_rollup_says_how_many_of_what_and_where_to_find_them() -> None:
    memory = Memory(per_minute=5)
    brief = only(burst(memory, *probes(11, prefix="a")))
    # Five, and the first of its kind beyond them; five more are counted.
    assert [one.finding_id for one in alone(memory)] == [f"a{number}" for number in range(6)]
    assert brief.headline == f"5 more findings of the same kind, in account 111122223333: {PROBE}."
    assert (brief.severity.number, brief.account, brief.region) == (2.0, "111122223333", "eu-west-1")
    assert [fact.value for fact in brief.sections[0].facts][:5] == [
        f"a{number} (severity 2.0, eu-west-1)" for number in range(6, 11)
    ]
    (link,) = brief.links()
    assert link.url.startswith(
        "https://console.aws.amazon.com/guardduty/home?region=eu-west-1#/findings?search=id%3Da6"
    )
    assert "the 5 messages a minute" in brief.notes[0]
    assert "11 more" not in mail(brief)


def test_the_rollup_of_the_last_of_a_burst_comes_by_itself_when_the_window_is_over() -> None:
    """No finding comes after the burst: the ticket on the queue is what brings it."""
    memory = Memory(per_minute=3)
    memory.queue(*probes(10))
    memory.run()
    assert [held(brief) for brief in rolled_up(memory)] == [6]
    assert len(memory.sqs.reminders) == 1
    assert WINDOW_SECONDS <= memory.sender.times[-1] < WINDOW_SECONDS + 60


def test_the_ticket_is_on_the_queue_before_a_finding_is_given_up() -> None:
    memory = Memory(per_minute=1)
    memory.queue(*probes(3))
    function = memory.function()
    memory.sqs.broken = True
    for record in memory.sqs.receive():
        assert function.handle({"Records": [record]}) == {"batchItemFailures": []}
    assert len(alone(memory)) == 3, "nobody could be told that a roll-up is due, so each is sent"


def test_nothing_is_counted_into_a_rollup_while_it_is_being_told() -> None:
    memory = Memory(per_minute=1)
    send, late = memory.sender.send, memory.function()

    def sending(brief: Brief) -> None:
        if brief.case.startswith("more|"):
            memory.sender.send = send  # type: ignore[method-assign]
            began = memory.clock.now
            memory.clock.now = WINDOW_SECONDS - 1.0  # a function whose clock is behind
            memory.queue(*probes(3, prefix="late"))
            records = memory.sqs.receive()
            assert late.handle({"Records": records}) == {"batchItemFailures": []}
            for record in records:
                memory.sqs.delete(str(record["messageId"]))
            memory.clock.now = began
        send(brief)

    memory.sender.send = sending  # type: ignore[method-assign]
    burst(memory, *probes(5))
    assert len(alone(memory)) + sum(map(held, rolled_up(memory))) == 8


def test_a_count_without_its_ticket_gets_one_from_whoever_comes_next() -> None:
    """The function that counted first was ended before it could put the ticket on the queue."""
    memory = Memory(per_minute=1)
    rollup = RollUp(account="111122223333", type=PROBE, began=AFTER_ALL, count=1, first=(("f9", "eu-west-1", "2.0"),))
    key = f"security-slack/more/{AFTER_ALL // WINDOW_SECONDS:.0f}/111122223333/{PROBE}"
    memory.table.write(key, rollup.text(), after=EMPTY, expires=AFTER_ALL + 1.0)
    assert [held(brief) for brief in burst(memory, *probes(2))] == [2]


def test_a_crash_between_count_and_ticket_still_brings_the_rollup() -> None:
    class EndedByLambda(BaseException):
        pass

    memory = Memory(per_minute=1)
    memory.hear(*probes(2))
    memory.queue(*probes(1, prefix="last"))
    remind = memory.sqs.remind

    def crashing(text: str, seconds: float) -> None:
        memory.sqs.remind = remind  # type: ignore[method-assign]
        raise EndedByLambda

    memory.sqs.remind = crashing  # type: ignore[method-assign]
    with pytest.raises(EndedByLambda):
        memory.function().handle({"Records": memory.sqs.receive()})
    memory.run()
    told = [brief.finding_id for brief in alone(memory)]
    listed = " ".join(mail(brief) for brief in rolled_up(memory))
    assert "last0" in listed or "last0" in told


@pytest.mark.parametrize("error", [RetryLater("down"), RuntimeError("ours")])
def test_a_rollup_that_is_not_accepted_comes_again_with_its_count(error: Exception) -> None:
    memory = Memory(per_minute=2)
    memory.queue(*probes(9))
    send = memory.sender.send

    def failing(brief: Brief) -> None:
        if brief.case.startswith("more|"):
            memory.sender.send = send  # type: ignore[method-assign]
            raise error
        send(brief)

    memory.sender.send = failing  # type: ignore[method-assign]
    memory.run()
    assert [held(brief) for brief in rolled_up(memory)] == [6]


def test_a_rollup_that_is_refused_for_good_is_a_dead_letter_that_can_be_sent_again() -> None:
    memory = Memory(per_minute=1)
    memory.queue(*probes(5))
    send = memory.sender.send

    def refusing(brief: Brief) -> None:
        if brief.case.startswith("more|"):
            raise Refused("gone")
        send(brief)

    memory.sender.send = refusing  # type: ignore[method-assign]
    memory.run()
    ((body, attributes),) = memory.sqs.dead
    assert attributes["reason"] == "gone"
    memory.sender.send = send  # type: ignore[method-assign]
    memory.clock.sleep(13 * 86_400)
    memory.hear(body)
    assert [held(brief) for brief in rolled_up(memory)] == [3]


def test_a_ticket_that_comes_twice_tells_once() -> None:
    memory = Memory(per_minute=1)
    burst(memory, *probes(5))
    assert len(rolled_up(memory)) == 1
    memory.hear(*memory.sqs.reminders)
    assert len(rolled_up(memory)) == 1


def test_what_comes_after_a_rollup_was_told_is_in_the_next_one() -> None:
    memory = Memory(per_minute=1)
    memory.queue(*probes(5))
    memory.run()
    memory.clock.now = WINDOW_SECONDS - 1.0  # of a function whose clock is behind
    memory.queue(*probes(4, prefix="late"))
    memory.run()
    assert len(alone(memory)) + sum(map(held, rolled_up(memory))) == 9
    assert len(rolled_up(memory)) == 2


def test_a_rollup_that_the_table_has_lost_is_told_without_its_count() -> None:
    memory = Memory(per_minute=1)
    memory.queue(*probes(5))
    function = memory.function()
    while records := memory.sqs.receive():
        function.handle({"Records": records})
        for record in records:
            memory.sqs.delete(str(record["messageId"]))
    memory.table.items.clear()
    memory.run()
    brief = memory.sender.sent[-1]
    assert brief.headline.startswith("An unknown number of more findings")
    assert PROBE in brief.headline
    assert brief.severity.word == "Unknown"


def test_a_rollup_waits_for_a_table_that_does_not_answer_but_not_for_ever() -> None:
    memory = Memory(per_minute=1)
    memory.hear(*probes(2))
    ticket = Ticket(key="security-slack/more/0/1/x", account="111122223333", type=PROBE, began=0.0)
    memory.table.fails = lambda _call, _key: "ThrottlingException"
    before = memory.clock.now
    memory.sqs.put_off_by.clear()
    assert len(memory.hear(ticket.body())) == 1
    assert memory.clock.now - before > 600
    # Like what failed: a second wait of a minute or three would hide it from the alarm on the queue's age.
    first, second, *_ = memory.sqs.put_off_by
    assert 0 <= first <= 60
    assert 600 <= second <= 840


def test_a_rollup_waits_for_the_table_four_times_and_is_told_without_its_count_the_fifth() -> None:
    memory = Memory()
    memory.table.fails = lambda _call, _key: "ThrottlingException"
    ticket = Ticket(key="security-slack/more/0/1/x", account="111122223333", type=PROBE, began=0.0)

    def received(times: int) -> str:
        told = memory.function().told
        assert told is not None
        return told.roll_up(ticket, receives=times, send=memory.sender.send)

    for times in range(1, 5):
        with pytest.raises(NotNow, match=r"^the table does not answer: ThrottlingException$") as waits:
            received(times)
        # It failed: what only waits for its turn comes back sooner, and hides nothing from the alarm on age.
        assert (waits.value.after, waits.value.failed) == (0.0, True)
    assert received(5) == "delivered"
    assert [brief.headline.partition(" of ")[0] for brief in memory.sender.sent] == ["An unknown number"]


def test_a_kind_that_nobody_has_seen_is_not_hidden_by_a_flood_of_another() -> None:
    memory = Memory()
    memory.queue(*probes(300))
    memory.queue(leak())
    memory.run()
    leaked = [brief for brief in alone(memory) if "Lambda" in brief.headline]
    assert len(leaked) == 1
    assert memory.sender.times[memory.sender.sent.index(leaked[0])] < 60


def test_a_rise_and_the_other_news_of_a_case_count_as_well_and_are_not_lost() -> None:
    memory = Memory(per_minute=2)
    memory.hear(*probes(4))
    memory.hear(*probes(4, severity=8, updatedAt="2026-11-23T05:00:00Z"))
    text = " ".join(mail(brief) for brief in memory.sender.sent)
    assert "severity 8.0" in text or "severity 2.0 → 8.0" in text


def test_what_closes_a_case_waits_for_a_minute_with_room_and_is_never_only_counted() -> None:
    memory = Memory(per_minute=1)
    memory.hear(leak())
    others = [leak(finding_id=f"{number:032x}") for number in range(4)]
    for number, other in enumerate(others):
        other["detail"]["resource"]["accessKeyDetails"]["accessKeyId"] = f"ASIAEXAMPLEOTHER{number:04}"
    memory.queue(*others, leak(archived=True, updated="2026-11-23T05:00:00Z"))
    memory.run(functions=1)
    (closing,) = [brief for brief in memory.sender.sent if brief.closes]
    assert closing.finding_id == leak()["detail"]["id"]
    assert sum(map(held, rolled_up(memory))) > 0


def test_unrecognised_messages_are_neither_counted_nor_held_back() -> None:
    memory = Memory(per_minute=1)
    assert len(memory.hear(*["{broken"] * 5)) == 5
    assert len(memory.hear(leak())) == 1
    assert memory.sqs.reminders == []


def test_samples_take_no_more_than_the_rate_and_hold_no_finding_up() -> None:
    """Any account of an organization can ask for hundreds of them."""
    memory = Memory(per_minute=3)
    memory.queue(*[leak(sample=True)] * 400, leak())
    memory.run()
    assert [brief.sample for brief in memory.sender.sent].count(True) == 3
    (told,) = [at for brief, at in zip(memory.sender.sent, memory.sender.times, strict=True) if not brief.sample]
    assert told < 60
    assert (memory.sqs.dead, memory.sqs.reminders) == ([], [])


def test_many_refused_calls_do_not_hide_the_one_that_was_made() -> None:
    memory = Memory(per_minute=5)
    refused = [call("guardduty", "CreateFilter", {}, errorCode="AccessDenied", eventID=f"r{one}") for one in range(60)]
    memory.queue(*refused, call("guardduty", "CreateFilter", {}, eventID="made"))
    memory.run()
    (made,) = [brief for brief in alone(memory) if "tried to" not in brief.headline]
    assert "created a GuardDuty filter" in made.headline
    assert {one.finding_type for one in rolled_up(memory)} == {"Watched call guardduty:CreateFilter (refused)"}


def test_a_critical_finding_comes_by_itself_in_a_flood_of_many_kinds() -> None:
    memory = Memory(per_minute=5)
    memory.queue(
        *(one for number in range(100) for one in probes(1, type=f"Recon:EC2/Kind{number}", prefix=f"k{number}-"))
    )
    memory.sqs.send("c", json.dumps(leak(id="c", severity=9.5)), delay=20.0)
    memory.run()
    (told,) = [at for brief, at in zip(memory.sender.sent, memory.sender.times, strict=True) if brief.finding_id == "c"]
    assert told < 60
    assert per_minute(memory) <= 11


def test_q10_without_its_table_a_flood_is_sent_finding_by_finding() -> None:
    memory = Memory(per_minute=2)
    memory.table.fails = lambda _call, _key: "AccessDeniedException"
    memory.hear(*probes(30))
    assert len(alone(memory)) == 30


def test_t18_what_came_while_the_destination_was_down_is_told_or_counted_when_it_is_back() -> None:
    memory = Memory()
    back = 6 * HOUR
    send = memory.sender.send

    def down(brief: Brief) -> None:
        if memory.clock.now < back:
            raise RetryLater("down")
        send(brief)

    memory.sender.send = down  # type: ignore[method-assign]
    for number, finding in enumerate(probes(300)):
        memory.sqs.send(f"m{number}", json.dumps(finding), delay=number * 60.0)
    memory.run()
    assert len(alone(memory)) + sum(map(held, rolled_up(memory))) == 300
    assert set(Counter(brief.finding_id for brief in alone(memory)).values()) == {1}
    assert (memory.sqs.dead, memory.sqs.expired) == ([], [])
    assert min(memory.sender.times) >= back


def test_the_next_minute_has_room_again() -> None:
    memory = Memory(per_minute=2)
    memory.hear(*probes(2))
    memory.clock.now = 60.0
    memory.hear(*probes(2, prefix="b"))
    assert len(alone(memory)) == 4


def test_functions_share_one_rate() -> None:
    memory = Memory(per_minute=10)
    memory.queue(*probes(60))
    memory.run(functions=2)
    first = [brief for brief, at in zip(memory.sender.sent, memory.sender.times, strict=True) if at < 60]
    # Each may be one ahead of what the other has counted, and one is the first of its kind.
    assert 10 <= len(first) <= 13


def test_functions_that_write_at_the_same_time_lose_no_count() -> None:
    memory = Memory(per_minute=2)
    memory.queue(*probes(120))
    batches = [memory.sqs.receive() for _ in range(24)]
    functions = [memory.function() for _ in batches]
    with ThreadPoolExecutor(max_workers=4) as pool:
        responses = list(pool.map(lambda one: one[0].handle({"Records": one[1]}), zip(functions, batches, strict=True)))
    assert all(response == {"batchItemFailures": []} for response in responses)
    for record in (record for batch in batches for record in batch):
        memory.sqs.delete(str(record["messageId"]))
    memory.run()
    assert len(alone(memory)) + sum(map(held, rolled_up(memory))) == 120


def test_a_rollup_fits_pagerduty_and_slack_and_has_a_case_of_its_own() -> None:
    rollup = RollUp(account="1" * 12, type="T" * 120, began=0.0)
    seen = Memory(per_minute=1)
    brief = only(burst(seen, *probes(3, type='Recon:EC2/<@U1>"*x*')))
    assert "<@U1>" not in json.loads(slack_card.message(brief))["text"]
    assert "<@U1>" not in json.loads(slack_card.plain_message(brief))["text"]
    event = json.loads(pagerduty_message(brief, routing_key="k"))
    assert event["event_action"] == "trigger"
    assert event["dedup_key"] not in {one.case for one in alone(seen)}
    long = brief_of_rollup(rollup, deployment="sandbox", per_minute=1, seconds=300)
    assert len(long.case) <= 255


def test_a_ticket_reads_back_what_was_written_and_its_delay_is_one_that_sqs_takes() -> None:
    ticket = Ticket(key="mail/more/1/2/3", account="111122223333", type=PROBE, began=300.0)
    assert Ticket.of(ticket.body()) == ticket
    assert 2 * WINDOW_SECONDS <= LONGEST_DELAY
    for body in ("", None, "Roll-up", '{"detail-type": "Roll-up"}', '{"detail-type": "Roll-up", "source": "x"}'):
        assert Ticket.of(body) is None


def test_the_log_counts_what_was_held_back(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    burst(Memory(per_minute=1), *probes(4))
    outcomes = Counter(str(vars(record).get("outcome")) for record in caplog.records)
    assert outcomes == {"delivered": 3, "held-back": 2}
