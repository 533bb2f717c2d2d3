"""CloudTrail's event history of one Region, by access key: paged, paced, patient, and within a budget."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from investigation.aws import Service
from investigation.documents import Read
from investigation.refused import Refusal, Throttled
from investigation.taken import PARAMETERS, SECRETS, TAKES
from investigation.wire import Block, blocks, moment, text

PAGE = 50
"""Events of one page (botocore cloudtrail 1.44.5, LookupEvents)."""

MOST_PAGES = 40
"""Pages of one Region: 2,000 calls. Nobody reads more of them, and whoever makes more is told by the count."""

SECONDS_BETWEEN = 0.55
"""Two calls a second are allowed for an account and Region, whoever makes them (botocore cloudtrail 1.44.5)."""

TELLING_PAGES = 20
"""Pages of one search for the calls that matter most, where a key made more than anybody reads."""

TELLING = (
    ("ReadOnly", "false"),
    *(("EventName", name) for name in sorted(TAKES["sts.amazonaws.com"] | SECRETS)),
    *(("EventName", name) for name in sorted(PARAMETERS)),
)
"""What is looked for then, whoever called: one search takes one attribute. What a thief does first and hides under
thousands of calls that say nothing changes something, or takes credentials or a secret. Parameters come last: many
accounts read them all day, and time may end before."""

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
        code: The service's name for the error that ended it; empty for another end.
    """

    read: Read
    reason: str
    events: list[Block]
    code: str = ""


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
        """Every event of the key in a Region, as far as pages and time go; never raises for what AWS says.

        Of a key with more calls than pages the newest are read, and of the others those that matter most.
        """
        found = self._search(client, "AccessKeyId", access_key, since=since, until=until, most=MOST_PAGES)
        if not found.cut:
            return Lookup("all", "", found.events)
        if not found.beyond:
            return Lookup("part" if found.events else "none", found.cut, found.events, found.code)
        known = {text(event.get("EventId")) for event in found.events}
        oldest = min(filter(None, (moment(event.get("EventTime")) for event in found.events)), default=until)
        events, whole = found.events, True
        for attribute, value in TELLING:
            self.sleep(SECONDS_BETWEEN)
            others = self._search(client, attribute, value, since=since, until=oldest, most=TELLING_PAGES)
            whole = whole and not others.cut
            for event in others.events:
                if event.get("AccessKeyId") == access_key and (id_ := text(event.get("EventId"))) not in known:
                    known.add(id_)
                    events.append(event)
        telling = "those that changed something, took credentials or read a secret"
        which = (
            f"of the oldest only {telling} were read" if whole else f"the oldest were not read, nor all of {telling}"
        )
        return Lookup("part", f"{found.cut}; {which}", events)

    def named(self, client: Service, name: str, *, since: datetime, until: datetime) -> Lookup:
        """The events of a call, whoever made it; raises as little as `read`."""
        self.sleep(SECONDS_BETWEEN)
        found = self._search(client, "EventName", name, since=since, until=until, most=TELLING_PAGES)
        return Lookup("part" if found.cut else "all", found.cut, found.events, found.code)

    def _search(
        self, client: Service, attribute: str, value: str, *, since: datetime, until: datetime, most: int
    ) -> "_Found":
        """The events that have an attribute, newest first."""
        events: list[Block] = []
        token: dict[str, object] = {}
        throttled = silences = pages = 0
        while pages < most:
            if self.clock() >= self.deadline:
                return _Found(events, "no time was left")
            try:
                page = client.call(
                    "lookup_events",
                    LookupAttributes=[{"AttributeKey": attribute, "AttributeValue": value}],
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
                    return _Found(events, f"{error}, {throttled} times")
                self.sleep(wait)
                continue
            except Refusal as error:
                return _Found(events, str(error), code=error.code)
            pages += 1
            silences = 0
            events += blocks(page.get("Events"))
            if not page.get("NextToken"):
                return _Found(events, "")
            token = {"NextToken": page["NextToken"]}
            self.sleep(SECONDS_BETWEEN)
        return _Found(events, f"there are more than {len(events):,} calls", beyond=True)


@dataclass(frozen=True, slots=True)
class _Found:
    """What one search brought.

    Attributes:
        cut: Why not all; empty if all.
        beyond: Whether there are more than it was to read.
        code: The service's name for the error that cut it.
    """

    events: list[Block]
    cut: str
    beyond: bool = False
    code: str = ""
