"""What docs/faults.md says of delivery, seen on the deployed stack: services that fail, and the queues behind them."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.e2e.everyone import MAIL, PAGER, REGION, SIEM, SLACK, TEAMS, Everyone
from tools.emulator.deployed import wait_until
from tools.emulator.stand_in import HANG_UP, Answer

pytestmark = pytest.mark.e2e

ONCE = dict.fromkeys((MAIL, SLACK, TEAMS, PAGER, SIEM), 1)


def function_of(event: Mapping[str, Any]) -> str:
    """The name that no other finding has."""
    return str(event["detail"]["resource"]["lambdaDetails"]["functionName"])


def without(*names: str) -> dict[str, int]:
    """Everybody else is told once."""
    return {name: 1 for name in ONCE if name not in names}


def queued(everyone: Everyone, *names: str) -> dict[str, int]:
    """How many messages the queues of these destinations hold, waiting or not."""
    return {name: len(everyone.waits(name)) for name in names}


def given_up(everyone: Everyone, name: str) -> dict[str, Any]:
    """Wait for the one dead letter of a destination, and leave it there."""
    assert wait_until(lambda: bool(everyone.dead_letters(name)), within=20), "nothing was given up"
    (letter,) = everyone.dead_letters(name)
    return letter


def test_t17_a_destination_that_is_down_holds_up_no_other_and_gets_everything_once_it_is_back(
    everyone: Everyone,
) -> None:
    first, second = everyone.leak(), everyone.leak()
    everyone.aws.teams.answer_with(HANG_UP)
    everyone.emit(first)
    everyone.put_off(TEAMS)
    everyone.emit(second)
    everyone.put_off(TEAMS, messages=2)
    words = [function_of(event) for event in (first, second)]
    assert wait_until(lambda: all(everyone.told(word) == without(TEAMS) for word in words), within=20)
    assert wait_until(lambda: not any(queued(everyone, *without(TEAMS)).values()), within=5)
    everyone.aws.teams.answer_normally()
    everyone.bring_now(TEAMS)
    for word in words:
        assert everyone.heard(word, ONCE)


@pytest.mark.parametrize("name", [SLACK, SIEM])
def test_q1_a_poison_message_is_told_as_it_came_and_takes_no_other_with_it(everyone: Everyone, name: str) -> None:
    first, last = everyone.leak(), everyone.leak()
    poison = f"poison for {name} {function_of(first)} {{not json"
    sent = everyone.aws.client("sqs", REGION).send_message_batch(
        QueueUrl=everyone.routes[name].queue_url,
        Entries=[
            {"Id": str(number), "MessageBody": body}
            for number, body in enumerate((json.dumps(first), poison, json.dumps(last)))
        ],
    )
    assert len(sent["Successful"]) == 3
    assert everyone.heard(function_of(last), {name: 1})
    assert everyone.heard(function_of(first), {name: 2}), "the finding, and the notice that shows the poison"
    assert everyone.told(f"poison for {name}") == {name: 1}


def test_q12_secrets_that_are_replaced_in_flight_lose_nothing(everyone: Everyone) -> None:
    warm, after = everyone.leak(), everyone.leak()
    everyone.emit(warm)
    assert everyone.heard(function_of(warm), ONCE)
    keyed = (SLACK, TEAMS, PAGER, SIEM)
    for name in keyed:
        everyone.stand_in(name).replace_secret()
        everyone.store_secret(name)
    before = {name: len(everyone.stand_in(name).requests()) for name in keyed}
    everyone.emit(after)
    assert everyone.heard(function_of(after), ONCE)
    statuses = {
        name: [received.answer.status for received in everyone.stand_in(name).requests()[before[name] :]]
        for name in keyed
    }
    assert statuses == {SLACK: [404, 200], TEAMS: [404, 202], PAGER: [400, 202], SIEM: [401, 204]}


def test_t5_what_is_refused_for_good_is_a_dead_letter_and_a_redrive_delivers_it(everyone: Everyone) -> None:
    event = everyone.leak()
    everyone.aws.teams.replace_secret()
    everyone.emit(event)
    letter = given_up(everyone, TEAMS)
    attributes = {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}
    assert attributes == {"destination": TEAMS, "reason": "Teams answered 404 WorkflowNotFound"}
    assert everyone.heard(function_of(event), without(TEAMS))
    # As docs/operations.md says: it has no queue of its own to go back to, so the destination has to be named.
    everyone.aws.client("sqs", REGION).start_message_move_task(SourceArn=everyone.dead_letters_arn(TEAMS))
    assert len(everyone.dead_letters(TEAMS)) == 1
    everyone.store_secret(TEAMS)
    everyone.send_again(TEAMS)
    assert everyone.heard(function_of(event), ONCE)


def test_t13_a_redirect_is_a_dead_letter_and_leads_nowhere(everyone: Everyone) -> None:
    event = everyone.leak()
    everyone.aws.webhook.answer_with(
        Answer(status=307, headers=(("Location", everyone.aws.slack.secret),)), containing=function_of(event)
    )
    everyone.emit(event)
    letter = given_up(everyone, SIEM)
    assert json.loads(letter["Body"])["detail"]["id"] == event["detail"]["id"]
    assert everyone.heard(function_of(event), without(SIEM)), "Slack has its own message, and not the one redirected"
    everyone.aws.webhook.answer_normally()
    everyone.send_again(SIEM)
    assert everyone.heard(function_of(event), ONCE)


def test_t1_the_time_a_destination_asks_for_is_waited_in_the_function_or_in_the_queue(everyone: Everyone) -> None:
    event = everyone.leak()
    everyone.aws.webhook.answer_with(Answer(status=429, headers=(("Retry-After", "2"),)), times=1)
    everyone.aws.slack.answer_with(Answer(status=429, headers=(("Retry-After", "1800"),)), times=1)
    everyone.emit(event)
    (wait,) = everyone.put_off(SLACK)
    assert 1700 < wait <= 1800
    assert wait_until(lambda: everyone.told(function_of(event)) == without(SLACK), within=20)
    refused, delivered = everyone.aws.webhook.requests()[-2:]
    assert (refused.answer.status, delivered.answer.status) == (429, 204)
    assert delivered.at - refused.at >= 2
    everyone.bring_now(SLACK)
    assert everyone.heard(function_of(event), ONCE)


def test_q4_the_same_finding_is_told_once_and_again_when_it_gets_worse(everyone: Everyone) -> None:
    event = everyone.leak(severity=7.5)
    everyone.emit(event, event)
    assert wait_until(lambda: everyone.told(function_of(event)) == ONCE, within=60)
    # Whoever met the other one while it was being sent comes again later.
    everyone.let_time_pass()
    assert everyone.heard(function_of(event), ONCE)
    everyone.emit(event)
    assert everyone.heard(function_of(event), ONCE)
    everyone.emit({**event, "detail": {**event["detail"], "severity": 9.5}})
    assert everyone.heard(function_of(event), dict.fromkeys(ONCE, 2))
    assert everyone.told("severity 7.5 → 9.5")[MAIL] == 1
    alerts = {
        message["dedup_key"] for message in everyone.aws.pagerduty.messages() if function_of(event) in str(message)
    }
    assert len(alerts) == 1, "the pager shows one incident, updated"


def test_q10_a_throttled_ledger_costs_no_finding(everyone: Everyone) -> None:
    event = everyone.leak()
    with everyone.aws.throttled("dynamodb"):
        everyone.emit(event)
        assert everyone.heard(function_of(event), ONCE)
        everyone.emit(event)
        assert everyone.heard(function_of(event), dict.fromkeys(ONCE, 2)), "rather twice than never"
    everyone.emit(event)
    assert everyone.heard(function_of(event), dict.fromkeys(ONCE, 3))
    everyone.emit(event)
    assert everyone.heard(function_of(event), dict.fromkeys(ONCE, 3)), "known again"
