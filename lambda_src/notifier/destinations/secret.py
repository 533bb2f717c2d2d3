"""A destination's secret, such as a webhook address or a key: kept for a few minutes, never shown."""

import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from notifier.aws_client import aws_client
from notifier.faults import code_of
from notifier.https import Answer
from notifier.outcomes import RetryLater

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

logger = logging.getLogger(__name__)

Value = TypeVar("Value")

KEPT_SECONDS = 300.0
_CONNECT, _READ, _ATTEMPTS = 2.0, 3.0, 2
_CONFIG = Config(
    connect_timeout=_CONNECT, read_timeout=_READ, retries={"total_max_attempts": _ATTEMPTS, "mode": "standard"}
)
SECONDS = _ATTEMPTS * (_CONNECT + _READ) + 1
"""Longest that one reading takes, the pause between two attempts included."""

UNKNOWN = frozenset({401, 403, 404})
"""What a destination answers when it does not know the address or the key (any more)."""


@dataclass(frozen=True, slots=True)
class Held(Generic[Value]):
    """A secret's value, and whether it was read just now."""

    value: Value = field(repr=False)
    fresh: bool


class Secret(Generic[Value]):
    """Reads a secret by its name, always its current version, and keeps it for five minutes.

    When Secrets Manager fails, or holds nonsense since the last reading, a value that is known already stays in use:
    a notice by the old one is better than none.
    """

    def __init__(
        self, name: str, *, parse: Callable[[str], Value], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Name the secret.

        Args:
            name: Name or ARN in Secrets Manager; errors show it.
            parse: Makes the value from the stored text, without blanks around it. Raises ValueError, whose text
                continues "the value of secret … " and does not hold the text.
            clock: Seconds that only grow.
        """
        self._name = name
        self._parse = parse
        self._clock = clock
        self._kept: tuple[float, Value] | None = None

    def held(self) -> Held[Value]:
        """The value, from memory if it was read within the last five minutes.

        Raises:
            RetryLater: it cannot be read and is not known, or is not acceptable.
        """
        if self._kept and self._clock() - self._kept[0] < KEPT_SECONDS:
            return Held(self._kept[1], fresh=False)
        try:
            return Held(self.current(), fresh=True)
        except RetryLater as error:
            if self._kept is None:
                raise
            logger.warning("using the value read before", extra={"reason": str(error)})
            return Held(self._kept[1], fresh=False)

    def current(self) -> Value:
        """The value as it is in Secrets Manager now.

        Raises:
            RetryLater: it cannot be read, or is not acceptable.
        """
        try:
            stored = self._client.get_secret_value(SecretId=self._name).get("SecretString", "")
        except (ClientError, BotoCoreError) as error:
            raise RetryLater(f"secret {self._name} could not be read: {code_of(error)}", cause="secret") from None
        try:
            value = self._parse(stored.strip())
        except ValueError as error:
            raise RetryLater(f"the value of secret {self._name} {error}", cause="secret") from None
        self._kept = (self._clock(), value)
        return value

    @cached_property
    def _client(self) -> "SecretsManagerClient":
        return aws_client("secretsmanager", config=_CONFIG)


def post_with(
    secret: Secret[Value], post: Callable[[Value], Answer], *, unknown: Collection[int] = UNKNOWN
) -> tuple[Answer, Value]:
    """Post with what the secret holds; once more with what it holds now, if the destination does not know that.

    Takes at most one reading and two posts.

    Args:
        secret: What is needed to post.
        post: Posts with a value of the secret.
        unknown: The statuses that may mean that the value has been replaced.

    Returns:
        The last answer, and the value it was given to.

    Raises:
        RetryLater: the secret cannot be read, or as `post` does.
        Refused: as `post` does.
    """
    held = secret.held()
    answer = post(held.value)
    if answer.status not in unknown or held.fresh:
        return answer, held.value
    # Changed since we read it? Without knowing that, the answer is not final.
    current = secret.current()
    return (answer, current) if current == held.value else (post(current), current)
