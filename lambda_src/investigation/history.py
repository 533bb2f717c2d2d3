"""CloudTrail's event history of one Region, by access key: paged, paced, patient, and within a budget."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from investigation.aws import Service
from investigation.documents import Read
from investigation.refused import Refusal, Throttled
from investigation.wire import Block, blocks

PAGE = 50
"""Events of one page (botocore cloudtrail 1.44.5, LookupEvents)."""

MOST_PAGES = 40
"""Pages of one Region: 2,000 calls. Nobody reads more of them, and whoever makes more is told by the count."""

SECONDS_BETWEEN = 0.55
"""Two calls a second are allowed for an account and Region, whoever makes them (botocore cloudtrail 1.44.5)."""

MOST_SILENCES = 4
"""Calls without any answer, one after the other, after which a Region is given up."""

_FIRST_WAIT, _LONGEST_WAIT = 2.0, 20.0
"""Seconds; each is the most of its turn (`jitter`)."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """What one Region's history held; events newest first.

    Attributes:
        read: How much of it was read.
        reason: Why not all.
    """

    read: Read
    reason: str
    events: list[Block]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads Region after Region, with one clock for its pace and its budget.

    Attributes:
        deadline: When to stop, by `clock`; what was not read by then is said.
    """

    deadline: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = field(default=random.random)

    def read(self, client: Service, *, access_key: str, since: datetime, until: datetime) -> Lookup:
        """Every event of the key in a Region, as far as pages and time go; never raises for what AWS says."""
        events: list[Block] = []
        token: dict[str, object] = {}
        throttled = silences = pages = 0
        while pages < MOST_PAGES:
            if self.clock() >= self.deadline:
                return _cut(events, "no time was left")
            try:
                page = client.call(
                    "lookup_events",
                    LookupAttributes=[{"AttributeKey": "AccessKeyId", "AttributeValue": access_key}],
                    StartTime=since,
                    EndTime=until,
                    MaxResults=PAGE,
                    **token,
                )
            except Throttled as error:
                # Full jitter: whoever else is refused now must not come back at the same moment.
                wait = max(min(_LONGEST_WAIT, _FIRST_WAIT * 2**throttled) * self.jitter(), SECONDS_BETWEEN)
                throttled += 1
                silences = 0 if error.answered else silences + 1
                if silences >= MOST_SILENCES or self.clock() + wait >= self.deadline:
                    return _cut(events, f"{error}, {throttled} times")
                self.sleep(wait)
                continue
            except Refusal as error:
                return _cut(events, str(error))
            pages += 1
            silences = 0
            events += blocks(page.get("Events"))
            if not page.get("NextToken"):
                return Lookup("all", "", events)
            token = {"NextToken": page["NextToken"]}
            self.sleep(SECONDS_BETWEEN)
        return _cut(events, f"there are more than {len(events):,} calls, and the oldest were not read")


def _cut(events: list[Block], reason: str) -> Lookup:
    return Lookup("part" if events else "none", reason, events)
