"""The scripted server under a name of one's own, with production's way to reach it."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import trustme

from notifier.https import Https
from tests.unit.notifier.scripted_host import Host, Reply, Request, answer, https_to, serving

__all__ = ["NamedHost", "named_host", "replying"]


@dataclass(frozen=True, kw_only=True)
class NamedHost:
    """A server, and the poster that reaches it."""

    host: Host
    https: Https

    def will(self, *replies: Reply) -> None:
        """Set what it answers, in order; the last for ever."""
        self.host.replies = list(replies)

    @property
    def requests(self) -> list[Request]:
        """What it got."""
        return self.host.requests


def replying(status: str, body: bytes = b"", headers: str = "") -> Reply:
    """A whole HTTP response, status first."""
    return answer(body, status, headers)


@contextmanager
def named_host(name: str, *replies: Reply) -> Iterator[NamedHost]:
    """Serve as `name` until the end of the block."""
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(tls)
    with serving(tls) as host:
        found = NamedHost(host=host, https=https_to(host, authority))
        found.will(*replies)
        yield found
