"""A secret without Secrets Manager: what is stored now, and how often it was read."""

from collections.abc import Callable
from typing import TypeVar

from notifier.destinations.secret import Secret

Value = TypeVar("Value")


class KnownSecret(Secret[Value]):
    """Holds one stored text after the other; the first has been read long ago unless it is fresh."""

    def __init__(self, *stored: str, parse: Callable[[str], Value]) -> None:
        super().__init__("detection/secret", parse=parse)
        self._stored = list(stored)
        self._parsed = parse
        self._kept = (self._clock(), parse(stored[0]))
        self.readings = 0

    def current(self) -> Value:
        """The next stored text, the last for ever."""
        self.readings += 1
        if len(self._stored) > 1:
            self._stored.pop(0)
        value = self._parsed(self._stored[0])
        self._kept = (self._clock(), value)
        return value
