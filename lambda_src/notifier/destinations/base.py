"""What every destination has in common: one method, and two ways to fail."""

import logging
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import ClassVar, NamedTuple, Self, TypeVar

from notifier.brief import Brief, pointer_brief
from notifier.faults import where
from notifier.outcomes import DeliveryFailed, Refused, RetryLater

__all__ = ["DeliveryFailed", "Refused", "RetryLater", "Sender", "Variable", "names_a_secret", "rendered"]

logger = logging.getLogger(__name__)

Message = TypeVar("Message")


class Variable(NamedTuple):
    """One environment variable that a kind of destination needs.

    Attributes:
        name: The variable.
        pattern: What its whole value must match.
        allowed: The same in words, for the error.
    """

    name: str
    pattern: re.Pattern[str]
    allowed: str


def names_a_secret(variable: str) -> Variable:
    """A variable that holds the name of a secret (Secrets Manager API reference, CreateSecret)."""
    return Variable(
        name=variable,
        pattern=re.compile(r"[A-Za-z0-9/_+=.@-]{1,512}"),
        allowed="the name of a Secrets Manager secret, such as detection/webhook",
    )


class Sender(ABC):
    """The run half of a kind of destination.

    Attributes:
        kind: Its name in the configuration.
        variables: The environment variables that it needs, on top of the common ones.
        seconds: Longest that one `send` can take, every call in it included; a contract test adds them up.
        seconds_between: How long to wait between two messages; two functions may send at once.
    """

    kind: ClassVar[str]
    variables: ClassVar[tuple[Variable, ...]]
    seconds: ClassVar[float]
    seconds_between: ClassVar[float] = 0.0

    @classmethod
    @abstractmethod
    def configured(cls, values: Mapping[str, str]) -> Self:
        """The sender for checked values, one for each of `variables` by its name."""

    def takes(self, brief: Brief) -> bool:
        """Whether the destination is for messages like this one at all; one that it is not for counts as done."""
        return True

    @abstractmethod
    def send(self, brief: Brief) -> None:
        """Deliver; returning means that the destination has accepted it.

        Raises:
            RetryLater: it may accept it later.
            Refused: it never will.
        """


def rendered(brief: Brief, *, full: Callable[[Brief], Message], plain: Callable[[Brief], Message]) -> Message:
    """The full message; if making it fails for whatever reason the plain one, and then one that says where to look."""
    try:
        return full(brief)
    except Exception as error:  # noqa: BLE001  a mistake of ours must not cost the message
        _degraded(brief, error, "the full message could not be made; sending the plain one")
    try:
        return plain(brief)
    except Exception as error:  # noqa: BLE001  nor must a second one
        _degraded(brief, error, "the plain message could not be made; sending a pointer")
    return plain(pointer_brief(brief))


def _degraded(brief: Brief, error: Exception, said: str) -> None:
    # Without the message of the exception: it may hold text of the finding.
    extra = {"outcome": "degraded", "finding_id": brief.finding_id, "fault": where(error)}
    logger.error(said, extra=extra)
