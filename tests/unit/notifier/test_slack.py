"""The Slack sender against a real TLS server on loopback."""

import json

import boto3
import pytest
import trustme
from moto import mock_aws

from notifier.destinations import slack_card
from notifier.destinations.secret import Secret
from notifier.destinations.slack import SlackSender, webhook
from notifier.https import Address
from notifier.outcomes import DeliveryFailed, Refused, RetryLater
from tests.findings import leaked_lambda_credentials
from tests.unit.notifier.briefs import brief_in
from tests.unit.notifier.scripted_host import Host, answer, drip, https_to, reset

PLANTED = "T00000000/B00000000/pLaNtEdSeCrEtVaLuE"
WEBHOOK = f"https://hooks.slack.com/services/{PLANTED}"
SECRET = "detection/slack-webhook"
BRIEF = brief_in(leaked_lambda_credentials())


class KnownSecret(Secret[Address]):
    """A secret that has been read already, and that a rotation may replace."""

    def __init__(self, *, current: str = WEBHOOK) -> None:
        super().__init__(SECRET, parse=webhook)
        self._kept = (self._clock(), webhook(WEBHOOK))
        self.now = webhook(current)
        self.readings = 0

    def current(self) -> Address:
        self.readings += 1
        return self.now


def sender(host: Host, authority: trustme.CA, *, secret: Secret[Address] | None = None) -> SlackSender:
    """The sender, with the host as Slack."""
    return SlackSender(webhook_secret=SECRET, secret=secret or KnownSecret(), https=https_to(host, authority))


def failing(host: Host, authority: trustme.CA) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as raised:
        sender(host, authority).send(BRIEF)
    assert "pLaNtEd" not in repr(raised.value)
    return raised.value


def test_a_message_is_posted_to_the_address_in_the_secret(host: Host, authority: trustme.CA) -> None:
    with mock_aws():
        # The line end comes from whoever pasted it.
        boto3.client("secretsmanager").create_secret(Name=SECRET, SecretString=f" {WEBHOOK}\n")
        SlackSender(webhook_secret=SECRET, https=https_to(host, authority)).send(BRIEF)
    (request,) = host.requests
    assert (request.path, json.loads(request.body)) == (
        f"/services/{PLANTED}", json.loads(slack_card.message(BRIEF)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("header", "after"),
    [
        pytest.param("Retry-After: 3\r\n", 3.0, id="three-seconds"),
        pytest.param("Retry-After: 86400\r\n", 3600.0, id="a-day"),
        pytest.param("Retry-After: -1\r\n", None, id="negative"),
        pytest.param("Retry-After: abc\r\n", None, id="word"),
        pytest.param("", None, id="not-said"),
        pytest.param(f"Retry-After: {'9' * 10_000_000}\r\n", None, id="ten-megabytes"),
        pytest.param(f"X-Long: {'9' * 1_000_000}\r\nRetry-After: 3\r\n", None, id="behind-a-megabyte"),
    ],
)
def test_t2_a_rate_limit_says_for_how_long_if_it_does(
    host: Host, authority: trustme.CA, header: str, after: float | None
) -> None:
    host.replies = [answer(b"rate_limited", "429 Too Many Requests", header)]
    error = failing(host, authority)
    assert isinstance(error, RetryLater)
    assert error.after == after
    assert len(host.requests) == 1


@pytest.mark.parametrize("status", [408, 425, 500, 502, 503, 504])
def test_t3_trouble_at_slack_is_for_later(host: Host, authority: trustme.CA, status: int) -> None:
    host.replies = [answer(b"ok", f"{status} Trouble")]
    error = failing(host, authority)
    assert (type(error), str(error), error.cause) == (RetryLater, f"Slack answered {status} ok", f"status-{status}")


@pytest.mark.parametrize("word", ["invalid_payload", "invalid_blocks", "msg_blocks_too_long"])
def test_t4_a_card_that_slack_refuses_goes_out_as_plain_text(host: Host, authority: trustme.CA, word: str) -> None:
    host.replies = [answer(word.encode(), "400 Bad Request"), answer()]
    sender(host, authority).send(BRIEF)
    assert [("blocks" in json.loads(request.body)) for request in host.requests] == [True, False]


def test_t4_plain_text_that_slack_refuses_too_is_refused_for_good(host: Host, authority: trustme.CA) -> None:
    host.replies = [answer(b"invalid_payload", "400 Bad Request")]
    error = failing(host, authority)
    assert (type(error), str(error)) == (Refused, "Slack answered 400 invalid_payload")
    assert len(host.requests) == 2


@pytest.mark.parametrize(
    ("status", "word"),
    [(403, "action_prohibited"), (404, "no_service"), (404, "channel_not_found"), (401, "invalid_token")],
)
def test_t5_a_webhook_that_is_gone_and_not_replaced_is_refused_for_good(
    host: Host, authority: trustme.CA, status: int, word: str
) -> None:
    host.replies = [answer(word.encode(), f"{status} No")]
    secret = KnownSecret()
    with pytest.raises(Refused, match=f"^Slack answered {status} {word}$"):
        sender(host, authority, secret=secret).send(BRIEF)
    assert (secret.readings, len(host.requests)) == (1, 1)


def test_t5_a_webhook_that_was_replaced_is_read_again_and_used(host: Host, authority: trustme.CA) -> None:
    host.replies = [answer(b"no_service", "404 Not Found"), answer()]
    secret = KnownSecret(current="https://hooks.slack.com/services/new")
    sender(host, authority, secret=secret).send(BRIEF)
    assert [request.path for request in host.requests] == [f"/services/{PLANTED}", "/services/new"]


def test_t5_a_replaced_webhook_gets_plain_text_too_if_it_does_not_like_the_card(
    host: Host, authority: trustme.CA
) -> None:
    host.replies = [answer(b"no_service", "404 Not Found"), answer(b"invalid_blocks", "400 Bad Request"), answer()]
    sender(host, authority, secret=KnownSecret(current="https://hooks.slack.com/services/new")).send(BRIEF)
    assert [request.path for request in host.requests][1:] == ["/services/new", "/services/new"]


def test_t5_an_archived_channel_is_refused_for_good_at_once(host: Host, authority: trustme.CA) -> None:
    host.replies = [answer(b"channel_is_archived", "410 Gone")]
    assert str(failing(host, authority)) == "Slack answered 410 channel_is_archived"
    assert len(host.requests) == 1


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("200 OK", b'{"ok":false}'),
        ("200 OK", b"<html>welcome</html>"),
        ("200 OK", b"invalid_token"),
        ("200 OK", b""),
        ("202 Accepted", b"ok"),
        ("204 No Content", b""),
    ],
)
def test_t6_only_the_word_ok_is_success(host: Host, authority: trustme.CA, status: str, body: bytes) -> None:
    host.replies = [answer(body, status)]
    error = failing(host, authority)
    assert isinstance(error, RetryLater)
    assert str(error).startswith(f"Slack answered {status[:3]}")
    assert b"<" not in str(error).encode()


def test_t7_a_reset_is_for_later_and_not_tried_again_at_once(host: Host, authority: trustme.CA) -> None:
    host.replies = [reset(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")]
    assert isinstance(failing(host, authority), RetryLater)
    assert len(host.requests) == 1


def test_t9_a_drip_takes_no_longer_than_one_post_may(
    host: Host, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifier.destinations.slack.POST_SECONDS", 0.2)
    host.replies = [drip(b"HTTP/1.1 200 OK\r\n\r\nok", every=0.02)]
    assert failing(host, authority).cause == "timeout"


def test_what_slack_says_is_shown_only_if_it_is_a_word(host: Host, authority: trustme.CA) -> None:
    host.replies = [answer(f"no such hook: {PLANTED}".encode(), "410 Gone")]
    assert str(failing(host, authority)) == "Slack answered 410 (other text)"


def test_two_functions_send_no_more_than_slack_takes() -> None:
    assert SlackSender.seconds_between == 2.0
