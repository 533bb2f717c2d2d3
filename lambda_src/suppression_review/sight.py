"""A look at every Region, and which of them could not be seen."""

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from suppression_review.region import Region, Unreadable

logger = logging.getLogger(__name__)

Value = TypeVar("Value")

AT_ONCE = 8
"""Regions read at the same time. One after the other, 34 Regions with 100 filters each, or two that do not answer, take
longer than a function may run (15 minutes), and then nobody is told anything."""


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


def look(
    regions: Sequence[Region], read: Callable[[Region], Value], *, unseen: Mapping[str, str] = MappingProxyType({})
) -> Sight[Value]:
    """Read each Region; one that cannot be read, or answers late, holds up no other.

    Args:
        regions: Each is read by one thread.
        read: What to read.
        unseen: Regions that an earlier look could not read, with the reason: nobody waits twice for one of them.
    """
    still_unseen = dict(unseen)
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        answers = {region.name: pool.submit(read, region) for region in regions if region.name not in unseen}
    seen: dict[str, Value] = {}
    for name, answer in answers.items():
        try:
            seen[name] = answer.result()
        except (ClientError, BotoCoreError, Unreadable) as error:
            still_unseen[name] = _reason(error)
            logger.error(  # noqa: TRY400  the reason says it; a traceback would only name our own lines
                "a region could not be read", extra={"region": name, "reason": still_unseen[name]}
            )
    return Sight(seen=seen, unseen=still_unseen)


def _reason(error: Exception) -> str:
    if isinstance(error, ClientError):
        code = error.response.get("Error", {}).get("Code", "unknown error")
        return f"{error.operation_name} was refused ({code})"
    return str(error) if isinstance(error, Unreadable) else f"no answer ({type(error).__name__})"
