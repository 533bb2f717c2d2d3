"""What the tests of the notifier share."""

import logging
import ssl
import time
from collections.abc import Iterator

import pytest
import trustme

from tests.log_table import documented
from tests.unit.notifier.scripted_host import Host, serving


@pytest.fixture(autouse=True)
def _region(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Region that Lambda sets for the function."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")


@pytest.fixture
def far_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose own time is nine hours ahead."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(autouse=True)
def _log_as_described() -> Iterator[None]:
    """Whatever a test makes the notifier log has the fields and outcomes of docs/operations.md, and no other."""
    logger, described = logging.getLogger("notifier"), _Described()
    before = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(described)
    yield
    logger.removeHandler(described)
    logger.setLevel(before)
    assert described.unknown == []


class _Described(logging.Handler):
    """Collects what no table describes."""

    _OF_LOGGING = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}

    def __init__(self) -> None:
        super().__init__()
        self.unknown: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.unknown += sorted(set(record.__dict__) - self._OF_LOGGING - documented("Field"))
        outcome = record.__dict__.get("outcome")
        if outcome is not None and outcome not in documented("Outcome in the log"):
            self.unknown.append(f"outcome {outcome}")


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
