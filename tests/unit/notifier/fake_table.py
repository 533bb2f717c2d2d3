"""The ledger's table in memory, with the rules of its conditional writes, and with faults on demand."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from notifier.ledger.table import EMPTY, Changed, Entry, TableFailed

ITEM_LIMIT = 400 * 1024


@dataclass
class FakeTable:
    """Texts by key.

    Attributes:
        items: What lies there.
        expires: When each may be forgotten.
        calls: What was called, and with which key.
        fails: Asked before each call, with its name and key; what it returns is the fault, None for none.
        before_write: Called before each write: what somebody else does meanwhile.
        loses: Asked after each write, with its key: whether the answer is lost, although it is written.
    """

    items: dict[str, Entry] = field(default_factory=dict)
    expires: dict[str, float] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    fails: Callable[[str, str], str | None] = lambda _call, _key: None
    before_write: Callable[[str], None] = lambda _key: None
    loses: Callable[[str], bool] = lambda _key: False
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def read(self, key: str) -> Entry:
        """See `Table`."""
        self._called("read", key)
        return self.items.get(key, EMPTY)

    def write(self, key: str, text: str, *, after: Entry, expires: float) -> Entry:
        """See `Table`."""
        self._called("write", key)
        self.before_write(key)
        assert text
        assert len(text.encode()) < ITEM_LIMIT / 10, "an item has to stay small"
        assert len(key.encode()) <= 2048, "DynamoDB takes no longer key"
        with self._lock:
            if self.items.get(key, EMPTY).version != after.version:
                raise Changed
            self.items[key] = Entry(text, after.version + 1)
            self.expires[key] = expires
            written = self.items[key]
        if self.loses(key):
            raise TableFailed("ReadTimeoutError")
        return written

    def _called(self, call: str, key: str) -> None:
        self.calls.append((call, key))
        if fault := self.fails(call, key):
            raise TableFailed(fault)
