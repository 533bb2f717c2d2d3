"""Where to post: a host that may be named, and a path that is often as secret as a password."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_URL_LIMIT = 2000
# The last label begins with a letter, so that no spelling of a number (127.0.0.1, 0x7f.1, 2130706433) is a name.
_NAME = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
_PRINTABLE = re.compile(r"/[!-~]*")


@dataclass(frozen=True, slots=True)
class Address:
    """A host and what to ask it for, always over TLS on port 443.

    `repr` and errors show the host alone: in most webhooks the path is the secret.
    """

    host: str
    path: str = field(repr=False)

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.host):
            raise ValueError("must name a public host, such as hooks.example.com; an IP address is none")
        if not _PRINTABLE.fullmatch(self.path):
            raise ValueError("is not a URL")

    @classmethod
    def parse(cls, url: str, *, hosts: Collection[str] | None = None) -> "Address":
        """Host and path of an `https://` URL, without user, password or port.

        Args:
            url: What somebody stored; blanks around it do not count.
            hosts: The hosts that are allowed, for a service whose hosts are known, and then there must be a path;
                None for any name.

        Raises:
            ValueError: for anything else; the text continues "the value of secret … " and does not hold the URL.
        """
        url = url.strip()
        if not url or len(url) > _URL_LIMIT or not url.isascii() or not url.isprintable() or " " in url:
            raise ValueError("is not a URL")
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise ValueError("is not a URL") from None
        if parts.scheme != "https":
            raise ValueError("must begin with https://")
        allowed = "a public host" if hosts is None else " or ".join(sorted(hosts))
        if "@" in parts.netloc or port not in {None, 443} or not host or (hosts is not None and host not in hosts):
            raise ValueError(f"must be on {allowed}, without user or port")
        if hosts is not None and len(parts.path) < 2:  # noqa: PLR2004
            raise ValueError("has no path; copy the whole webhook URL")
        return cls(host, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
