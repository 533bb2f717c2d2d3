"""What the tests of the notifier share."""

import ssl
from collections.abc import Iterator

import pytest
import trustme

from tests.unit.notifier.scripted_host import Host, serving


@pytest.fixture(autouse=True)
def _region(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Region that Lambda sets for the function."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """A certificate authority of our own."""
    return trustme.CA()


@pytest.fixture(scope="session")
def certified(authority: trustme.CA) -> ssl.SSLContext:
    """The TLS settings of a server that is Slack, or hooks.example.com, to whoever trusts our authority."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("hooks.slack.com", "hooks.example.com").configure_cert(tls)
    return tls


@pytest.fixture
def host(certified: ssl.SSLContext) -> Iterator[Host]:
    """A server whose answers a test scripts."""
    with serving(certified) as running:
        yield running
