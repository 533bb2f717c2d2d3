"""The one server behind all stand-ins speaks TLS, lets the right one answer, and each remembers."""

import http.client
import json
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from tools.emulator.sink import Sink
from tools.emulator.stand_in import HANG_UP, Answer, RefusedError, Request, StandIn

MESSAGE = json.dumps({"text": "leaked"})


class Lamp(StandIn):
    """Takes two messages a second, and knows one path."""

    hosts: ClassVar[tuple[str, ...]] = ("lamp.example.com", "lamp.example.net")
    per_second: ClassVar[int | None] = 2

    def secret_of(self, edition: int) -> str:
        return f"/switch/{edition}"

    def judged(self, request: Request) -> tuple[dict[str, object], Answer]:
        if request.path not in self.known:
            raise RefusedError(Answer(status=404, body="no_switch", reason=f"no switch at {request.path}"))
        if request.method != "POST":
            raise RefusedError(Answer(status=405))
        return json.loads(request.body), Answer(status=200, body='{"lit": true}')

    def too_many(self) -> Answer:
        return Answer(status=429, headers=(("Retry-After", "1"),))


class Bell(Lamp):
    """Another one, without a limit."""

    hosts: ClassVar[tuple[str, ...]] = ("bell.example.com",)
    per_second: ClassVar[int | None] = None


@pytest.fixture
def lamp() -> Lamp:
    return Lamp()


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
def sink(lamp: Lamp, bell: Bell) -> Iterator[Sink]:
    with Sink([lamp, bell]) as running:
        yield running


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    return tmp_path / "authority.pem"


def reply(
    sink: Sink, body: str, *, authority: Path, path: str = "/switch/1", host: str = "lamp.example.com", tls: str = ""
) -> tuple[int, str, Mapping[str, str]]:
    """Post as a client that has been told where the host is, and that verifies its certificate."""
    sink.write_authority(authority)
    address, _, port = sink.address.rpartition(":")
    context = ssl.create_default_context(cafile=str(authority))
    with (
        socket.create_connection((address, int(port)), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname=tls or host) as secure,
    ):
        connection = http.client.HTTPSConnection(host)
        connection.sock = secure
        connection.request("POST", path, body=body, headers={"Content-Type": "application/json"})
        with connection.getresponse() as answer:
            return answer.status, answer.read().decode(), dict(answer.headers)


def post(sink: Sink, body: str, *, authority: Path, path: str = "/switch/1", host: str = "lamp.example.com") -> int:
    return reply(sink, body, authority=authority, path=path, host=host)[0]


@pytest.mark.parametrize("host", Lamp.hosts)
def test_a_good_message_is_accepted_and_kept_under_every_name(
    sink: Sink, lamp: Lamp, authority: Path, host: str
) -> None:
    status, body, headers = reply(sink, MESSAGE, authority=authority, host=host)
    assert (status, body, headers["Content-Type"]) == (200, '{"lit": true}', "application/json")
    assert lamp.messages() == ({"text": "leaked"},)


def test_the_name_in_the_request_decides_who_answers(sink: Sink, lamp: Lamp, bell: Bell, authority: Path) -> None:
    post(sink, MESSAGE, authority=authority, host="bell.example.com")
    assert (lamp.requests(), len(bell.messages())) == ((), 1)
    assert reply(sink, MESSAGE, authority=authority, host="other.example.com", tls="bell.example.com")[0] == 421


def test_what_is_refused_is_kept_and_does_not_count_as_a_message(sink: Sink, lamp: Lamp, authority: Path) -> None:
    assert reply(sink, MESSAGE, authority=authority, path="/switch/2")[:2] == (404, "no_switch")
    assert (lamp.messages(), lamp.accepted()) == ((), ())
    (refused,) = lamp.requests()
    assert (refused.body, refused.answer.reason) == (MESSAGE.encode(), "no switch at /switch/2")


def test_a_secret_that_was_replaced_is_not_known_any_more(sink: Sink, lamp: Lamp, authority: Path) -> None:
    before = lamp.secret
    lamp.replace_secret()
    assert post(sink, MESSAGE, authority=authority, path=before) == 404
    assert post(sink, MESSAGE, authority=authority, path=lamp.secret) == 200


def test_a_secret_that_was_added_leaves_the_others_known(sink: Sink, lamp: Lamp, authority: Path) -> None:
    lamp.add_secret()
    lamp.replace_secret()
    assert lamp.known == ("/switch/1", "/switch/3")
    assert post(sink, MESSAGE, authority=authority, path="/switch/1") == 200


def test_more_than_a_service_takes_in_a_second_is_throttled() -> None:
    now = 100.0
    lamp = Lamp(clock=lambda: now)
    request = Request(method="POST", path=lamp.secret, headers={}, body=MESSAGE.encode())
    answers = [lamp.take(request) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert answers[-1].headers == (("Retry-After", "1"),)
    assert len(lamp.messages()) == 2
    now = 101.0
    assert lamp.take(request).status == 200, "what was refused does not count"


def test_fails_to_be_reached_under_another_name(sink: Sink, lamp: Lamp, authority: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        post(sink, MESSAGE, authority=authority, host="hooks.example.com")
    assert lamp.requests() == ()


def test_answers_can_be_scripted_for_faults(sink: Sink, lamp: Lamp, authority: Path) -> None:
    lamp.answer_with(Answer(status=500, body="dark", delay=0.2, headers=(("Retry-After", "7"),)))
    started = time.monotonic()
    status, body, headers = reply(sink, MESSAGE, authority=authority)
    assert (status, body, headers["Retry-After"], headers["Content-Type"]) == (500, "dark", "7", "text/html")
    assert time.monotonic() - started >= 0.2
    assert lamp.messages() == ()
    lamp.answer_normally()
    assert post(sink, MESSAGE, authority=authority) == 200


def test_a_scripted_answer_can_be_for_some_messages_only(sink: Sink, lamp: Lamp, authority: Path) -> None:
    lamp.answer_with(Answer(status=500), containing="poison")
    assert post(sink, json.dumps({"text": "poison"}), authority=authority) == 500
    assert post(sink, MESSAGE, authority=authority) == 200


def test_a_scripted_answer_can_be_given_a_few_times_only(sink: Sink, bell: Bell, authority: Path) -> None:
    bell.answer_with(Answer(status=500), times=2)
    assert [post(sink, MESSAGE, authority=authority, host="bell.example.com") for _ in range(3)] == [500, 500, 200]


def test_a_service_can_hang_up(sink: Sink, lamp: Lamp, authority: Path) -> None:
    lamp.answer_with(HANG_UP)
    with pytest.raises((http.client.RemoteDisconnected, ssl.SSLEOFError, ConnectionError)):
        post(sink, MESSAGE, authority=authority)
    assert (len(lamp.requests()), lamp.messages()) == (1, ())


def test_what_was_received_can_be_forgotten(sink: Sink, lamp: Lamp, authority: Path) -> None:
    post(sink, MESSAGE, authority=authority)
    lamp.forget()
    assert lamp.requests() == ()


def test_a_client_that_never_speaks_holds_up_nobody(sink: Sink, authority: Path) -> None:
    address, _, port = sink.address.rpartition(":")
    with socket.create_connection((address, int(port))):
        assert post(sink, MESSAGE, authority=authority) == 200


def test_fails_to_name_its_address_before_it_runs() -> None:
    with pytest.raises(RuntimeError, match="not running; use it in a with statement"):
        _ = Sink([]).address
