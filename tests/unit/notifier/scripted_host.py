"""A TLS server on loopback that answers as a script says: well, badly, slowly, or not at all."""

import socket
import socketserver
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO, TypeAlias

import trustme

from notifier.https import Https

Reply: TypeAlias = Callable[[ssl.SSLSocket], None]
"""What the server does once it has read a request."""


def answer(body: bytes = b"ok", status: str = "200 OK", headers: str = "", *, length: int | None = None) -> Reply:
    """A whole HTTP response; `length` is what it says of itself."""
    said = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Length: {said}\r\n{headers}\r\n"
    return lambda connection: connection.sendall(head.encode("latin-1") + body)


def drip(data: bytes, *, every: float = 0.05) -> Reply:
    """One byte, a pause, the next byte; the last one for ever."""

    def reply(connection: ssl.SSLSocket) -> None:
        for number in range(10_000):
            connection.sendall(data[number : number + 1] or data[-1:])
            time.sleep(every)

    return reply


def endless(head: bytes, more: bytes) -> Reply:
    """A beginning, and then the same for as long as the other side takes it."""

    def reply(connection: ssl.SSLSocket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(more)

    return reply


def reset(data: bytes = b"") -> Reply:
    """Some bytes, then a TCP reset."""

    def reply(connection: ssl.SSLSocket) -> None:
        connection.sendall(data)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    return reply


def half_close(connection: ssl.SSLSocket) -> None:
    """No answer: our half of the connection ends, the other stays open."""
    connection.shutdown(socket.SHUT_WR)
    time.sleep(0.05)


def silent(connection: ssl.SSLSocket) -> None:
    """The request has been received; nothing comes back."""
    connection.settimeout(5)
    connection.recv(1)  # until the client gives up


@dataclass(frozen=True, kw_only=True)
class Request:
    """What arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Host:
    """What the server answers, in order (the last for ever), and what it got."""

    port: int = 0
    replies: list[Reply] = field(default_factory=lambda: [answer()])
    requests: list[Request] = field(default_factory=list)
    connections: int = 0


def https_to(host: Host, authority: trustme.CA, **changes: object) -> Https:
    """Production's way to post, except that every name leads to the host and that our authority is trusted."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls.minimum_version = ssl.TLSVersion.TLSv1_2
    authority.configure_trust(tls)
    settings: dict[str, object] = {
        "resolve": lambda _host, _port: [("127.0.0.1", host.port)],
        "permitted": lambda _address: True,
        "tls": lambda: tls,
    }
    return Https(**(settings | changes))  # type: ignore[arg-type]


@contextmanager
def serving(tls: ssl.SSLContext | None) -> Iterator[Host]:
    """A server with these TLS settings; None for one that listens and never speaks."""
    host = Host()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            host.connections += 1
            try:
                if tls is None:
                    self.request.settimeout(5)
                    self.request.recv(1 << 20)
                    self.request.recv(1)
                    return
                with tls.wrap_socket(self.request, server_side=True) as connection, connection.makefile("rb") as lines:
                    host.requests.append(_request(lines))
                    (host.replies.pop(0) if len(host.replies) > 1 else host.replies[0])(connection)
            except OSError:
                return  # the client refused us or hung up: what most tests are about

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Handler) as server:
        host.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield host
        server.shutdown()
        thread.join()


def _request(lines: BinaryIO) -> Request:
    method, path, _ = lines.readline().decode().split()
    headers: dict[str, str] = {}
    while (line := lines.readline().strip()) != b"":
        name, _, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    return Request(method=method, path=path, headers=headers, body=lines.read(int(headers.get("content-length", "0"))))
