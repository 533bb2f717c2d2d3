"""The stand-in for hooks.slack.com speaks TLS, answers as Slack does, and remembers."""

import http.client
import json
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.emulator.slack_sink import WEBHOOK_PATH, SlackSink

MESSAGE = json.dumps({"text": "leaked"})


@pytest.fixture(scope="module")
def running() -> Iterator[SlackSink]:
    with SlackSink() as sink:
        yield sink


@pytest.fixture
def sink(running: SlackSink) -> SlackSink:
    running.answer_normally()
    running.forget()
    return running


def post(
    sink: SlackSink, body: str, *, authority: Path, path: str = WEBHOOK_PATH, host: str = "hooks.slack.com"
) -> tuple[int, str]:
    """Post as a client that has been told where the host is, and that verifies its certificate."""
    sink.write_authority(authority)
    address, _, port = sink.address.rpartition(":")
    context = ssl.create_default_context(cafile=str(authority))
    with (
        socket.create_connection((address, int(port)), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        connection = http.client.HTTPSConnection(host)
        connection.sock = secure
        connection.request("POST", path, body=body, headers={"Content-Type": "application/json"})
        with connection.getresponse() as answer:
            return answer.status, answer.read().decode()


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    return tmp_path / "authority.pem"


@pytest.mark.parametrize("host", ["hooks.slack.com", "hooks.slack-gov.com"])
def test_a_good_message_is_accepted_and_kept(sink: SlackSink, authority: Path, host: str) -> None:
    assert post(sink, MESSAGE, authority=authority, host=host) == (200, "ok")
    assert sink.messages() == ({"text": "leaked"},)


def test_a_message_that_slack_would_refuse_is_refused_and_not_counted(sink: SlackSink, authority: Path) -> None:
    assert post(sink, json.dumps({"text": "x", "blocks": [{"type": "poll"}]}), authority=authority) == (
        400,
        "invalid_blocks",
    )
    assert post(sink, "{", authority=authority) == (400, "invalid_payload")
    assert sink.messages() == ()
    assert [request.answer.body for request in sink.requests()] == ["invalid_blocks", "invalid_payload"]
    assert "unsupported type 'poll'" in sink.requests()[0].answer.reason


def test_another_path_is_no_webhook(sink: SlackSink, authority: Path) -> None:
    assert post(sink, MESSAGE, authority=authority, path="/services/T0/B0/old") == (404, "no_service")


def test_fails_to_be_reached_under_another_name(sink: SlackSink, authority: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        post(sink, MESSAGE, authority=authority, host="hooks.example.com")
    assert sink.requests() == ()


def test_answers_can_be_scripted_for_faults(sink: SlackSink, authority: Path) -> None:
    sink.answer_with(status=500, body="rollback_error", delay=0.2)
    started = time.monotonic()
    assert post(sink, MESSAGE, authority=authority) == (500, "rollback_error")
    assert time.monotonic() - started >= 0.2
    assert sink.messages() == ()
    sink.answer_normally()
    assert post(sink, MESSAGE, authority=authority) == (200, "ok")
    assert len(sink.messages()) == 1


def test_a_scripted_answer_can_be_for_one_message_only(sink: SlackSink, authority: Path) -> None:
    sink.answer_with(status=500, containing="poison")
    assert post(sink, json.dumps({"text": "poison"}), authority=authority) == (500, "")
    assert post(sink, MESSAGE, authority=authority) == (200, "ok")


def test_a_client_that_never_speaks_holds_up_nobody(sink: SlackSink, authority: Path) -> None:
    address, _, port = sink.address.rpartition(":")
    with socket.create_connection((address, int(port))):
        assert post(sink, MESSAGE, authority=authority) == (200, "ok")


def test_the_webhook_url_is_one_that_the_notifier_accepts(sink: SlackSink) -> None:
    assert sink.webhook_url.startswith("https://hooks.slack.com/services/")


def test_fails_to_name_its_address_before_it_runs() -> None:
    with pytest.raises(RuntimeError, match="not running; use it in a with statement"):
        _ = SlackSink().address
