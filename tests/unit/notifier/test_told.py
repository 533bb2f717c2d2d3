"""A destination hears of a case once, and again when there is something new to hear."""

import copy
import json
import logging
from typing import Any

import pytest

from notifier.brief import Brief
from notifier.destinations.pagerduty_event import message
from notifier.destinations.text import body
from notifier.ledger.state import CaseState
from notifier.outcomes import Refused, RetryLater
from tests.findings import attack_sequence, event, low_finding
from tests.unit.notifier.fake_sqs import Polling
from tests.unit.notifier.memory import HOUR, Memory, leak

OTHER_REGION: dict[str, Any] = {"region": "us-east-1", "finding_id": "9f0e1d2c3b4a59687786950a1b2c3d4e"}


@pytest.fixture
def memory() -> Memory:
    return Memory()


def only(briefs: list[Brief]) -> Brief:
    (brief,) = briefs
    return brief


def changed(briefs: list[Brief]) -> str:
    """What the one message says first of all."""
    return only(briefs).notes[0]


def test_q4_the_same_finding_is_told_once_however_often_it_comes(memory: Memory) -> None:
    assert len(memory.hear(leak(), leak(), leak())) == 1
    # Another function that knows nothing by itself.
    assert memory.hear(leak()) == []


def test_q4_two_invocations_at_once_make_one_notice(memory: Memory) -> None:
    """The second begins while the first is sending."""
    first, second = memory.function(), memory.function()
    memory.queue(leak(), leak())
    one, other = ([record] for record in memory.sqs.receive())
    responses: list[Any] = []
    send = memory.sender.send

    def sending(brief: Brief) -> None:
        if not responses:
            responses.append(second.handle({"Records": other}))
        send(brief)

    memory.sender.send = sending  # type: ignore[method-assign]
    assert first.handle({"Records": one}) == {"batchItemFailures": []}
    # Not delivered and not forgotten: should the first fail after all, the second is still there.
    assert responses == [{"batchItemFailures": [{"itemIdentifier": "m1"}]}]
    assert len(memory.sender.sent) == 1
    memory.sqs.delete("m0")
    memory.run()
    assert len(memory.sender.sent) == 1


def test_q4_what_is_worse_than_what_is_being_sent_does_not_wait_for_it(memory: Memory) -> None:
    first, second = memory.function(), memory.function()
    memory.queue(leak(severity=5.0), leak(severity=8.0))
    low, high = ([record] for record in memory.sqs.receive())
    send = memory.sender.send

    def sending(brief: Brief) -> None:
        memory.sender.send = send  # type: ignore[method-assign]
        assert second.handle({"Records": high}) == {"batchItemFailures": []}
        send(brief)

    memory.sender.send = sending  # type: ignore[method-assign]
    assert first.handle({"Records": low}) == {"batchItemFailures": []}
    assert [brief.severity.number for brief in memory.sender.sent] == [8.0, 5.0]
    # Both are recorded, whoever wrote first.
    assert memory.hear(leak(severity=5.0), leak(severity=8.0)) == []


def at_once(memory: Memory, *events: dict[str, Any]) -> list[list[Any]]:
    """Messages that functions take one after the other while the first of them is sending; who has to wait."""
    memory.queue(*events)
    first, *others = ([record] for record in memory.sqs.receive())
    failed: list[list[Any]] = []
    send = memory.sender.send

    def sending(brief: Brief) -> None:
        memory.sender.send = send  # type: ignore[method-assign]
        function = memory.function()
        failed.extend(function.handle({"Records": records})["batchItemFailures"] for records in others)
        send(brief)

    memory.sender.send = sending  # type: ignore[method-assign]
    assert memory.function().handle({"Records": first}) == {"batchItemFailures": []}
    return failed


def test_q4_what_is_being_sent_is_not_sent_twice_although_other_news_of_the_case_came_between(memory: Memory) -> None:
    one, other = leak(address="192.0.2.1"), leak(address="203.0.113.9", updated="2026-11-23T04:20:00Z")
    # The other is told while the first is still being sent; the first, again, has to wait for it all the same.
    assert at_once(memory, one, other, one) == [[], [{"itemIdentifier": "m2"}]]
    assert len(memory.sender.sent) == 2
    memory.sqs.delete("m0")
    memory.sqs.delete("m1")
    memory.run()
    assert len(memory.sender.sent) == 2
    (state,) = (CaseState.parse(entry.text) for entry in memory.table.items.values() if '"claim"' in entry.text)
    assert state.claims == ()


def test_q4_nested_claims_send_each_news_once(memory: Memory) -> None:
    """Three functions, each of which begins while the one before is sending."""
    one, other = leak(address="192.0.2.1"), leak(address="203.0.113.9", updated="2026-11-23T04:20:00Z")
    memory.queue(one, other, one, other)
    batches = [[record] for record in memory.sqs.receive()]
    send, todo, failed = memory.sender.send, batches[1:], list[Any]()

    def sending(brief: Brief) -> None:
        while todo:
            failed.append(memory.function().handle({"Records": todo.pop(0)})["batchItemFailures"])
        send(brief)

    memory.sender.send = sending  # type: ignore[method-assign]
    assert memory.function().handle({"Records": batches[0]}) == {"batchItemFailures": []}
    # The second sends, and while it does the third and the fourth have to wait.
    assert failed == [[{"itemIdentifier": "m2"}], [{"itemIdentifier": "m3"}], []]
    assert len(memory.sender.sent) == 2


def test_q4_who_fails_while_other_news_of_the_case_is_sent_does_not_have_to_wait_for_itself(memory: Memory) -> None:
    memory.sender.fails = [RetryLater("down")]
    one, other = leak(address="192.0.2.1"), leak(address="203.0.113.9", updated="2026-11-23T04:20:00Z")
    memory.queue(one, other)
    first, second = ([record] for record in memory.sqs.receive())
    send = memory.sender.send

    def sending(brief: Brief) -> None:
        memory.sender.send = send  # type: ignore[method-assign]
        fails, memory.sender.fails = memory.sender.fails, []
        assert memory.function().handle({"Records": second}) == {"batchItemFailures": []}
        memory.sender.fails = fails
        send(brief)

    memory.sender.send = sending  # type: ignore[method-assign]
    assert memory.function().handle({"Records": first}) == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert memory.function().handle({"Records": first}) == {"batchItemFailures": []}
    assert [brief.notes[0] for brief in memory.sender.sent][1:] == [
        "You were told of this before. What changed: now also from 192.0.2.1."
    ]


def test_q6_what_an_ended_function_was_sending_is_free_before_the_queue_brings_it_again(memory: Memory) -> None:
    class EndedByLambda(BaseException):
        pass

    memory.sender.fails = [EndedByLambda()]
    memory.queue(leak())
    with pytest.raises(EndedByLambda):
        memory.function().handle({"Records": memory.sqs.receive()})
    memory.run()
    assert len(memory.sender.sent) == 1
    assert memory.clock.now < 361, "at the first redelivery"


def test_q5_a_crash_between_accepted_and_written_tells_it_twice_in_the_same_case(memory: Memory) -> None:
    class EndedByLambda(BaseException):
        pass

    send = memory.sender.send

    def crashing(brief: Brief) -> None:
        memory.sender.send = send  # type: ignore[method-assign]
        send(brief)
        raise EndedByLambda

    memory.sender.send = crashing  # type: ignore[method-assign]
    memory.queue(leak())
    with pytest.raises(EndedByLambda):
        memory.function().handle({"Records": memory.sqs.receive()})
    memory.run()
    assert len(memory.sender.sent) == 2
    events = [json.loads(message(brief, routing_key="k")) for brief in memory.sender.sent]
    assert events[0]["dedup_key"] == events[1]["dedup_key"], "PagerDuty makes one alert of both"


@pytest.mark.parametrize("error", [RetryLater("down"), RuntimeError("ours")])
def test_nothing_counts_as_told_before_it_was_accepted(memory: Memory, error: Exception) -> None:
    memory.sender.fails = [error]
    assert len(memory.hear(leak())) == 1
    assert memory.clock.now < 61, "and nobody has to wait for the one who failed"


def test_what_was_refused_is_told_when_it_is_sent_again_from_the_dead_letters(memory: Memory) -> None:
    memory.sender.fails = [Refused("gone")]
    assert memory.hear(leak()) == []
    ((body, _),) = memory.sqs.dead
    assert len(memory.hear(body)) == 1


def test_q8_a_rise_of_the_count_alone_is_silent(memory: Memory) -> None:
    memory.hear(leak())
    update = leak(updated="2026-11-23T10:00:00Z")
    update["detail"]["service"]["count"] = 500
    assert memory.hear(update) == []


def test_q8_a_rise_of_the_severity_is_told_and_what_changed_stands_first(memory: Memory) -> None:
    memory.hear(leak(severity=5.0))
    told = memory.hear(leak(severity=8.0, updated="2026-11-23T04:29:58Z"))
    assert changed(told) == "You were told of this before. What changed: severity 5.0 → 8.0."
    assert only(told).severity.number == 8.0
    # A fall is none, and neither is a rise to what was told before.
    assert memory.hear(leak(severity=2.0), leak(severity=8.0)) == []


def test_q8_a_severity_that_cannot_be_judged_is_a_rise(memory: Memory) -> None:
    memory.hear(leak(severity=9.5))
    assert "severity 9.5 → unknown" in changed(memory.hear(leak(severity="high")))
    assert memory.hear(leak(severity=9.9)) == []


def test_q8_another_address_is_told_and_one_that_comes_back_is_not(memory: Memory) -> None:
    memory.hear(leak(address="192.0.2.1"))
    assert changed(memory.hear(leak(address="203.0.113.9"))) == (
        "You were told of this before. What changed: now also from 203.0.113.9."
    )
    assert memory.hear(leak(address="192.0.2.1"), leak(address="203.0.113.9")) == []


def probed(*addresses: str, updated: str = "2026-11-23T04:14:58Z") -> dict[str, Any]:
    """A port that these probe, in GuardDuty's order."""
    event = low_finding(updatedAt=updated)
    probes = [{"localPortDetails": {"port": 22}, "remoteIpDetails": {"ipAddressV4": one}} for one in addresses]
    event["detail"]["service"]["action"]["portProbeAction"]["portProbeDetails"] = probes
    return event


def many(number: int, *, first: int = 0) -> list[str]:
    return [f"198.18.{one // 256}.{one % 256}" for one in range(first, first + number)]


def test_q8_an_address_about_which_an_update_is_silent_was_in_the_message(memory: Memory) -> None:
    probers = many(50)
    shown = body(only(memory.hear(probed(*probers)))).replace(",", " ").split()
    assert [one for one in probers if one not in shown] == []
    later = (probed(one, updated=f"2026-11-23T05:{minute:02}:00Z") for minute, one in enumerate(probers))
    assert memory.hear(*later) == []


@pytest.mark.parametrize("addresses", [("192.0.2.99", "203.0.113.66"), ("203.0.113.66", "192.0.2.99")])
def test_q8_a_further_prober_is_told_wherever_guardduty_lists_it(memory: Memory, addresses: tuple[str, str]) -> None:
    memory.hear(probed("192.0.2.99"))
    grown = probed(*addresses, updated="2026-11-23T04:29:58Z")
    assert changed(memory.hear(grown)) == "You were told of this before. What changed: now also from 203.0.113.66."
    assert memory.hear(grown, probed("192.0.2.99"), probed("203.0.113.66")) == []


def test_q8_an_address_of_the_other_family_is_told_beside_one_that_is_known(memory: Memory) -> None:
    memory.hear(leak())
    both = leak(updated="2026-11-23T05:00:00Z")
    both["detail"]["service"]["action"]["awsApiCallAction"]["remoteIpDetails"]["ipAddressV6"] = "2001:db8::66"
    assert changed(memory.hear(both)) == "You were told of this before. What changed: now also from 2001:db8::66."
    assert memory.hear(both, leak()) == []


def test_q8_addresses_that_come_together_are_one_message(memory: Memory) -> None:
    memory.hear(probed("192.0.2.99"))
    told = memory.hear(probed("192.0.2.99", *many(9), updated="2026-11-23T04:29:58Z"))
    assert changed(told) == (
        "You were told of this before. What changed: now also from 198.18.0.0, 198.18.0.1, 198.18.0.2 and 6 more."
    )


def test_q8_a_scan_by_thousands_is_told_of_once_an_hour_and_never_hidden(memory: Memory) -> None:
    """GuardDuty may update a finding every 15 minutes; each of these names fifty that nobody has heard of."""
    times = [f"2026-11-23T{hour:02}:{minute:02}:00Z" for hour in range(10) for minute in (0, 15, 30, 45)]
    heard = [
        len(memory.hear(probed(*many(50, first=50 * number), updated=updated))) for number, updated in enumerate(times)
    ]
    assert heard == [1, 0, 0, 0] * 10


def test_q8_a_finding_of_more_addresses_than_are_kept_is_no_news_when_it_comes_again(memory: Memory) -> None:
    addresses = many(300)
    memory.hear(probed(*addresses))
    assert memory.hear(probed(*addresses)) == []
    assert memory.hear(probed(*addresses, updated="2026-11-23T06:00:00Z")) == []
    addresses = [*addresses, "203.0.113.66"]
    told = memory.hear(probed(*addresses, updated="2026-11-23T08:00:00Z"))
    assert changed(told).endswith("now also from 203.0.113.66.")
    addresses = ["203.0.113.67", *addresses]
    told = memory.hear(probed(*addresses, updated="2026-11-23T09:00:00Z"))
    assert changed(told).endswith("now also from 203.0.113.67.")


def test_q8_with_no_room_for_addresses_what_else_is_news_is_told_at_once(memory: Memory) -> None:
    memory.hear(probed(*many(60)))
    assert memory.hear(probed("203.0.113.66", updated="2026-11-23T04:29:58Z")) == []
    worse = probed("203.0.113.66", updated="2026-11-23T04:29:58Z")
    worse["detail"]["severity"] = 8.0
    assert changed(memory.hear(worse)) == (
        "You were told of this before. What changed: severity 2.0 → 8.0; now also from 203.0.113.66."
    )


def test_an_address_that_others_wrote_is_inert_in_the_message_and_in_the_table(memory: Memory) -> None:
    memory.hear(probed("192.0.2.99"))
    told = memory.hear(probed("192.0.2.99", "https://evil.example/\u202e" + "x" * 99, updated="2026-11-23T05:00:00Z"))
    assert "now also from https[:]//evil.example/\\u202ex" in changed(told)
    (text,) = (entry.text for key, entry in memory.table.items.items() if "/case/" in key)
    assert "https://" not in text
    assert "\u202e" not in json.loads(text)["addresses"][-1]
    assert len(text) < 500


def grown(
    member: str, *more: dict[str, Any], updated: str = "2026-11-23T05:00:00Z", base: Any = None
) -> dict[str, Any]:
    """The attack sequence with more of one member."""
    event = copy.deepcopy(base) if base else attack_sequence()
    event["detail"]["updatedAt"] = updated
    event["detail"]["service"]["detection"]["sequence"][member] += more
    return event


SEQUENCE_NEWS: list[tuple[str, dict[str, Any], str]] = [
    ("endpoints", {"id": "e-2", "ip": "203.0.113.66"}, "from 203.0.113.66"),
    ("endpoints", {"id": "e-2", "domain": "evil.example"}, "from evil[.]example"),
    ("actors", {"id": "a-2", "user": {"name": "admin", "credentialUid": "AKIAI44QH8DHBEXAMPLE"}},
     "with the access key AKIAI44QH8DHBEXAMPLE"),
    ("actors", {"id": "a-2", "user": {"name": "admin", "uid": "AIDAADMIN"}}, "by admin"),
    ("actors", {"id": "a-2", "process": {"name": "xmrig", "path": "/opt/xmrig"}}, "by /opt/xmrig"),
    ("resources", {"uid": "arn:aws:s3:::customer-records", "name": "customer-records"},
     "the resource customer-records"),
    ("resources", {"uid": "arn:aws:s3:::customer-records"}, "the resource arn:aws:s3:::customer-records"),
    ("resources", {"uid": "arn:aws:s3:::other", "name": "payments-receipts"}, "the resource payments-receipts"),
    ("signals", {"uid": "s-3", "type": "CLOUD_TRAIL", "name": "Data exfiltrated"}, "the signal Data exfiltrated"),
    ("signals", {"uid": "s-3", "type": "DNS_LOGS"}, "the signal DNS_LOGS"),
]  # fmt: skip


@pytest.mark.parametrize(("member", "more", "said"), SEQUENCE_NEWS)
def test_q8_an_attack_sequence_that_grows_is_told_at_once(
    memory: Memory, member: str, more: dict[str, Any], said: str
) -> None:
    """It is Critical from the start: its severity never rises."""
    memory.hear(attack_sequence())
    event = grown(member, more)
    assert changed(memory.hear(event)) == f"You were told of this before. What changed: now also {said}."
    assert memory.hear(event, attack_sequence()) == []


def test_q8_all_that_an_attack_sequence_has_more_of_is_one_message(memory: Memory) -> None:
    memory.hear(attack_sequence())
    event = None
    for member, more, _ in SEQUENCE_NEWS:
        event = grown(member, more, base=event)
    assert changed(memory.hear(event)) == (
        "You were told of this before. What changed: now also from 203.0.113.66, evil[.]example; now also with the "
        "access key AKIAI44QH8DHBEXAMPLE; now also by admin, /opt/xmrig; now also the resources customer-records, "
        "payments-receipts; now also the signals Data exfiltrated, DNS_LOGS."
    )


def test_q8_an_attack_sequence_of_which_only_counts_rise_is_silent(memory: Memory) -> None:
    memory.hear(attack_sequence())
    again = {"uid": "s-9", "type": "CLOUD_TRAIL", "name": "Trail deleted", "count": 40}
    assert memory.hear(grown("signals", again), grown("actors", {"id": "a-2"}, {"id": "a-3", "user": None})) == []


def test_q8_objects_by_the_hundred_do_not_keep_another_key_quiet(memory: Memory) -> None:
    """GuardDuty names up to 400 resources, objects of buckets among them."""
    objects = [{"uid": f"arn:aws:s3:::backups/{number}", "name": f"object {number}"} for number in range(399)]
    most = grown("resources", *objects, updated="2026-11-23T04:00:00Z")
    memory.hear(most)
    new = grown("resources", {"uid": "arn:aws:s3:::backups/new"}, updated="2026-11-23T04:30:00Z", base=most)
    assert memory.hear(most, new) == []
    key = {"id": "a-2", "user": {"name": "admin", "credentialUid": "AKIAI44QH8DHBEXAMPLE"}}
    assert "with the access key" in changed(memory.hear(grown("actors", key, base=most)))


def test_what_a_sequence_names_is_in_the_table_as_a_digest_and_shown_without_secrets(memory: Memory) -> None:
    memory.hear(attack_sequence())
    secret = "xoxb-" + "1" * 20
    names = [f"\x1bhttps://evil.example/{number}?token={secret}{'x' * 3000}" for number in range(399)]
    for number, member in enumerate(("resources", "signals", "actors", "endpoints")):
        of = {
            "resources": lambda name: {"uid": name},
            "signals": lambda name: {"name": name},
            "actors": lambda name: {"user": {"name": name, "uid": name}},
            "endpoints": lambda name: {"ip": name},
        }[member]
        said = changed(memory.hear(grown(member, *map(of, names), updated=f"2026-11-23T{5 + number:02}:00:00Z")))
        assert len(said) < 400
        for text in (said, *(entry.text for entry in memory.table.items.values())):
            assert secret not in text
            assert "https://" not in text
            assert "\x1b" not in text
    (text,) = (entry.text for key, entry in memory.table.items.items() if "/case/" in key)
    assert len(text) < 10_000
    for name in ("payments", "Suspicious", "AKIA", "build"):
        assert name not in text


def test_q8_an_archived_finding_is_told_once_and_once_that_it_is_open_again(memory: Memory) -> None:
    memory.hear(leak())
    told = memory.hear(*[leak(archived=True, updated="2026-11-23T05:00:00Z")] * 2)
    assert "archived in GuardDuty" in changed(told)
    assert only(told).closes
    again = memory.hear(*[leak(updated="2026-11-23T06:00:00Z")] * 2)
    assert "no longer archived" in changed(again)
    assert not only(again).closes


def test_a_case_is_closed_with_the_last_of_its_findings(memory: Memory) -> None:
    assert len(memory.hear(leak(), leak(**OTHER_REGION))) == 1
    assert memory.hear(leak(archived=True, updated="2026-11-23T05:00:00Z")) == []
    told = memory.hear(leak(**OTHER_REGION, archived=True, updated="2026-11-23T05:10:00Z"))
    assert only(told).closes
    assert "archived in GuardDuty" in changed(told)


def test_a_finding_that_is_reopened_is_told_although_another_region_was_told_of_later(memory: Memory) -> None:
    memory.hear(leak(updated="2026-11-23T04:00:00Z"), leak(**OTHER_REGION, updated="2026-11-23T04:01:00Z"))
    assert memory.hear(leak(archived=True, updated="2026-11-23T05:00:00Z")) == []
    assert only(memory.hear(leak(**OTHER_REGION, archived=True, updated="2026-11-23T07:00:00Z"))).closes
    again = memory.hear(leak(updated="2026-11-23T06:00:00Z"))
    assert "no longer archived" in changed(again)
    assert not only(again).closes


def test_what_was_archived_before_a_state_that_was_known_already_closes_nothing(memory: Memory) -> None:
    """A queue may bring it late; the open state after it was no news, and was heard all the same."""
    memory.hear(leak(updated="2026-11-23T04:00:00Z"))
    assert memory.hear(leak(updated="2026-11-23T06:00:00Z")) == []
    assert memory.hear(leak(archived=True, updated="2026-11-23T05:00:00Z")) == []
    assert only(memory.hear(leak(archived=True, updated="2026-11-23T07:00:00Z"))).closes


def test_a_case_closes_whatever_another_region_was_told_of_meanwhile(memory: Memory) -> None:
    memory.hear(leak(updated="2026-11-23T04:00:00Z"))
    memory.hear(leak(**OTHER_REGION, address="192.0.2.1", updated="2026-11-23T07:00:00Z"))
    assert memory.hear(leak(archived=True, updated="2026-11-23T06:00:00Z")) == []
    assert only(memory.hear(leak(**OTHER_REGION, archived=True, updated="2026-11-23T08:00:00Z"))).closes


def test_a_case_with_an_open_finding_is_not_closed_when_the_other_is_archived(memory: Memory) -> None:
    memory.hear(leak(), leak(**OTHER_REGION))
    assert memory.hear(leak(archived=True, updated="2026-11-23T05:00:00Z")) == []
    # News of the archived one: told, and nobody's incident is resolved by it.
    told = memory.hear(leak(archived=True, updated="2026-11-23T05:10:00Z", address="192.0.2.1"))
    assert not only(told).closes


def test_an_archived_finding_that_is_the_first_heard_of_a_case_closes_nothing(memory: Memory) -> None:
    assert not only(memory.hear(leak(archived=True))).closes


@pytest.mark.parametrize("news", [{"address": "192.0.2.1"}, {"severity": 9.5}])
def test_what_is_new_about_a_case_closes_nothing_although_it_was_archived_meanwhile(
    memory: Memory, news: dict[str, Any]
) -> None:
    memory.hear(leak())
    told = memory.hear(leak(archived=True, updated="2026-11-23T05:00:00Z", **news))
    assert "archived in GuardDuty" in changed(told)
    assert not only(told).closes


def test_an_archived_case_that_goes_on_is_no_closed_one(memory: Memory) -> None:
    memory.hear(leak(), leak(archived=True, updated="2026-11-23T05:00:00Z"))
    told = memory.hear(leak(archived=True, updated="2026-11-24T05:00:00Z"))
    assert "It goes on." in changed(told)
    assert not only(told).closes


def test_without_a_table_nobody_knows_whether_a_case_is_closed(memory: Memory) -> None:
    memory.hear(leak(), leak(**OTHER_REGION))
    memory.table.fails = lambda _call, _key: "ThrottlingException"
    assert not only(memory.hear(leak(archived=True, updated="2026-11-23T05:00:00Z"))).closes


def test_a_case_in_every_region_stays_open_until_the_last_of_them_is_archived(memory: Memory) -> None:
    places: list[dict[str, Any]] = [
        {"region": f"xx-test-{number}", "finding_id": f"{number:032x}"} for number in range(40)
    ]
    memory.hear(*(leak(**place) for place in places))
    later = [leak(**place, archived=True, updated="2026-11-23T05:00:00Z") for place in places]
    assert memory.hear(*later[:-1]) == []
    assert only(memory.hear(later[-1])).closes


def test_a_time_in_a_far_future_does_not_keep_a_case_quiet(memory: Memory) -> None:
    memory.hear(leak(updated="2126-11-23T04:00:00Z"))
    memory.clock.sleep(25 * HOUR)
    assert len(memory.hear(leak(updated="2027-01-16T09:00:00Z"))) == 1


def test_a_clock_that_is_a_little_ahead_of_ours_keeps_the_order_of_what_it_says(memory: Memory) -> None:
    memory.hear(leak(updated="2027-01-15T08:01:40Z"))
    assert memory.hear(leak(archived=True, updated="2027-01-15T08:00:50Z")) == []
    assert only(memory.hear(leak(archived=True, updated="2027-01-15T08:02:30Z"))).closes


def test_what_goes_on_is_told_again_after_the_quiet_time_by_the_clock_of_guardduty(memory: Memory) -> None:
    memory.hear(leak(updated="2026-11-23T04:00:00Z"))
    assert memory.hear(leak(updated="2026-11-24T03:59:00Z")) == []
    again = memory.hear(leak(updated="2026-11-24T04:00:00Z"))
    assert changed(again) == "You were told of this before, as it was on 2026-11-23 04:00 UTC. It goes on."
    assert memory.hear(leak(updated="2026-11-24T04:00:00Z"), leak(updated="2026-11-24T05:00:00Z")) == []


def test_the_quiet_time_is_that_of_the_configuration() -> None:
    memory = Memory(quiet_hours=1)
    memory.hear(leak(updated="2026-11-23T04:00:00Z"))
    assert memory.hear(leak(updated="2026-11-23T04:59:59Z")) == []
    assert len(memory.hear(leak(updated="2026-11-23T05:00:00Z"))) == 1


@pytest.mark.parametrize("updated", [None, "yesterday"])
def test_q15_an_update_without_a_time_goes_by_our_clock(memory: Memory, updated: str | None) -> None:
    assert len(memory.hear(leak(updated=updated), leak(updated=updated))) == 1
    memory.clock.sleep(24 * HOUR)
    assert len(memory.hear(leak(updated=updated), leak(updated=updated))) == 1


def test_q7_an_older_state_after_a_newer_one_is_not_told_and_changes_nothing(memory: Memory) -> None:
    memory.hear(leak(severity=8.0, updated="2026-11-23T06:00:00Z"))
    before = dict(memory.table.items)
    older = leak(severity=5.0, updated="2026-11-21T04:00:00Z", archived=True)
    assert memory.hear(older) == []
    assert memory.table.items == before
    # The quiet time still counts from the newer one.
    assert memory.hear(leak(severity=8.0, updated="2026-11-23T07:00:00Z")) == []


def test_q7_an_older_state_is_told_if_the_newer_one_never_was(memory: Memory) -> None:
    memory.sender.fails = [Refused("gone")]
    memory.hear(leak(updated="2026-11-23T06:00:00Z"))
    assert len(memory.hear(leak(updated="2026-11-23T05:00:00Z"))) == 1


def test_q7_an_older_state_with_an_address_that_nobody_was_told_is_told_as_older(memory: Memory) -> None:
    """GuardDuty overwrites the address: the one in the older state stands nowhere else."""
    memory.hear(leak(address="192.0.2.1", updated="2026-11-23T06:00:00Z"))
    told = memory.hear(leak(address="203.0.113.9", updated="2026-11-23T05:00:00Z"))
    assert only(told).notes[:2] == (
        "You were told of this before. What changed: now also from 203.0.113.9.",
        "GuardDuty has updated the finding since: a newer state of it was sent before this one.",
    )


def test_the_same_key_in_another_region_is_one_case_whose_next_notice_lists_the_regions(memory: Memory) -> None:
    assert len(memory.hear(leak(), leak(**OTHER_REGION))) == 1
    told = memory.hear(leak(address="192.0.2.1"))
    assert "Seen in 2 Regions: eu-west-1, us-east-1." in only(told).notes


def test_another_key_account_or_type_is_another_case(memory: Memory) -> None:
    other_key = leak(finding_id="b")
    other_key["detail"]["resource"]["accessKeyDetails"]["accessKeyId"] = "ASIAI44QH8DHBEXAMPLE"
    other_type = leak(finding_id="c", type="CredentialAccess:IAMUser/CompromisedCredentials")
    assert len(memory.hear(leak(), other_key, leak(account="444455556666", finding_id="d"), other_type)) == 4


def test_t17_each_destination_is_told_for_itself_although_they_share_a_table(memory: Memory) -> None:
    other = Memory(destination="security-mail", table=memory.table)
    memory.sender.fails = [Refused("gone")]
    assert memory.hear(leak()) == []
    assert len(other.hear(leak(), leak())) == 1
    assert len(memory.hear(leak(), leak())) == 1
    assert {key.partition("/")[0] for key in memory.table.items} == {"security-slack", "security-mail"}


def test_a_sample_is_told_each_time_and_leaves_no_trace_but_in_the_minutes_count(memory: Memory) -> None:
    sample = leak(sample=True)
    assert [brief.sample for brief in memory.hear(sample, sample)] == [True, True]
    assert {key.split("/")[1] for key in memory.table.items} == {"minute"}
    assert changed(memory.hear(leak())).startswith("GuardDuty learns"), "the real one is the first of its case"


@pytest.mark.parametrize("body", ["{broken", json.dumps(event({})), json.dumps(event({"type": "x", "severity": 8}))])
def test_what_has_no_name_of_its_own_is_told_each_time(memory: Memory, body: str) -> None:
    assert len(memory.hear(body, body)) == 2


def notice(event_id: str | None) -> dict[str, Any]:
    detail = {"kind": "digest", "subject": "Hidden last week", "headline": "Nothing was hidden."}
    told = {"source": "detection-stack", "detail-type": "Suppression Notice", "detail": detail}
    return told | ({"id": event_id} if event_id else {})


def test_a_notice_is_told_once_by_the_id_of_its_event_and_the_next_digest_is_another(memory: Memory) -> None:
    assert len(memory.hear(notice("a"), notice("a"), notice("b"))) == 2
    assert len(memory.hear(notice(None), notice(None))) == 2


def test_q9_a_replay_tells_what_was_not_told_and_says_so_and_nothing_else(memory: Memory) -> None:
    told = [low_finding(id=f"told-{number}") for number in range(10)]
    missed = [low_finding(id=f"missed-{number}") for number in range(10)]
    memory.hear(*told)
    replay = [{**one, "replay-name": "after-the-outage"} for one in (*reversed(missed), *told)]
    heard = memory.hear(*replay)
    assert sorted(brief.finding_id for brief in heard) == [f"missed-{number}" for number in range(10)]
    assert all("Replayed from the archive by after-the-outage." in brief.notes for brief in heard)


def test_q9_a_replay_of_many_updates_out_of_order_tells_a_case_once(memory: Memory) -> None:
    """Updates of three days, of which only the first was told because the others were silent."""
    updates = [leak(updated=f"2026-11-{day}T{hour:02}:00:00Z") for day in (20, 21, 22) for hour in range(24)]
    assert len(memory.hear(*updates)) == 3, "one a day"
    for one in reversed(updates):
        assert memory.hear({**one, "replay-name": "r"}) == []


def test_the_item_of_a_case_stays_small_and_holds_nothing_but_names_addresses_and_times(memory: Memory) -> None:
    for number in range(200):
        memory.clock.sleep(10)
        memory.hear(leak(address=f"198.18.0.{number}", region="us-east-1", finding_id=f"finding-{number}"))
    (text,) = (entry.text for key, entry in memory.table.items.items() if "/case/" in key)
    assert len(text) < 8_000
    for secret in ("payments", "aws-cli", "ListBuckets", "ExampleNet", "Credentials"):
        assert secret not in text
    assert memory.table.expires[next(iter(memory.table.items))] > 399 * 86_400


def test_a_state_that_cannot_be_read_is_told_again_and_written_anew(memory: Memory) -> None:
    memory.hear(leak())
    (key,) = (key for key in memory.table.items if "/case/" in key)
    entry = memory.table.items[key]
    memory.table.items[key] = type(entry)('{"version": 99}', entry.version)
    assert len(memory.hear(leak(), leak())) == 1


def test_the_log_says_what_became_of_each(memory: Memory, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    memory.hear(leak(), leak())
    assert [vars(record).get("outcome") for record in caplog.records] == ["delivered", "deduplicated"]


def test_the_most_severe_of_a_batch_goes_first(memory: Memory) -> None:
    low, high, critical = low_finding(), leak(), leak(severity=9.5, finding_id="x", account="444455556666")
    memory.queue(notice("a"), low, high, "{broken", critical)
    Polling(memory.sqs, [memory.function()]).run()
    assert [brief.severity.word for brief in memory.sender.sent] == ["Unknown", "Critical", "High", "Low", "Notice"]
