"""Whatever GuardDuty says of a finding, in whatever order: what is news is told, and nothing twice."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.brief import Brief
from notifier.items.case import case_of
from notifier.items.event import read
from notifier.items.finding import Finding
from notifier.items.severity import severity_of
from notifier.ledger.state import CLAIMS, CaseState
from notifier.ledger.ticket import Ticket
from tests.findings import attack_sequence
from tests.unit.notifier.memory import Memory, leak

START = datetime(2026, 11, 20, tzinfo=UTC)
REGIONS = {"eu-west-1": "a", "us-east-1": "b", "us-west-2": "c"}

updates: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    severity=st.sampled_from([2.0, 5.0, 8.0, 9.5, "odd", None]),
    addresses=st.lists(st.sampled_from(["192.0.2.1", "203.0.113.9", "2001:db8::1"]), min_size=1, max_size=3),
    hours=st.integers(0, 60),
    region=st.sampled_from(sorted(REGIONS)),
    archived=st.booleans(),
)


def as_event(update: dict[str, Any]) -> dict[str, Any]:
    event = leak(
        severity=update["severity"],
        updated=(START + timedelta(hours=update["hours"])).isoformat(),
        region=update["region"],
        finding_id=REGIONS[update["region"]],
        archived=update["archived"],
    )
    probes = [
        {"remoteIpDetails": {"ipAddressV6" if ":" in address else "ipAddressV4": address}}
        for address in update["addresses"]
    ]
    event["detail"]["service"]["action"] = {"portProbeAction": {"portProbeDetails": probes}}
    return event


def is_news(update: dict[str, Any], worst: float, addresses: set[str]) -> bool:
    return severity_of(update["severity"]).rank > worst or not addresses.issuperset(update["addresses"])


def finding_of(event: dict[str, Any]) -> Finding:
    (finding,) = read(json.dumps(event))
    assert isinstance(finding, Finding)
    return finding


@settings(max_examples=150, deadline=None)
@given(st.lists(updates, min_size=1, max_size=12))
def test_every_rise_and_every_address_is_told_and_nothing_twice(sequence: list[dict[str, Any]]) -> None:
    memory = Memory(per_minute=600)
    worst, addresses = 0.0, set[str]()
    for update in sequence:
        heard = memory.hear(as_event(update))
        assert len(heard) <= 1
        if is_news(update, worst, addresses):
            assert heard, f"news, and nobody was told: {update} after {sequence}"
        if heard:
            worst, addresses = max(worst, severity_of(update["severity"]).rank), {*addresses, *update["addresses"]}
        # Once more at once: nothing about it has changed.
        assert not memory.hear(as_event(update))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 90), st.integers(0, 60)), min_size=1, max_size=12))
def test_however_many_addresses_there_are_the_same_is_told_once_and_nothing_is_quiet_for_more_than_an_hour(
    sequence: list[tuple[int, int, int]],
) -> None:
    memory = Memory(per_minute=600)
    heard, moment = list[datetime](), START
    for first, number, minutes in sequence:
        moment += timedelta(minutes=minutes)
        addresses = [f"198.18.0.{one}" for one in range(first, first + number)]
        update = {"severity": 5.0, "addresses": addresses, "region": "eu-west-1", "archived": False}
        told = memory.hear(as_event(update | {"hours": (moment - START) / timedelta(hours=1)}))
        (state,) = (CaseState.parse(entry.text) for key, entry in memory.table.items.items() if "/case/" in key)
        shown = {*addresses[:25], *addresses[-25:]}
        if told:
            heard.append(moment)
            assert shown.issubset(state.marks)
        elif not shown.issubset(state.marks):
            assert state.is_full("address")
            assert moment - heard[-1] < timedelta(hours=1)
        assert not memory.hear(as_event(update | {"hours": (moment - START) / timedelta(hours=1)}))


MEMBERS: dict[str, list[dict[str, Any]]] = {
    "endpoints": [{"ip": "192.0.2.1"}, {"ip": "2001:db8::1"}, {"domain": "evil.example"}],
    "actors": [{"user": {"credentialUid": "AKIA1"}}, {"user": {"uid": "U1"}}, {"process": {"path": "/opt/x"}}],
    "resources": [{"uid": "arn:aws:s3:::a"}, {"uid": "arn:aws:s3:::b", "name": "b"}, {"name": "c"}],
    "signals": [{"name": "a", "count": 1}, {"name": "b"}, {"type": "DNS_LOGS"}],
}

sequences = st.fixed_dictionaries({name: st.lists(st.sampled_from(all_)) for name, all_ in MEMBERS.items()})


@settings(max_examples=100, deadline=None)
@given(st.lists(sequences, min_size=1, max_size=8))
def test_whatever_an_attack_sequence_has_more_of_is_told_and_nothing_twice(sequence: list[dict[str, Any]]) -> None:
    memory, known = Memory(per_minute=600), set[str]()
    for number, members in enumerate(sequence):
        event = attack_sequence(updatedAt=(START + timedelta(minutes=number)).isoformat())
        event["detail"]["service"]["detection"]["sequence"] = members
        named = {json.dumps(one) for all_ in members.values() for one in all_}
        assert len(memory.hear(event)) == (number == 0 or not named <= known)
        assert not memory.hear(event)
        known |= named


@settings(max_examples=100, deadline=None)
@given(st.lists(updates, min_size=1, max_size=8), st.data())
def test_with_a_ledger_that_fails_whenever_it_likes_nothing_is_lost(
    sequence: list[dict[str, Any]], data: st.DataObject
) -> None:
    memory = Memory(per_minute=600)
    memory.table.fails = lambda _call, _key: data.draw(st.sampled_from([None, None, "ThrottlingException"]))
    worst, addresses = 0.0, set[str]()
    for update in sequence:
        heard = memory.hear(as_event(update))
        if is_news(update, worst, addresses):
            assert heard
        worst, addresses = max(worst, severity_of(update["severity"]).rank), {*addresses, *update["addresses"]}
    assert not memory.sqs.dead


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=2, max_size=7), st.data())
def test_functions_that_work_at_the_same_time_tell_each_news_once(news: list[int], data: st.DataObject) -> None:
    """While one sends, another may take any of the messages that are left; as many at once as there are claims."""
    memory = Memory(per_minute=600)
    memory.queue(*(leak(address=f"192.0.2.{one}", updated=f"2026-11-2{one}T04:00:00Z") for one in news))
    left, send, depth = memory.sqs.receive(), memory.sender.send, [0]

    def one_more() -> None:
        record = left.pop(data.draw(st.integers(0, len(left) - 1)))
        depth[0] += 1
        failed = memory.function().handle({"Records": [record]})["batchItemFailures"]
        depth[0] -= 1
        if not failed:
            memory.sqs.delete(str(record["messageId"]))

    def sending(brief: Brief) -> None:
        while left and depth[0] < CLAIMS and data.draw(st.booleans()):
            one_more()
        send(brief)

    memory.sender.send = sending  # type: ignore[method-assign]
    while left:
        one_more()
    memory.sender.send = send  # type: ignore[method-assign]
    memory.run()
    assert sorted(brief.updated.day - 20 for brief in memory.sender.sent if brief.updated) == sorted(set(news))


@settings(max_examples=60, deadline=None)
@given(st.lists(updates, min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_change_what_is_known_in_the_end(
    sequence: list[dict[str, Any]], random: Any
) -> None:
    """Of severity and addresses; one queue brings updates in any order."""
    ends = []
    for _ in range(2):
        memory = Memory(per_minute=600)
        memory.hear(*map(as_event, sequence))
        (text,) = (entry.text for key, entry in memory.table.items.items() if "/case/" in key)
        state = CaseState.parse(text)
        ends.append((state.rank, sorted(state.marks)))
        assert state.claims == ()
        random.shuffle(sequence)
    assert ends[0] == ends[1]
    (case,) = {case_of(finding_of(as_event(update))) for update in sequence}
    assert f"security-slack/case/{case}" in memory.table.items


@given(st.text() | st.binary() | st.none() | st.dictionaries(st.text(), st.text()).map(json.dumps))
def test_no_message_of_others_is_taken_for_a_ticket(body: object) -> None:
    assert Ticket.of(body) is None
