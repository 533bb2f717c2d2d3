"""A loopback TLS server under the names of every service that functions post to."""

import ssl
import threading
import time
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

import trustme

from tools.emulator.stand_in import Answer, Request, StandIn


class Sink:
    """The one server behind all stand-ins, TLS and all; the name that a client asks for decides who answers.

    Attributes:
        hosts: All their names.
    """

    def __init__(self, stand_ins: Iterable[StandIn]) -> None:
        self._by_host = {host: stand_in for stand_in in stand_ins for host in stand_in.hosts}
        self.hosts = tuple(self._by_host)
        self._authority = trustme.CA()
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(*self.hosts).configure_cert(context)
        self._server = _Server(("127.0.0.1", 0), _handler(self._take))
        # The handshake belongs to the thread of the connection, or one silent client would hold up all others.
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="sink", daemon=True
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
            raise RuntimeError("the sink is not running; use it in a with statement")
        return f"127.0.0.1:{self._server.server_address[1]}"

    def write_authority(self, path: Path) -> None:
        """Write the certificate (PEM) that a client must trust."""
        self._authority.cert_pem.write_to_path(str(path))

    def _take(self, request: Request) -> Answer:
        stand_in = self._by_host.get(request.headers.get("host", ""))
        if stand_in is None:
            return Answer(status=421, reason="the name in the request is none of ours")
        answer = stand_in.take(request)
        time.sleep(answer.delay)
        return answer


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet about a client that hung up or does not trust us: that is its own to report."""


def _handler(take: Callable[[Request], Answer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 30

        def do_POST(self) -> None:
            self._reply()

        def do_GET(self) -> None:
            self._reply()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing on the terminal; `requests()` has it all."""

        def _reply(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", "0")))
            answer = take(Request(method=self.command, path=self.path, headers=headers, body=body))
            if not answer.status:
                return
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json" if answer.body.startswith("{") else "text/html")
            self.send_header("Content-Length", str(len(answer.body.encode())))
            self.end_headers()
            self.wfile.write(answer.body.encode())

    return Handler
