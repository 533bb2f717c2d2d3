"""One request and one answer over one connection, all of it within one deadline."""

import http.client
import io
import socket
import ssl
from collections.abc import Callable, Sequence
from email.message import Message
from types import TracebackType
from typing import Self, cast

from notifier.https.public import Place

ANSWER_LIMIT = 4096
_HEAD_LIMIT = 65_536
_WRITTEN = 16_384


class CutShort(Exception):
    """The answer ended too early, or its head does not end."""


class Exchange:
    """A connection to the first of the places that takes it, for one request.

    Python's socket timeouts count anew for each operation, so that a host which sends a byte now and then holds a
    caller for ever; here each operation gets what is left of one deadline.
    """

    def __init__(self, places: Sequence[Place], *, host: str, tls: ssl.SSLContext, left: Callable[[], float]) -> None:
        self._places = places
        self._host = host
        self._tls = tls
        self._left = left

    def __enter__(self) -> Self:
        plain = self._connected()
        try:
            plain.settimeout(self._remaining())
            self._socket = self._tls.wrap_socket(plain, server_hostname=self._host)
        except BaseException:
            plain.close()
            raise
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def post(self, request: bytes) -> tuple[int, Message, bytes]:
        """Send the request; give status, headers and the beginning of the body.

        Raises:
            CutShort: the answer is not whole.
            TimeoutError: the deadline is over.
            OSError, HTTPException: the connection broke, or what came is no HTTP.
        """
        unsent = memoryview(request)
        while unsent:
            self._socket.settimeout(self._remaining())
            unsent = unsent[self._socket.send(unsent[:_WRITTEN]) :]
        received = _Received(self._socket, self._remaining)
        with http.client.HTTPResponse(cast("socket.socket", received), method="POST") as answer:
            answer.begin()
            if received.ended:
                raise CutShort("its head is not whole")
            body = answer.read(ANSWER_LIMIT)
            if len(body) < ANSWER_LIMIT and answer.length:
                raise CutShort(f"{answer.length} bytes are missing")
            return answer.status, answer.headers, body

    def _connected(self) -> socket.socket:
        failed: OSError = OSError("no address")
        for tried, (address, port) in enumerate(self._places):
            share = self._remaining() / (len(self._places) - tried)
            # Not `create_connection`: that looks names up, and nothing may be looked up after the check.
            plain = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
            try:
                plain.settimeout(share)
                plain.connect((address, port))
            except OSError as error:
                plain.close()
                failed = error
            else:
                return plain
        raise failed

    def _remaining(self) -> float:
        left = self._left()
        if left <= 0:
            raise TimeoutError
        return left


class _Received(io.RawIOBase):
    """What a socket receives, until the deadline and up to a limit.

    Attributes:
        ended: Whether the end was read.
    """

    def __init__(self, connection: ssl.SSLSocket, remaining: Callable[[], float]) -> None:
        super().__init__()
        self._connection = connection
        self._remaining = remaining
        self._taken = 0
        self.ended = False

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What the parser of `http.client` takes, the one thing it asks of a socket."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._taken > _HEAD_LIMIT + ANSWER_LIMIT:
            raise CutShort("its head does not end")
        self._connection.settimeout(self._remaining())
        taken = self._connection.recv_into(buffer)
        self._taken += taken
        self.ended = taken == 0
        return taken
