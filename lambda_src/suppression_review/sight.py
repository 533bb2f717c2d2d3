"""A look at every Region, and which of them could not be seen."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from suppression_review.region import Region, Unreadable

logger = logging.getLogger(__name__)

Value = TypeVar("Value")


class RegionsUnseen(Exception):
    """Some Regions could not be read; raised after all that was seen has been told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight(Generic[Value]):
    """What was read, by Region.

    Attributes:
        unseen: Region to the reason. Nothing may be concluded about these: "could not look" is not "nothing there".
    """

    seen: Mapping[str, Value]
    unseen: Mapping[str, str]

    def insist(self) -> None:
        """Fail if a Region could not be seen, so that the function's error alarm says so.

        Raises:
            RegionsUnseen: Names each with its reason.
        """
        if self.unseen:
            raise RegionsUnseen("; ".join(f"{region}: {reason}" for region, reason in self.unseen.items()))


def look(regions: Iterable[Region], read: Callable[[Region], Value]) -> Sight[Value]:
    """Read each Region; one that cannot be read holds up no other."""
    seen: dict[str, Value] = {}
    unseen: dict[str, str] = {}
    for region in regions:
        try:
            seen[region.name] = read(region)
        except (ClientError, BotoCoreError, Unreadable) as error:
            unseen[region.name] = _reason(error)
            logger.error(  # noqa: TRY400  the reason says it; a traceback would only name our own lines
                "a region could not be read", extra={"region": region.name, "reason": unseen[region.name]}
            )
    return Sight(seen=seen, unseen=unseen)


def _reason(error: Exception) -> str:
    if isinstance(error, ClientError):
        code = error.response.get("Error", {}).get("Code", "unknown error")
        return f"{error.operation_name} was refused ({code})"
    return str(error) if isinstance(error, Unreadable) else f"no answer ({type(error).__name__})"
