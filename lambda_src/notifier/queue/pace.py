"""When the next message may be sent to a destination."""

import time
from collections.abc import Callable

LONGEST_WAIT = 15.0
"""Seconds of a function's time that are spent on waiting for one message, at most."""


class Pace:
    """Keeps the distance between two messages, and the time that a destination asked to be left alone.

    The latter for one invocation only: one message of the next tries again, as nothing is known about how long ago
    that was for a function that was frozen meanwhile.
    """

    def __init__(
        self,
        seconds_between: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._between = seconds_between
        self._clock = clock
        self._sleep = sleep
        self._next = clock()
        self._held_until = self._next

    def begin(self) -> None:
        """A new invocation begins."""
        self._held_until = self._clock()

    def hold(self, seconds: float) -> None:
        """The destination asked to be left alone for so long."""
        self._held_until = self._clock() + seconds

    def left(self) -> float:
        """Seconds until a message may be sent."""
        return max(self._next, self._held_until) - self._clock()

    def waited(self, *, spare: float) -> bool:
        """Wait for the right moment to send, and take it; False, at once, if that takes more than `spare` seconds."""
        left = max(self.left(), 0.0)
        if left > min(spare, LONGEST_WAIT):
            return False
        if left:
            self._sleep(left)
        self._next = self._clock() + self._between
        return True
