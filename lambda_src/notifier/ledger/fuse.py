"""A table that is left alone once it has failed, so that it cannot cost the messages of a batch their time."""

import time
from collections.abc import Callable
from math import inf

from notifier.ledger.table import SECONDS, Entry, Table, TableFailed

_SLOW = 2.0


class Fuse:
    """Passes calls on to a table, until one fails or is slow; then to nobody until the next invocation begins.

    Nor to anybody when so little time is left that Lambda could end the function during the call: everything that the
    batch has delivered would be sent again.
    """

    def __init__(self, table: Table, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._table = table
        self._clock = clock
        self._blown = False
        self._seconds_left: Callable[[], float] = lambda: inf

    def begin(self, seconds_left: Callable[[], float]) -> None:
        """A new invocation begins."""
        self._blown = False
        self._seconds_left = seconds_left

    def read(self, key: str) -> Entry:
        """See `Table`."""
        return self._called(lambda: self._table.read(key))

    def write(self, key: str, text: str, *, after: Entry, expires: float) -> Entry:
        """See `Table`."""
        return self._called(lambda: self._table.write(key, text, after=after, expires=expires))

    def _called(self, call: Callable[[], Entry]) -> Entry:
        if self._blown:
            raise TableFailed("LeftAlone")
        if self._seconds_left() <= SECONDS + 1:
            raise TableFailed("NoTimeLeft")
        began = self._clock()
        try:
            return call()
        except TableFailed:
            self._blown = True
            raise
        finally:
            self._blown = self._blown or self._clock() - began > _SLOW
