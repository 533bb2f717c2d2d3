"""What every destination has in common: one method, and one way to fail."""

import logging
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self, TypeVar

from notifier.brief import Brief
from notifier.faults import where

logger = logging.getLogger(__name__)

Message = TypeVar("Message")


class DeliveryFailed(Exception):
    """The destination did not accept the message; the queue will bring it again.

    The text says why, and never holds a webhook address or another secret: it goes into the log.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One environment variable that a kind of destination needs.

    Attributes:
        name: The variable.
        pattern: What its whole value must match.
        allowed: The same in words, for the error.
    """

    name: str
    pattern: re.Pattern[str]
    allowed: str


class Sender(ABC):
    """The run half of a kind of destination."""

    kind: ClassVar[str]
    variables: ClassVar[tuple[Variable, ...]]

    @classmethod
    @abstractmethod
    def configured(cls, values: Mapping[str, str]) -> Self:
        """The sender for checked values, one for each of `variables` by its name."""

    @abstractmethod
    def send(self, brief: Brief) -> None:
        """Deliver, or raise DeliveryFailed."""


def rendered(brief: Brief, *, full: Callable[[Brief], Message], plain: Callable[[Brief], Message]) -> Message:
    """The full message, or the plain one if making the full one fails for whatever reason."""
    try:
        return full(brief)
    except Exception as error:  # noqa: BLE001  a mistake of ours must not cost the message
        logger.error(  # noqa: TRY400  the message of the exception may hold text of the finding
            "the full message could not be made; sending the plain one",
            extra={"outcome": "degraded", "finding_id": brief.finding_id, "fault": where(error)},
        )
        return plain(brief)
