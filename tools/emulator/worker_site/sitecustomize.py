"""Loaded by every Lambda worker of the emulator: what functions post to is our sink, the internet is out of reach.

A function sees a host with a public address and a certificate that its system trusts, so that it needs no way around
its own checks: the name resolves to an address of the internet, and a connection to that address ends at the sink.
Its log is one JSON object for each line, from INFO on, as Lambda writes it for a function with that format.
"""

import json
import logging
import os
import socket
import ssl
from ipaddress import ip_address
from typing import Any

_SINK = os.environ.get("SINK", "")
_HOSTS = set(os.environ.get("SINK_HOSTS", "").split(",")) - {""}
_AUTHORITY = os.environ.get("SINK_AUTHORITY", "")

# The relay anycast of 6to4, withdrawn by RFC 7526: public in form, and nobody's.
_ADDRESS = "192.88.99.1"
_getaddrinfo = socket.getaddrinfo
_connect = socket.socket.connect
_verify_paths = ssl.get_default_verify_paths


def _is_loopback(host: object) -> bool:
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        return ip_address(host.decode() if isinstance(host, bytes) else str(host)).is_loopback
    except ValueError:
        return False


def _within_the_emulator(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
    """Resolve as usual, except that nothing outside this machine has an address."""
    if host in _HOSTS and _SINK:
        return _getaddrinfo(_ADDRESS, port, *args, **kwargs)
    if not _is_loopback(host):
        raise socket.gaierror(
            socket.EAI_NONAME, f"{host} is outside the emulator; a function reaches AWS and the stand-ins only"
        )
    return _getaddrinfo(host, port, *args, **kwargs)


def _to_the_sink(self: socket.socket, address: Any) -> None:  # noqa: ANN401
    """Connect as usual, except that one address is the sink, and that no other leads out of this machine."""
    if isinstance(address, tuple) and address[0] == _ADDRESS and _SINK:
        sink_host, _, sink_port = _SINK.rpartition(":")
        address = (sink_host, int(sink_port))
    elif isinstance(address, tuple) and not _is_loopback(address[0]):
        raise OSError(f"{address[0]} is outside the emulator; a function reaches AWS and the stand-ins only")
    _connect(self, address)


def _trusted() -> ssl.DefaultVerifyPaths:
    """The system's certificate authorities: that of the sink alone."""
    return _verify_paths()._replace(openssl_cafile=_AUTHORITY, openssl_capath="/nonexistent")


class _JsonLines(logging.Formatter):
    """A record with the fields that its caller added (Lambda developer guide, logging for Python)."""

    _own = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}

    def format(self, record: logging.LogRecord) -> str:
        fields = {name: value for name, value in vars(record).items() if name not in self._own}
        return json.dumps(
            {"level": record.levelname, "message": record.getMessage(), "logger": record.name, **fields}, default=str
        )


def _log_as_lambda_does() -> None:
    # Before the function is imported: it finds the handler on the root logger, as on Lambda.
    handler = logging.StreamHandler()
    handler.setFormatter(_JsonLines())
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)


_log_as_lambda_does()
socket.getaddrinfo = _within_the_emulator
socket.socket.connect = _to_the_sink  # type: ignore[method-assign,assignment]
if _AUTHORITY:
    ssl.get_default_verify_paths = _trusted
