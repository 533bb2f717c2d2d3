"""The poster against real TLS servers on loopback that misbehave in every way we could think of."""

import gzip
import socket
import ssl
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from notifier.https import Address, Answer, Https
from notifier.https.poster import trusted
from notifier.outcomes import DeliveryFailed, Refused, RetryLater
from tests.unit.notifier.scripted_host import Host, answer, drip, endless, half_close, https_to, reset, serving, silent

PLANTED = "pLaNtEdSeCrEt"
HOOK = Address("hooks.example.com", f"/services/{PLANTED}")
SOON = 0.3
"""A deadline short enough for a test and long enough for a handshake on a busy machine."""

FAR = 10.0
"""Seconds that nobody waits whose deadline holds, on however busy a machine; without it some tests would take longer,
and others for ever."""


def post(https: Https, *, deadline: float = 5.0, body: bytes = b'{"a": 1}') -> Answer:
    return https.post(HOOK, body=body, headers={"Content-Type": "application/json"}, deadline=deadline)


def failing(https: Https, *, deadline: float = 5.0, body: bytes = b"{}") -> DeliveryFailed:
    """How a post fails; wherever it does, without the secret."""
    with pytest.raises(DeliveryFailed) as raised:
        post(https, deadline=deadline, body=body)
    assert PLANTED not in repr(raised.value)
    assert raised.value.__suppress_context__ or raised.value.__context__ is None
    return raised.value


def test_a_request_is_posted_once_and_the_answer_comes_back(host: Host, authority: trustme.CA) -> None:
    host.replies = [answer(b" fine\n", "201 Created", "Retry-After: 7\r\n")]
    assert post(https_to(host, authority)) == Answer(status=201, body="fine", retry_after=7.0)
    (request,) = host.requests
    assert (request.method, request.path, request.body) == ("POST", f"/services/{PLANTED}", b'{"a": 1}')
    assert request.headers == {
        "host": "hooks.example.com",
        "user-agent": "aws-detection-stack",
        "accept-encoding": "identity",
        "connection": "close",
        "content-type": "application/json",
        "content-length": "8",
    }


def test_a_message_of_half_a_megabyte_arrives_whole(host: Host, authority: trustme.CA) -> None:
    body = b"x" * 524_288
    assert post(https_to(host, authority), body=body).status == 200
    assert host.requests[0].body == body


def test_an_answer_in_chunks_and_one_that_ends_with_the_connection_are_read(host: Host, authority: trustme.CA) -> None:
    host.replies = [
        lambda c: c.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n"),
        lambda c: c.sendall(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nok"),
    ]
    for _ in range(2):
        assert post(https_to(host, authority)).body == "ok"


def test_t7_a_refused_connection_is_for_later(authority: trustme.CA) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    error = failing(https_to(Host(port=port), authority))
    assert isinstance(error, RetryLater)
    assert (str(error), error.cause) == (
        "hooks.example.com could not be reached: ConnectionRefusedError", "connection",
    )  # fmt: skip


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(reset(), id="reset-before-the-answer"),
        pytest.param(reset(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no"), id="reset-in-mid-body"),
        pytest.param(half_close, id="half-close-after-the-request"),
        pytest.param(lambda c: c.sendall(b"HTTP/1.1 200 OK\r\nContent-Le"), id="end-in-mid-head"),
        pytest.param(lambda c: c.sendall(b"SSH-2.0-OpenSSH_9.9\r\n"), id="another-protocol"),
        pytest.param(lambda c: c.sendall(b"HTTP/1.1 two hundred\r\n\r\n"), id="a-status-that-is-none"),
    ],
)
def test_t7_a_connection_that_breaks_is_for_later_although_the_host_may_have_the_message(
    host: Host, authority: trustme.CA, reply: object
) -> None:
    host.replies = [reply]  # type: ignore[list-item]
    error = failing(https_to(host, authority))
    assert isinstance(error, RetryLater)
    assert error.cause == "connection"
    assert len(host.requests) == 1


def test_t7_the_next_address_is_tried_when_one_does_not_answer(host: Host, authority: trustme.CA) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        places = [("127.0.0.1", unused.getsockname()[1]), ("127.0.0.1", host.port)]
    assert post(https_to(host, authority, resolve=lambda *_: places)).status == 200


@contextmanager
def nobody_answers() -> Iterator[int]:
    """A port on which a connection is neither taken nor refused, as behind a firewall that drops it."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, ExitStack() as open_until_the_end:
        port = full.getsockname()[1]
        # Loopback takes one more than the backlog; then nobody is answered.
        for _ in range(3):
            client = open_until_the_end.enter_context(socket.socket())
            client.settimeout(0)
            client.connect_ex(("127.0.0.1", port))
        yield port


def test_t7_the_next_address_is_tried_when_one_stays_silent(host: Host, authority: trustme.CA) -> None:
    """Each address has its share of the deadline: the first of them could wait through all of it."""
    with nobody_answers() as port:
        places = [("127.0.0.1", port), ("127.0.0.1", host.port)]
        assert post(https_to(host, authority, resolve=lambda *_: places), deadline=4).status == 200
    assert len(host.requests) == 1


def test_t8_a_connection_that_is_not_taken_ends_with_the_deadline(authority: trustme.CA) -> None:
    with nobody_answers() as port:
        error = failing(https_to(Host(port=port), authority), deadline=SOON)
    assert (type(error), error.cause) == (RetryLater, "timeout")


def test_t8_no_answer_after_the_request_ends_with_the_deadline(host: Host, authority: trustme.CA) -> None:
    host.replies = [silent]
    # Long enough to connect in, also on a busy machine: that the host has the message is what this is about.
    error = failing(https_to(host, authority), deadline=2)
    assert (type(error), error.cause) == (RetryLater, "timeout")
    assert str(error) == "hooks.example.com gave no whole answer within 2 s"
    assert len(host.requests) == 1, "it has the message; a duplicate is allowed, a loss is not"


def test_t8_a_host_that_never_begins_tls_ends_with_the_deadline(authority: trustme.CA) -> None:
    with serving(None) as mute:
        error = failing(https_to(mute, authority), deadline=SOON)
    assert (type(error), error.cause) == (RetryLater, "timeout")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nX-Slow: ", id="in-the-head"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\nok", id="in-the-body"),
        pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n" * 300, id="in-answers-before-the-answer"),
    ],
)
def test_t9_a_drip_ends_with_the_one_deadline(host: Host, authority: trustme.CA, data: bytes) -> None:
    host.replies = [drip(data, every=0.002 if b"100" in data or b"4000" in data else 0.05)]
    began = time.monotonic()
    error = failing(https_to(host, authority), deadline=SOON)
    assert time.monotonic() - began < FAR
    assert (type(error), error.cause) == (RetryLater, "timeout")


def test_t9_a_host_that_reads_slowly_ends_with_the_one_deadline(
    authority: trustme.CA, certified: ssl.SSLContext
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)

        def read_slowly() -> None:
            # Who has no more time leaves, in the middle of the handshake too.
            with (
                suppress(OSError),
                listening.accept()[0] as plain,
                certified.wrap_socket(plain, server_side=True) as connection,
            ):
                while connection.recv(65_536):
                    time.sleep(0.02)

        thread = threading.Thread(target=read_slowly, daemon=True)
        thread.start()
        began = time.monotonic()
        error = failing(
            https_to(Host(port=listening.getsockname()[1]), authority), deadline=SOON, body=b"x" * 20_000_000
        )
        assert time.monotonic() - began < FAR
        thread.join(5)
    assert (type(error), error.cause) == (RetryLater, "timeout")


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", id="without-a-length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n", id="of-100-megabytes"),
    ],
)
def test_t10_of_an_endless_body_four_kilobytes_are_read(host: Host, authority: trustme.CA, head: bytes) -> None:
    host.replies = [endless(head, b"y" * 65_536)]
    assert post(https_to(host, authority)).body == "y" * 4096


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(b"X-Long: " + b"z" * 1000 + b"\r\n", id="of-many-lines"),
        pytest.param(b"z" * 1000, id="of-one-line"),
        pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n", id="of-answers-before-the-answer"),
    ],
)
def test_t10_a_head_that_does_not_end_is_cut_off(host: Host, authority: trustme.CA, more: bytes) -> None:
    host.replies = [endless(b"HTTP/1.1 429 Slow\r\nRetry-After: " if more[:1] == b"z" else b"", more)]
    error = failing(https_to(host, authority))
    assert (type(error), error.cause) == (RetryLater, "connection")


def head_of(size: int) -> bytes:
    """A whole head of so many bytes, in few lines and none of them long: it breaks no limit but that of a head."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
    for number in range(20):
        left = size - len(head) - len(b"\r\n")
        line = b"X-%02d: " % number
        head += line + b"z" * (left // (20 - number) - len(line) - len(b"\r\n")) + b"\r\n"
    return head + b"\r\n"


def test_t10_a_head_of_64_kib_is_read(host: Host, authority: trustme.CA) -> None:
    head = head_of(64 * 1024)
    assert len(head) == 64 * 1024
    host.replies = [lambda c: c.sendall(head + b"ok")]
    assert post(https_to(host, authority)).body == "ok"


def test_t10_a_longer_head_is_no_answer_although_it_ends(host: Host, authority: trustme.CA) -> None:
    """Longer by what may have been read of a body, and by one record of TLS."""
    head = head_of(64 * 1024 + 4096 + 16 * 1024 + 1)
    host.replies = [lambda c: c.sendall(head + b"ok")]
    error = failing(https_to(host, authority))
    assert (type(error), error.cause) == (RetryLater, "connection")
    assert str(error) == "hooks.example.com gave no whole answer: its head does not end"


def _server_side(certificate: trustme.LeafCert) -> ssl.SSLContext:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(tls)
    return tls


def _expired(ours: trustme.CA) -> ssl.SSLContext:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    return _server_side(ours.issue_cert(HOOK.host, not_before=yesterday - timedelta(days=9), not_after=yesterday))


def _for_another_host(ours: trustme.CA) -> ssl.SSLContext:
    return _server_side(ours.issue_cert("hooks.example.org"))


def _by_an_authority_nobody_knows(_ours: trustme.CA) -> ssl.SSLContext:
    return _server_side(trustme.CA().issue_cert(HOOK.host))


def _self_signed(_ours: trustme.CA) -> ssl.SSLContext:
    itself = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with trustme.Blob(itself.private_key_pem.bytes() + itself.cert_pem.bytes()).tempfile() as chain:
        tls.load_cert_chain(chain)
    return tls


def _old(ours: trustme.CA) -> ssl.SSLContext:
    tls = _server_side(ours.issue_cert(HOOK.host))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        tls.minimum_version = tls.maximum_version = ssl.TLSVersion.TLSv1
    tls.set_ciphers("ALL:@SECLEVEL=0")
    return tls


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        pytest.param(_expired, "certificate refused (certificate has expired)", id="expired"),
        pytest.param(_for_another_host, "certificate refused (Hostname mismatch", id="another-host"),
        pytest.param(
            _by_an_authority_nobody_knows, "certificate refused (unable to get local issuer", id="self-signed"
        ),
        pytest.param(_old, "no TLS connection: SSLError", id="tls-1.0-only"),
    ],
)
def test_t11_a_host_that_cannot_prove_itself_gets_nothing(authority: trustme.CA, settings: object, reason: str) -> None:
    with serving(settings(authority)) as impostor:  # type: ignore[operator]
        error = failing(https_to(impostor, authority))
        assert impostor.connections == 1
        assert impostor.requests == []
    assert isinstance(error, RetryLater)
    assert error.cause == "tls"
    assert str(error).startswith(f"hooks.example.com: {reason}")


def test_t11_production_verifies_and_speaks_nothing_older_than_tls_1_2() -> None:
    context = trusted()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert Https().tls is trusted


def _unknown(*_: object) -> list[tuple[str, int]]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def _server_failure(*_: object) -> list[tuple[str, int]]:
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


def _no_address(*_: object) -> list[tuple[str, int]]:
    return []


def _slow(*_: object) -> list[tuple[str, int]]:
    time.sleep(4 * SOON)
    return []


@pytest.mark.parametrize(
    ("resolve", "deadline", "reason"),
    [
        pytest.param(_unknown, FAR, "could not be looked up: gaierror", id="nxdomain"),
        pytest.param(_server_failure, FAR, "could not be looked up: gaierror", id="servfail"),
        pytest.param(_no_address, FAR, "could not be looked up", id="no-address"),
        pytest.param(_slow, SOON, "could not be looked up within", id="timeout"),
    ],
)
def test_t12_a_name_that_cannot_be_looked_up_is_for_later(
    host: Host, authority: trustme.CA, resolve: object, deadline: float, reason: str
) -> None:
    error = failing(https_to(host, authority, resolve=resolve), deadline=deadline)
    assert (type(error), error.cause) == (RetryLater, "dns")
    assert reason in str(error)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "http://hooks.example.com/",
        "https://hooks.example.com/elsewhere",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "http://127.0.0.1:9001/2018-06-01/runtime/invocation/next",
    ],
)
def test_t13_a_redirect_is_refused_and_nothing_is_sent_on(
    host: Host, authority: trustme.CA, status: int, target: str
) -> None:
    asked: list[str] = []

    def resolve(name: str, _port: int) -> list[tuple[str, int]]:
        asked.append(name)
        return [("127.0.0.1", host.port)]

    host.replies = [answer(b"", f"{status} Elsewhere", f"Location: {target}\r\n")]
    error = failing(https_to(host, authority, resolve=resolve))
    assert isinstance(error, Refused)
    assert str(error) == f"hooks.example.com answered {status}; redirects are not followed"
    assert (asked, host.connections, len(host.requests)) == (["hooks.example.com"], 1, 1)


def test_t13_a_redirect_to_a_listener_of_ours_is_not_followed(host: Host, authority: trustme.CA) -> None:
    with socket.create_server(("127.0.0.1", 0)) as runtime_api:
        runtime_api.settimeout(0.1)
        location = f"Location: http://127.0.0.1:{runtime_api.getsockname()[1]}/\r\n"
        host.replies = [answer(b"", "307 Temporary Redirect", location)]
        failing(https_to(host, authority))
        with pytest.raises(TimeoutError):
            runtime_api.accept()


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(
            answer(gzip.compress(b"ok" * 50_000_000, 9)[:200_000], headers="Content-Encoding: gzip\r\n"),
            id="gzip-bomb",
        ),
        pytest.param(
            answer(b"\xff\xfe\x00o\x00k", headers="Content-Type: text/plain; charset=utf-16\r\n"), id="charset"
        ),
        pytest.param(answer(b"\x80\x81", headers="Content-Type: text/plain; charset=none-such\r\n"), id="no-charset"),
        pytest.param(answer(b"ok", headers="X: \xff\x00\r\n"), id="strange-header"),
        pytest.param(answer(b"okay, but longer", length=2), id="length-too-short"),
        pytest.param(lambda c: c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: -9\r\n\r\nok"), id="length-negative"),
        pytest.param(lambda c: c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok"), id="length-in-words"),
        pytest.param(
            lambda c: c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\nok"), id="length-huge"
        ),
    ],
)
def test_t15_a_strange_answer_is_read_without_harm(host: Host, authority: trustme.CA, reply: object) -> None:
    host.replies = [reply]  # type: ignore[list-item]
    got = post(https_to(host, authority))
    assert got.status == 200
    assert len(got.body) <= 4096


def test_t15_an_answer_shorter_than_it_says_is_no_answer(host: Host, authority: trustme.CA) -> None:
    host.replies = [answer(b"ok", length=100)]
    error = failing(https_to(host, authority))
    assert (type(error), error.cause) == (RetryLater, "connection")


def test_t16_the_environment_changes_neither_the_way_nor_whom_we_trust(
    host: Host, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, authority: trustme.CA
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ours.pem"))
    (tmp_path / ".netrc").write_text("machine hooks.example.com login user password hunter2", encoding="utf-8")
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "ours.pem"))
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert post(https_to(host, authority)).status == 200
    assert "authorization" not in host.requests[0].headers
    trusted.cache_clear()
    try:
        # Production's own trust: not extended by the variables, so that our server is a stranger.
        error = failing(https_to(host, authority, tls=trusted))
    finally:
        trusted.cache_clear()
    assert error.cause == "tls"
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize(
    "headers", [{"X-A": "b\r\nX-Evil: 1"}, {"X A": "b"}, {"X-A": f"{PLANTED}é"}, {"": "b"}, {"X-A": "b" * 5000}]
)
def test_a_header_that_would_break_the_request_is_refused_without_being_shown(
    host: Host, authority: trustme.CA, headers: dict[str, str]
) -> None:
    with pytest.raises(Refused, match="holds what no header may hold") as raised:
        https_to(host, authority).post(HOOK, body=b"", headers=headers, deadline=5)
    assert PLANTED not in str(raised.value)
    assert host.connections == 0
