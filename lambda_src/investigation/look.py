"""A look at the event history of every Region that matters, and a second one after the lag."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from investigation.activity import callers_of, importance
from investigation.aws import Service
from investigation.documents import History, Plan, RegionHistory, Subject
from investigation.history import Reader
from investigation.origin import Origins
from investigation.refused import Refusal
from investigation.wire import moment

AT_ONCE = 8
"""Regions read at the same time: the pace that CloudTrail asks for counts in each."""

CALLERS = 36
"""Addresses told apart over all Regions; the others are counted. Bounds what travels to the next state."""

MOST_BYTES = 120_000
"""Size of a history as JSON; half of what a state takes (Step Functions quotas), for two of them at once."""

_BETTER = {"none": 0, "part": 1, "all": 2}


def look(
    subject: Subject,
    plan: Plan,
    *,
    origins: Origins,
    unsorted: str,
    client: Callable[[str], Service],
    reader: Reader,
    now: datetime,
) -> History:
    """Read what the key did, Region by Region; one that cannot be read holds up no other.

    Args:
        subject: The finding.
        plan: The Regions, and since when.
        origins: Where calls come from.
        unsorted: Why addresses of AWS cannot be told; empty if they can.
        client: CloudTrail of the finding's account in a Region.
        reader: How to read one.
        now: The end of the window.
    """
    since = moment(plan["history_start"])

    def read(region: str) -> RegionHistory:
        if not subject["access_key"] or since is None:
            return _unread("the finding names no access key")
        try:
            found = reader.read(client(region), access_key=subject["access_key"], since=since, until=now)
        except Refusal as error:
            return _unread(str(error))
        callers = callers_of(found.events, told=origins.of)
        return RegionHistory(
            read=found.read, reason=found.reason, calls=len(found.events), callers=callers, more_callers=0
        )

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        histories = dict(zip(plan["regions"], pool.map(read, plan["regions"]), strict=True))
    return bounded(History(regions=histories, late=0, looks=1, unsorted=unsorted))


def joined(first: History, second: History) -> History:
    """The second look, and of the first what the second could not see.

    Both read the same window from its beginning, so the later one holds what the earlier one did, unless it was
    refused or ran out of time.
    """
    regions: dict[str, RegionHistory] = {}
    late = 0
    for name, later in second["regions"].items():
        earlier = first["regions"].get(name)
        if earlier is None:
            regions[name] = later
            continue
        late += max(later["calls"] - earlier["calls"], 0)
        keep = (_BETTER[earlier["read"]], earlier["calls"]) > (_BETTER[later["read"]], later["calls"])
        # Read in full before the lag is not read in full after it.
        regions[name] = _before_the_lag(earlier, later["reason"]) if keep else later
    return History(regions=regions, late=late, looks=2, unsorted=second["unsorted"])


def bounded(history: History) -> History:
    """The same with as many callers as fit, those from outside first; the rest is counted."""
    kept = sorted(
        (
            (importance(caller), name, number)
            for name, one in history["regions"].items()
            for number, caller in enumerate(one["callers"])
        ),
    )[:CALLERS]
    most = len(kept)
    while True:
        chosen = {(name, number) for _, name, number in kept[:most]}
        shorter = History(
            regions={
                name: _with_callers(one, [number for number in range(len(one["callers"])) if (name, number) in chosen])
                for name, one in history["regions"].items()
            },
            late=history["late"],
            looks=history["looks"],
            unsorted=history["unsorted"],
        )
        if most == 0 or len(json.dumps(shorter)) <= MOST_BYTES:
            return shorter
        most -= 1


def _with_callers(one: RegionHistory, numbers: Sequence[int]) -> RegionHistory:
    callers = [one["callers"][number] for number in numbers]
    return RegionHistory(
        read=one["read"],
        reason=one["reason"],
        calls=one["calls"],
        callers=callers,
        more_callers=one["more_callers"] + len(one["callers"]) - len(callers),
    )


def _before_the_lag(earlier: RegionHistory, reason: str) -> RegionHistory:
    said = f"only before the lag; after it {reason}" if reason else "only before the lag"
    return RegionHistory(
        read="part",
        reason=said,
        calls=earlier["calls"],
        callers=earlier["callers"],
        more_callers=earlier["more_callers"],
    )


def _unread(reason: str) -> RegionHistory:
    return RegionHistory(read="none", reason=reason, calls=0, callers=[], more_callers=0)
