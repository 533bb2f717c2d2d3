"""A planted secret of the other kinds of destination is in no log, no error, no dead letter and nothing shown."""

import json
import logging
import traceback
from collections.abc import Callable

import pytest

from notifier.batch import Notifier
from notifier.destinations import SENDERS as ALL_SENDERS
from notifier.destinations.base import DeliveryFailed, Sender
from notifier.destinations.pagerduty import PagerDutySender, routing_key
from notifier.destinations.teams import TeamsSender, webhook
from notifier.destinations.webhook import WebhookSender, endpoint
from notifier.https import Https
from notifier.queue.pace import Pace
from tests.findings import leaked_lambda_credentials
from tests.surroundings import AROUND
from tests.unit.notifier.briefs import brief_in
from tests.unit.notifier.fake_sqs import Clock, FakeSqs
from tests.unit.notifier.known_secret import KnownSecret
from tests.unit.notifier.named_host import named_host, replying
from tests.unit.notifier.scripted_host import Reply, reset
from tests.unit.notifier.test_no_secret import Formatter

PLANTED = "pLaNtEdSeCrEtVaLuE0123456789abcd"
TEAMS = f"https://x.logic.azure.com/workflows/1?sig={PLANTED}"
SIEM = json.dumps({"url": f"https://siem.example.com/{PLANTED}", "signing_key": PLANTED})

SENDERS: dict[str, tuple[str, Callable[[Https], Sender]]] = {
    "teams": (
        "x.logic.azure.com",
        lambda https: TeamsSender(webhook_secret="s", secret=KnownSecret(TEAMS, parse=webhook), https=https),
    ),
    "pagerduty": (
        "events.pagerduty.com",
        lambda https: PagerDutySender(
            routing_key_secret="s", service_region="us", secret=KnownSecret(PLANTED, parse=routing_key), https=https
        ),
    ),
    "webhook": (
        "siem.example.com",
        lambda https: WebhookSender(webhook_secret="s", secret=KnownSecret(SIEM, parse=endpoint), https=https),
    ),
}
ECHO = json.dumps({"status": PLANTED, "error": {"code": PLANTED, "message": TEAMS}, "errors": [PLANTED]}).encode()
REPLIES: dict[str, Reply] = {
    "delivered": replying("202 Accepted", ECHO),
    "bad-request": replying("400 Bad Request", ECHO),
    "unknown": replying("404 Not Found", ECHO),
    "gone": replying(f"410 {PLANTED}", ECHO),
    "slow-down": replying("429 Slow", ECHO, f"Retry-After: {PLANTED}\r\n"),
    "broken": replying("500 Broken", ECHO),
    "elsewhere": replying("307 Elsewhere", ECHO, f"Location: https://evil.example/{PLANTED}\r\n"),
    "nonsense": lambda connection: connection.sendall(ECHO + b"\r\n\r\n"),
    "reset": reset(ECHO),
}


def test_every_kind_with_a_secret_is_here_or_has_a_test_of_its_own() -> None:
    """What Slack answers is tested in `test_no_secret`; mail has no secret."""
    assert {*SENDERS, "slack", "sns"} == set(ALL_SENDERS)


@pytest.mark.parametrize("kind", SENDERS)
@pytest.mark.parametrize("reply", REPLIES)
def test_whatever_the_destination_does_the_secret_stays_secret(
    caplog: pytest.LogCaptureFixture, kind: str, reply: str
) -> None:
    caplog.set_level(logging.DEBUG, logger="notifier")
    name, make = SENDERS[kind]
    with named_host(name, REPLIES[reply]) as host:
        sqs, sender = FakeSqs(Clock()), make(host.https)
        pace = Pace(0.0, clock=sqs.clock, sleep=sqs.clock.sleep)
        notifier = Notifier(around=AROUND, destination="x", sender=sender, queues=sqs, pace=pace)
        sqs.send("m1", json.dumps(leaked_lambda_credentials()))
        response = notifier.handle({"Records": sqs.receive()})
        assert host.requests, "the secret was in use"
        shown = [repr(sender), repr(vars(sender)), repr(notifier), str(response), str(sqs.dead)]
        try:
            sender.send(brief_in(leaked_lambda_credentials()))
        except DeliveryFailed as error:
            shown += [repr(error), str(vars(error)), "".join(traceback.format_exception(error))]
    assert caplog.records
    for text in [*shown, *map(Formatter().format, caplog.records)]:
        assert "pLaNtEd" not in text
        assert "SeCrEt" not in text
