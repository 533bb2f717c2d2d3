"""A loopback TLS server that stands in for hooks.slack.com and keeps what it was told."""

import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

import trustme

from tools.emulator.slack_rules import RefusedPayloadError, checked_payload

HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")
WEBHOOK_PATH = "/services/T00000000/B00000000/made-up-for-the-emulator"
_OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the sink says to one request.

    Attributes:
        delay: Seconds to wait before answering.
        reason: For people reading a test's failure; Slack does not send it.
    """

    status: int
    body: str
    delay: float = 0.0
    headers: tuple[tuple[str, str], ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A request and what was answered.

    Attributes:
        payload: The message, or None if Slack would have refused it.
    """

    path: str
    body: bytes
    payload: dict[str, object] | None
    answer: Answer


def judged(method: str, path: str, body: bytes) -> tuple[dict[str, object] | None, Answer]:
    """What Slack would make of a request: the payload, if it is one, and the answer."""
    if path != WEBHOOK_PATH:
        return None, Answer(status=404, body="no_service", reason=f"no webhook has the path {path}")
    if method != "POST":
        return None, Answer(status=405, body="method_not_allowed", reason=f"a webhook takes POST, got {method}")
    try:
        return checked_payload(body), Answer(status=_OK, body="ok")
    except RefusedPayloadError as refusal:
        return None, Answer(status=400, body=refusal.code, reason=str(refusal))


class SlackSink:
    """Slack's incoming webhook on loopback, TLS and all.

    Attributes:
        webhook_url: What belongs into the secret; only a client told where the host is will get here.
    """

    webhook_url = f"https://{HOSTS[0]}{WEBHOOK_PATH}"

    def __init__(self) -> None:
        self._received: list[Received] = []
        self._scripted: Answer | None = None
        self._scripted_for = b""
        self._lock = threading.Lock()
        self._authority = trustme.CA()
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(*HOSTS).configure_cert(context)
        self._server = _Server(("127.0.0.1", 0), _handler(self._take))
        # The handshake belongs to the thread of the connection, or one silent client would hold up all others.
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="slack-sink", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
            self._server = self._thread = None

    @property
    def address(self) -> str:
        """Where it listens, as host:port."""
        if self._server is None:
            raise RuntimeError("the Slack sink is not running; use it in a with statement")
        return f"127.0.0.1:{self._server.server_address[1]}"

    def write_authority(self, path: Path) -> None:
        """Write the certificate (PEM) that a client must trust."""
        self._authority.cert_pem.write_to_path(str(path))

    def messages(self) -> tuple[dict[str, object], ...]:
        """The payloads that were accepted, oldest first."""
        with self._lock:
            return tuple(r.payload for r in self._received if r.answer.status == _OK and r.payload is not None)

    def requests(self) -> tuple[Received, ...]:
        """Everything that came, oldest first, refused or not."""
        with self._lock:
            return tuple(self._received)

    def answer_with(
        self,
        *,
        status: int,
        body: str = "",
        delay: float = 0.0,
        headers: tuple[tuple[str, str], ...] = (),
        containing: str = "",
    ) -> None:
        """Say this from now on to every request whose body contains the given text; others are judged as ever."""
        with self._lock:
            self._scripted = Answer(status=status, body=body, delay=delay, headers=headers, reason="as scripted")
            self._scripted_for = containing.encode()

    def answer_normally(self) -> None:
        """Judge requests as Slack does again."""
        with self._lock:
            self._scripted = None

    def forget(self) -> None:
        """Drop what was received so far."""
        with self._lock:
            self._received.clear()

    def _take(self, method: str, path: str, body: bytes) -> Answer:
        payload, answer = judged(method, path, body)
        with self._lock:
            if self._scripted is not None and self._scripted_for in body:
                answer = self._scripted
            self._received.append(Received(path=path, body=body, payload=payload, answer=answer))
        time.sleep(answer.delay)
        return answer


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet about a client that hung up or does not trust us: that is its own to report."""


def _handler(take: Callable[[str, str, bytes], Answer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 30

        def do_POST(self) -> None:
            self._reply()

        def do_GET(self) -> None:
            self._reply()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing on the terminal; `requests()` has it all."""

        def _reply(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            answer = take(self.command, self.path, self.rfile.read(length))
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(answer.body.encode())))
            self.end_headers()
            self.wfile.write(answer.body.encode())

    return Handler
