"""How a delivery can fail: not tried, for now, or for good."""


class NotNow(Exception):
    """It was not tried: there is no time left, or the destination has asked to be left alone.

    Attributes:
        after: Seconds to wait at least.
        failed: Whether something that it needs does not answer; otherwise it only waits for its turn.
    """

    def __init__(self, reason: str, *, after: float, failed: bool = False) -> None:
        super().__init__(reason)
        self.after = after
        self.failed = failed


class DeliveryFailed(Exception):
    """The destination did not accept the message; raised as one of the two kinds below.

    The text says why, and never holds a webhook address or another secret: it goes into the log and into dead
    letters.

    Attributes:
        cause: One word for metrics, such as `dns`, `tls`, `timeout`, `connection`, `rate-limited`, `status-503`,
            `secret`; empty if none fits.
    """

    def __init__(self, reason: str, *, cause: str = "") -> None:
        super().__init__(reason)
        self.cause = cause


class RetryLater(DeliveryFailed):
    """It may work later: the message stays in the queue.

    Attributes:
        after: Seconds that the destination asked to be left alone; None if it did not say.
    """

    def __init__(self, reason: str, *, after: float | None = None, cause: str = "") -> None:
        super().__init__(reason, cause=cause)
        self.after = after


class Refused(DeliveryFailed):
    """It will never work like this: the message goes to the dead-letter queue, and a person is told."""
