"""A planted secret is looked for everywhere it must not be: logs, errors, dead letters, what objects show."""

import json
import logging
import traceback
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import trustme
from moto import mock_aws

from notifier.batch import Notifier
from notifier.destinations.secret import Secret
from notifier.destinations.slack import SlackSender, webhook
from notifier.https import Address, Https
from notifier.outcomes import DeliveryFailed
from notifier.queue.pace import Pace
from tests.findings import leaked_lambda_credentials, low_finding
from tests.surroundings import AROUND
from tests.unit.notifier.briefs import brief_in
from tests.unit.notifier.fake_sqs import Clock, FakeSqs
from tests.unit.notifier.scripted_host import Host, Reply, answer, drip, half_close, https_to, reset

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

PLANTED = "T00PLANTED/B00PLANTED/pLaNtEdSeCrEtVaLuE"
PARTS = ("PLANTED", "pLaNtEd", "SeCrEt")
SECRET = "detection/slack-webhook"
URL = f"https://hooks.slack.com/services/{PLANTED}"
ECHO = f"cannot post to {URL}: {PLANTED}".encode()


def assert_clean(*shown: object) -> None:
    for text in map(str, shown):
        assert not [part for part in PARTS if part in text], text


class Formatter(logging.Formatter):
    """Writes everything that a record holds, as one JSON object: more than Lambda's own formatter does."""

    def format(self, record: logging.LogRecord) -> str:
        trace = self.formatException(record.exc_info) if record.exc_info else ""
        return json.dumps({**vars(record), "message": record.getMessage(), "trace": trace}, default=repr)


@pytest.fixture(scope="module")
def manager() -> "Iterator[SecretsManagerClient]":
    with mock_aws():
        client = boto3.client("secretsmanager", region_name="eu-west-1")
        client.create_secret(Name=SECRET, SecretString=URL)
        yield client


REPLIES: dict[str, Reply] = {
    "delivered": answer(),
    "echo-200": answer(ECHO),
    "echo-400": answer(ECHO, "400 Bad Request"),
    "refused-word": answer(b"invalid_payload", "400 Bad Request"),
    "echo-404": answer(ECHO, "404 Not Found"),
    "echo-410": answer(ECHO, f"410 {PLANTED}"),
    "echo-429": answer(ECHO, "429 Slow", f"Retry-After: {PLANTED}\r\n"),
    "echo-500": answer(ECHO, f"500 {URL}", f"X-Echo: {URL}\r\n"),
    "redirect": answer(ECHO, "307 Elsewhere", f"Location: https://evil.example/{PLANTED}\r\n"),
    "bad-status": lambda connection: connection.sendall(ECHO + b"\r\n\r\n"),
    "bad-header": lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\n" + ECHO + b"\r\n\r\n"),
    "bad-chunk": lambda c: c.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + ECHO + b"\r\n"),
    "reset": reset(ECHO),
    "half-close": half_close,
    "drip": drip(ECHO),
}


@pytest.mark.parametrize("reply", [pytest.param(reply, id=name) for name, reply in REPLIES.items()])
def test_whatever_the_destination_does_the_secret_stays_secret(
    host: Host,
    authority: trustme.CA,
    manager: "SecretsManagerClient",
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    reply: Reply,
) -> None:
    monkeypatch.setattr("notifier.destinations.slack.POST_SECONDS", 0.5)
    caplog.set_level(logging.DEBUG, logger="notifier")
    host.replies = [reply]
    sqs = FakeSqs(Clock())
    sender = SlackSender(webhook_secret=SECRET, https=https_to(host, authority))
    notifier = Notifier(
        around=AROUND,
        destination="security-slack",
        sender=sender,
        queues=sqs,
        pace=Pace(0.0, clock=sqs.clock, sleep=sqs.clock.sleep),
    )
    sqs.send("m1", json.dumps(low_finding()))
    sqs.send("m2", json.dumps(leaked_lambda_credentials()))
    response = notifier.handle({"Records": sqs.receive()})
    assert any(request.path.endswith(PLANTED) for request in host.requests), "the secret was in use"
    assert caplog.records
    assert_clean(response, sqs.dead, *map(Formatter().format, caplog.records), *capfd.readouterr())
    assert_clean(repr(notifier), repr(sender), repr(sender._secret), repr(sender._secret.held()), repr(sender._https))


@pytest.mark.parametrize("reply", [REPLIES[name] for name in ("bad-status", "bad-header", "bad-chunk", "reset")])
def test_no_error_carries_the_secret_in_its_text_or_its_traceback(
    host: Host, authority: trustme.CA, manager: "SecretsManagerClient", reply: Reply
) -> None:
    host.replies = [reply]
    with pytest.raises(DeliveryFailed) as raised:
        SlackSender(webhook_secret=SECRET, https=https_to(host, authority)).send(brief_in(low_finding()))
    assert_clean(repr(raised.value), raised.value.args, vars(raised.value))
    assert_clean("".join(traceback.format_exception(raised.value)))


@pytest.mark.parametrize(
    "stored",
    [
        f"http://hooks.slack.com/{PLANTED}",
        f"https://{PLANTED}",
        PLANTED,
        f"{URL}\x00",
        f"https://hooks.slack.com/triggers/{PLANTED}",
        f"https://hooks.slack.com/services{PLANTED}",
    ],
)
def test_a_secret_that_is_no_address_is_not_shown_either(stored: str) -> None:
    with pytest.raises(ValueError, match=r"is not a URL|must begin with https|must be on|incoming webhook") as raised:
        webhook(stored)
    assert_clean(repr(raised.value), "".join(traceback.format_exception(raised.value)))


def test_nothing_that_holds_the_secret_shows_it() -> None:
    address = Address.parse(URL)
    shown: list[Any] = [address, Https(), Secret(SECRET, parse=webhook), SlackSender(webhook_secret=SECRET)]
    assert_clean(*map(repr, shown), *shown, f"{address}", str([address]), {"address": address})
