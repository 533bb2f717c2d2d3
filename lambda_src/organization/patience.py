"""How long this invocation may still try: every repetition and every wait is bounded by it."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from organization.refused import TooLate

ATTEMPTS = 10
"""Most attempts at one call. With the pauses between them that is about two minutes."""

LONGEST_PAUSE = 20.0
"""Longest pause between two attempts, in seconds."""

BETWEEN_LOOKS = 5.0
"""Seconds between two looks at a condition."""

Value = TypeVar("Value")


class Patience:
    """The time of one invocation.

    Args:
        seconds: What there is of it.
        clock: Seconds, from any beginning.
        sleep: Waits for so many seconds.
        chance: A number from 0 to 1.
    """

    def __init__(
        self,
        seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._end = clock() + seconds
        self.seconds = seconds

    @property
    def over(self) -> bool:
        """Whether there is no time for another look."""
        return self._clock() + BETWEEN_LOOKS >= self._end

    def pause(self, attempt: int) -> bool:
        """Wait before another attempt; False, at once, if there have been enough or no time is left.

        Twice as long each time, and never two callers for equally long: what was refused together would return
        together.

        Args:
            attempt: How many there have been, from 1.
        """
        longest = min(2.0 ** (attempt - 1), LONGEST_PAUSE)
        wait = longest * (0.5 + self._chance() / 2)
        if attempt >= ATTEMPTS or self._clock() + wait >= self._end:
            return False
        self._sleep(wait)
        return True

    def until(self, look: Callable[[], Value | None], *, says: Callable[[], str]) -> Value:
        """Look until there is something to see, and return it.

        Args:
            look: Returns None, or something false, while it is too early.
            says: What there still is to wait for, once time is up.

        Raises:
            TooLate: Time is up.
        """
        seen = self._looked(look, self._end)
        if not seen:
            raise TooLate(
                f"{says()}; waited for as long as one invocation lasts ({self.seconds:.0f} s), so deploy again:"
                " what is done is not done twice"
            )
        return seen

    def within(self, seconds: float, look: Callable[[], Value | None]) -> Value | None:
        """Look until there is something to see, for so many seconds at most; return what was seen last."""
        return self._looked(look, min(self._end, self._clock() + seconds))

    def _looked(self, look: Callable[[], Value | None], end: float) -> Value | None:
        while not (seen := look()):
            if self._clock() + BETWEEN_LOOKS >= end:
                return seen
            self._sleep(BETWEEN_LOOKS)
        return seen
