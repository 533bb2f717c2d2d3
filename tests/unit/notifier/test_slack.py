"""The Slack sender against a real TLS server on loopback."""

import http.client
import json
import logging
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import boto3
import pytest
import trustme
from moto import mock_aws

from notifier.destinations import slack, slack_card
from notifier.destinations.base import DeliveryFailed
from notifier.destinations.slack import SlackSender
from notifier.destinations.webhook_secret import Webhook, WebhookSecret
from tests.findings import leaked_lambda_credentials
from tests.unit.notifier.briefs import brief_in

PLANTED = "T00000000/B00000000/pLaNtEdSeCrEtVaLuE"
WEBHOOK = f"https://hooks.slack.com/services/{PLANTED}"
SECRET = "detection/slack-webhook"
BRIEF = brief_in(leaked_lambda_credentials())


def answer(body: bytes = b"ok", status: str = "200 OK", headers: str = "") -> bytes:
    """A whole HTTP response."""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


@dataclass
class Sink:
    """What the server answers, in order (the last for ever), and what it got."""

    answers: list[bytes] = field(default_factory=lambda: [answer()])
    requests: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    port: int = 0


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """A certificate authority of our own."""
    return trustme.CA()


@pytest.fixture
def sink(authority: trustme.CA) -> Iterator[Sink]:
    """A server that is hooks.slack.com to whoever trusts our authority."""
    state = Sink()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("hooks.slack.com").configure_cert(tls)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                with tls.wrap_socket(self.request, server_side=True) as connection, connection.makefile("rb") as lines:
                    self._answer(connection, lines)
            except OSError:
                return  # the client refused us or hung up: what some tests are about

        def _answer(self, connection: ssl.SSLSocket, lines: BinaryIO) -> None:
            path = lines.readline().split()[1].decode()
            length = 0
            while (line := lines.readline().strip()) != b"":
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            state.requests.append((path, json.loads(lines.read(length))))
            connection.sendall(state.answers.pop(0) if len(state.answers) > 1 else state.answers[0])

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield state
        server.shutdown()
        thread.join()


Connect = Callable[[str], http.client.HTTPSConnection]


class _Loopback(http.client.HTTPSConnection):
    """A connection that believes to be at the host, so that name and certificate are verified as in production."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext) -> None:
        super().__init__(host, 443, timeout=2, context=context)
        self._create_connection = lambda _address, *_rest: socket.create_connection(("127.0.0.1", port), timeout=2)


@pytest.fixture
def connect(sink: Sink, authority: trustme.CA) -> Connect:
    """Connects to the sink, with production's own TLS settings and our authority trusted."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return lambda host: _Loopback(host, sink.port, context)


class KnownSecret(WebhookSecret):
    """A secret that has been read already."""

    def __init__(self) -> None:
        super().__init__(SECRET, hosts=slack.HOSTS)

    def webhook(self) -> Webhook:
        return Webhook.parse(WEBHOOK, hosts=slack.HOSTS)


def sender(connect: Connect) -> SlackSender:
    """The sender, at the sink."""
    return SlackSender(webhook_secret=SECRET, secret=KnownSecret(), connect=connect)


def test_a_message_is_posted_to_the_address_in_the_secret(sink: Sink, connect: Connect) -> None:
    with mock_aws():
        # The line end comes from whoever pasted it.
        boto3.client("secretsmanager").create_secret(Name=SECRET, SecretString=f" {WEBHOOK}\n")
        SlackSender(webhook_secret=SECRET, connect=connect).send(BRIEF)
    assert sink.requests == [(f"/services/{PLANTED}", json.loads(slack_card.message(BRIEF)))]


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        pytest.param(answer(b"no_service", "404 Not Found"), "404 no_service", id="webhook-is-gone"),
        pytest.param(answer(b"action_prohibited", "403 Forbidden"), "403 action_prohibited", id="forbidden"),
        pytest.param(answer(b"", "429 Too Many Requests", "Retry-After: 3\r\n"), "429", id="rate-limited"),
        pytest.param(answer(b"<html>", "500 Internal Server Error"), "500 .other text.", id="server-error"),
        pytest.param(answer(b"ok", "500 Internal Server Error"), "500 ok", id="server-error-that-says-ok"),
        pytest.param(answer(b'{"ok":false}'), "200 .other text.", id="ok-with-another-body"),
        pytest.param(answer(b"<html>ok</html>"), "200 .other text.", id="ok-with-a-page"),
        pytest.param(answer(b"", "204 No Content"), "204", id="no-content"),
        pytest.param(answer(b"o" * 10_000_000), "200 .other text.", id="ten-megabytes"),
        pytest.param(answer(WEBHOOK.encode()), "200 .other text.", id="the-address-itself"),
        pytest.param(
            answer(b"", "302 Found", "Location: http://169.254.169.254/\r\n"), "302", id="redirect-is-not-followed"
        ),
        pytest.param(b"", "RemoteDisconnected", id="hangs-up"),
        pytest.param(b"nonsense\r\n\r\n", "BadStatusLine", id="no-http"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no", "answered 200 o$", id="ends-in-mid-body"),
    ],
)
def test_fails_unless_slack_says_ok(sink: Sink, connect: Connect, response: bytes, reason: str) -> None:
    sink.answers = [response]
    with pytest.raises(DeliveryFailed, match=reason) as raised:
        sender(connect).send(BRIEF)
    assert "pLaNtEd" not in repr(raised.value)
    assert len(sink.requests) == 1, "one request, and none elsewhere"


def test_a_card_that_slack_refuses_goes_out_as_plain_text(sink: Sink, connect: Connect) -> None:
    sink.answers = [answer(b"invalid_blocks", "400 Bad Request"), answer()]
    sender(connect).send(BRIEF)
    assert [("blocks" in payload) for _, payload in sink.requests] == [True, False]


def test_fails_when_the_certificate_is_not_trusted(sink: Sink) -> None:
    with pytest.raises(DeliveryFailed, match="certificate refused"):
        sender(lambda host: _Loopback(host, sink.port, ssl.create_default_context())).send(BRIEF)
    assert sink.requests == []


def test_fails_when_the_certificate_is_for_another_host(sink: Sink, authority: trustme.CA) -> None:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    with pytest.raises(DeliveryFailed, match="certificate refused"):
        sender(lambda _host: _Loopback("hooks.slack-gov.com", sink.port, context)).send(BRIEF)


def test_fails_when_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(DeliveryFailed, match="ConnectionRefusedError"):
        sender(lambda host: _Loopback(host, port, ssl.create_default_context())).send(BRIEF)


def test_production_verifies_and_ignores_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    connection = slack.connect("hooks.slack.com")
    context = connection._context  # type: ignore[attr-defined]
    assert (connection.host, connection.port, connection.timeout) == ("hooks.slack.com", 443, 10.0)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        pytest.param("", "not a URL", id="empty"),
        pytest.param("http://hooks.slack.com/services/pLaNtEd", "must begin with https", id="http"),
        pytest.param("https://evil.example/services/pLaNtEd", "must be on hooks", id="other-host"),
        pytest.param("https://hooks.slack.com.evil.example/pLaNtEd", "must be on hooks", id="host-with-a-tail"),
        pytest.param("https://hooks.slack.com@evil.example/pLaNtEd", "must be on hooks", id="host-as-user"),
        pytest.param("https://u:p@hooks.slack.com/pLaNtEd", "without user", id="user"),
        pytest.param("https://hooks.slack.com:8443/pLaNtEd", "must be on hooks", id="other-port"),
        pytest.param("https://hooks.slack.com:port/pLaNtEd", "not a URL", id="port-that-is-none"),
        pytest.param("https://169.254.169.254/pLaNtEd", "must be on hooks", id="metadata-address"),
        pytest.param("https://[fd00:ec2::254]/pLaNtEd", "must be on hooks", id="ipv6-metadata-address"),
        pytest.param("https://[oops/pLaNtEd", "not a URL", id="broken-brackets"),
        pytest.param("https://hooks.slack.com", "no path", id="no-path"),
        pytest.param("https://hooks.slack.com/a\r\nHost: evil/pLaNtEd", "not a URL", id="header-injection"),
        pytest.param("https://hooks.slack.com/pLaNtEd/é", "not a URL", id="not-ascii"),
        pytest.param('{"url": "https://hooks.slack.com/pLaNtEd"}', "not a URL", id="json"),
        pytest.param("x" * 5000, "not a URL", id="too-long"),
    ],
)
def test_fails_for_an_address_that_is_not_slack_s_without_showing_it(url: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as raised:
        Webhook.parse(url, hosts=slack.HOSTS)
    assert "pLaNtEd" not in repr(raised.value)
    assert raised.value.__cause__ is None


def test_fails_naming_the_secret_whose_value_is_no_address() -> None:
    with mock_aws():
        boto3.client("secretsmanager").create_secret(Name=SECRET, SecretString="https://evil.example/pLaNtEd")
        with pytest.raises(DeliveryFailed, match=f"the value of secret {SECRET} must be on hooks") as raised:
            WebhookSecret(SECRET, hosts=slack.HOSTS).webhook()
    assert "pLaNtEd" not in repr(raised.value)
    assert raised.value.__suppress_context__


@pytest.mark.parametrize("host", ["hooks.slack.com", "hooks.slack-gov.com", "HOOKS.slack.com"])
def test_both_hosts_of_slack_are_accepted(host: str) -> None:
    webhook = Webhook.parse(f"https://{host}/services/{PLANTED}", hosts=slack.HOSTS)
    assert webhook.host == host.lower()
    assert "pLaNtEd" not in repr(webhook)


def test_the_address_is_kept_for_five_minutes_and_then_read_again() -> None:
    now = [0.0]
    with mock_aws():
        manager = boto3.client("secretsmanager")
        manager.create_secret(Name=SECRET, SecretString=WEBHOOK)
        secret = WebhookSecret(SECRET, hosts=slack.HOSTS, clock=lambda: now[0])
        assert secret.webhook().path == f"/services/{PLANTED}"
        manager.put_secret_value(SecretId=SECRET, SecretString="https://hooks.slack.com/services/new")
        now[0] = 299
        assert secret.webhook().path == f"/services/{PLANTED}"
        now[0] = 301
        assert secret.webhook().path == "/services/new"


def test_a_known_address_stays_in_use_when_secrets_manager_fails(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    with mock_aws():
        manager = boto3.client("secretsmanager")
        manager.create_secret(Name=SECRET, SecretString=WEBHOOK)
        secret = WebhookSecret(SECRET, hosts=slack.HOSTS, clock=lambda: now[0])
        secret.webhook()
        manager.delete_secret(SecretId=SECRET, ForceDeleteWithoutRecovery=True)
        now[0] = 301
        with caplog.at_level(logging.WARNING):
            assert secret.webhook().path == f"/services/{PLANTED}"
    assert "using the address read before" in caplog.text


def test_fails_when_the_secret_does_not_exist_and_names_it() -> None:
    with mock_aws(), pytest.raises(DeliveryFailed, match=f"{SECRET} could not be read: ResourceNotFoundException"):
        WebhookSecret(SECRET, hosts=slack.HOSTS).webhook()
