"""Loaded by every Lambda worker of the emulator: hooks.slack.com is our sink, the internet is out of reach."""

import os
import socket
from ipaddress import ip_address
from typing import Any

_SLACK_HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")
_SINK = os.environ.get("SLACK_SINK", "")
_getaddrinfo = socket.getaddrinfo


def _is_loopback(host: object) -> bool:
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        return ip_address(host.decode() if isinstance(host, bytes) else str(host)).is_loopback
    except ValueError:
        return False


def _within_the_emulator(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
    """Resolve as usual, except that nothing outside this machine has an address."""
    if host in _SLACK_HOSTS and _SINK:
        sink_host, _, sink_port = _SINK.rpartition(":")
        return _getaddrinfo(sink_host, int(sink_port), *args, **kwargs)
    if not _is_loopback(host):
        raise socket.gaierror(
            socket.EAI_NONAME, f"{host} is outside the emulator; a function reaches AWS and Slack only"
        )
    return _getaddrinfo(host, port, *args, **kwargs)


socket.getaddrinfo = _within_the_emulator
