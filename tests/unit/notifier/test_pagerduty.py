"""The PagerDuty sender against a real TLS server on loopback."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from notifier.batch import Notifier
from notifier.destinations import pagerduty_event
from notifier.destinations.base import Refused, RetryLater
from notifier.destinations.pagerduty import PagerDutySender, routing_key
from notifier.queue.pace import Pace
from tests.findings import leaked_lambda_credentials
from tests.surroundings import AROUND
from tests.unit.notifier.briefs import brief_in
from tests.unit.notifier.fake_sqs import Clock, FakeSqs
from tests.unit.notifier.known_secret import KnownSecret
from tests.unit.notifier.named_host import NamedHost, named_host, replying
from tests.unit.notifier.scripted_host import Reply

KEY = "pLaNtEd0123456789abcdef012345678"
OTHER_KEY = "0123456789abcdef0123456789abcdef"
ACCEPTED = replying("202 Accepted", b'{"status": "success", "message": "Event processed", "dedup_key": "x"}')
BAD = replying("400 Bad Request", b'{"status": "invalid event", "message": "x", "errors": ["pLaNtEd is no key"]}')
BRIEF = brief_in(leaked_lambda_credentials())


@pytest.fixture(name="service")
def fixture_service() -> Iterator[NamedHost]:
    with named_host("events.pagerduty.com", ACCEPTED) as server:
        yield server


def sender(server: NamedHost, *stored: str, service_region: str = "us") -> PagerDutySender:
    return PagerDutySender(
        routing_key_secret="soc/pagerduty",
        service_region=service_region,
        secret=KnownSecret(*(stored or (KEY,)), parse=routing_key),
        https=server.https,
    )


def events(server: NamedHost) -> list[dict[str, object]]:
    return [json.loads(request.body) for request in server.requests]


def test_an_event_is_posted_with_the_key(service: NamedHost) -> None:
    sender(service).send(BRIEF)
    assert service.requests[0].path == "/v2/enqueue"
    assert service.requests[0].headers["host"] == "events.pagerduty.com"
    assert events(service) == [json.loads(pagerduty_event.message(BRIEF, routing_key=KEY))]


def test_an_account_in_the_eu_is_told_there() -> None:
    with named_host("events.eu.pagerduty.com", ACCEPTED) as service:
        sender(service, service_region="eu").send(BRIEF)
    assert service.requests[0].headers["host"] == "events.eu.pagerduty.com"


def test_what_closes_a_case_resolves_its_alert_and_an_archived_finding_by_itself_does_not(service: NamedHost) -> None:
    event = leaked_lambda_credentials()
    sender(service).send(brief_in(event))
    event["detail"]["service"]["archived"] = True
    sender(service).send(brief_in(event))
    sender(service).send(replace(brief_in(event), closes=True))
    trigger, archived, resolve = events(service)
    assert archived["event_action"] == "trigger"
    assert resolve == {"routing_key": KEY, "event_action": "resolve", "dedup_key": trigger["dedup_key"]}


def test_no_sample_is_taken_and_everything_else_is(service: NamedHost) -> None:
    assert not sender(service).takes(brief_in(leaked_lambda_credentials(sample=True)))
    assert sender(service).takes(BRIEF)


def test_a_sample_in_the_queue_wakes_nobody_and_is_done(service: NamedHost, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    sqs = FakeSqs(Clock())
    notifier = Notifier(
        around=AROUND,
        destination="on-call",
        sender=sender(service),
        queues=sqs,
        pace=Pace(0.0, clock=sqs.clock, sleep=sqs.clock.sleep),
    )
    bodies = [json.dumps(leaked_lambda_credentials(sample=sample)) for sample in (True, False)]
    records = [{"messageId": f"m{number}", "body": body} for number, body in enumerate(bodies)]
    assert notifier.handle({"Records": records}) == {"batchItemFailures": []}
    assert len(service.requests) == 1
    outcomes = [vars(record).get("outcome") for record in caplog.records]
    assert outcomes == ["delivered", "test lane"], "the real one first"


def test_t4_an_event_that_pagerduty_refuses_goes_out_in_plain_form(service: NamedHost) -> None:
    service.will(BAD, ACCEPTED)
    sender(service).send(BRIEF)
    assert events(service) == [
        json.loads(pagerduty_event.message(BRIEF, routing_key=KEY)),
        json.loads(pagerduty_event.plain_message(BRIEF, routing_key=KEY)),
    ]


@pytest.mark.parametrize("status", ["400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found"])
def test_q12_a_key_that_was_replaced_is_read_again_once(service: NamedHost, status: str) -> None:
    service.will(replying(status), ACCEPTED)
    sender(service, KEY, OTHER_KEY).send(BRIEF)
    assert [event["routing_key"] for event in events(service)] == [KEY, OTHER_KEY]


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        pytest.param(replying("429 Too Many Requests"), "PagerDuty answered 429$", id="rate-limited"),
        pytest.param(replying("500 Internal Server Error", b"<html>"), "PagerDuty answered 500$", id="server-error"),
    ],
)
def test_t3_trouble_at_pagerduty_is_for_later(service: NamedHost, response: Reply, reason: str) -> None:
    service.will(response)
    with pytest.raises(RetryLater, match=reason):
        sender(service).send(BRIEF)


def test_t6_only_202_is_success_at_pagerduty(service: NamedHost) -> None:
    service.will(replying("200 OK", b"<html>"))
    with pytest.raises((RetryLater, Refused), match=r"PagerDuty answered 200$"):
        sender(service).send(BRIEF)


def test_t4_a_plain_form_that_pagerduty_refuses_too_is_refused_for_good(service: NamedHost) -> None:
    service.will(BAD)
    with pytest.raises(Refused, match=r"PagerDuty answered 400 invalid event$") as raised:
        sender(service).send(BRIEF)
    assert "pLaNtEd" not in repr(raised.value)
    assert len(service.requests) == 2


@pytest.mark.parametrize("stored", ["", "pLaNtEd", f"{KEY}x", f"{KEY[:-1]}-", '{"key": "pLaNtEd"}'])
def test_fails_for_a_key_that_looks_like_none_without_showing_it(stored: str) -> None:
    with pytest.raises(ValueError, match="must be the integration key of an Events API v2 integration") as raised:
        routing_key(stored)
    assert "pLaNtEd" not in repr(raised.value)
