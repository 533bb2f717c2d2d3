"""How long a message waits that could not be delivered for now."""

import random
from collections.abc import Callable

FIRST_SECONDS = 60.0
SECOND_SECONDS = (600.0, 840.0)
PUT_OFF_SECONDS = (60.0, 180.0)
LONGEST_SECONDS = 1200.0


def backoff(
    receives: int,
    *,
    after: float | None = None,
    put_off: bool = False,
    chance: Callable[[], float] = random.random,
) -> float:
    """Seconds until the next attempt; at least `after`, if the destination asked for that.

    Soon once, for what is over in a moment; then spread over up to 20 minutes (full jitter), so that what failed
    together does not come back together. With the queue's 60 attempts that is about ten hours.

    The second wait is never a short one: SQS leaves a message out of the age of the oldest message once it was
    received three times (SQS developer guide, available CloudWatch metrics), and the alarm on that age has to see it
    before. What did not fail, and had to wait for its turn, hides nothing from that alarm and waits for a minute or
    three; less would use up the queue's attempts in a flood of an hour.

    Args:
        receives: How often the message was received.
        after: What the destination asked for, or when there is room again.
        put_off: Whether it was not its turn; otherwise it failed.
        chance: A number from 0 to 1.
    """
    second = PUT_OFF_SECONDS if put_off else SECOND_SECONDS
    shortest, longest = {1: (0.0, FIRST_SECONDS), 2: second}.get(max(receives, 1), (0.0, LONGEST_SECONDS))
    return max(shortest + (longest - shortest) * chance(), after or 0.0)
