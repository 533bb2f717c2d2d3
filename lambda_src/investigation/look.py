"""A look at the event history of every Region that matters, and as much of it as can travel."""

import json
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from investigation.activity import callers_of, importance
from investigation.aws import Service
from investigation.documents import History, Plan, Read, RegionHistory, Subject
from investigation.history import Reader
from investigation.not_enabled import STRANGER, Account, doubts
from investigation.origin import Origins
from investigation.refused import Refusal
from investigation.rest import by_side, together
from investigation.wire import moment

AT_ONCE = 8
"""Regions read at the same time: the pace that CloudTrail asks for counts in each."""

CALLERS = 36
"""Addresses told apart over all Regions; the others count in sums. Bounds what travels to the next state."""

MOST_BYTES = 120_000
"""Size of a history as JSON; half of what a state takes (Step Functions quotas), for two of them at once."""


def look(
    subject: Subject,
    plan: Plan,
    *,
    origins: Origins,
    unsorted: str,
    client: Callable[[str], Service],
    account: Account,
    reader: Reader,
    now: datetime,
) -> History:
    """Read what the key did, Region by Region; one that cannot be read holds up no other.

    Everyone is in it, so that it may be too large to travel (`bounded`).

    Args:
        subject: The finding.
        plan: The Regions, and since when.
        origins: Where calls come from.
        unsorted: Why addresses of AWS cannot be told; empty if they can.
        client: CloudTrail of the finding's account in a Region.
        account: Account Management of the same account, which is asked where a Region does not know us.
        reader: How to read one.
        now: The end of the window.

    Raises:
        Throttled: Another attempt may succeed.
    """
    since = moment(plan["history_start"])
    if not subject["access_key"] or since is None:
        unread = _nothing("none", "the finding names no access key")
        return History(regions=dict.fromkeys(plan["regions"], unread), late=0, looks=1, unsorted=unsorted)

    def made(region: str) -> Service | Refusal:
        try:
            return client(region)
        except Refusal as error:
            return error

    def read(service: Service | Refusal) -> tuple[RegionHistory, str]:
        if isinstance(service, Refusal):
            return _nothing("none", str(service)), ""
        found = reader.read(service, access_key=subject["access_key"], since=since, until=now)
        callers = callers_of(found.events, told=origins.of)
        history = RegionHistory(read=found.read, reason=found.reason, calls=len(found.events), callers=callers, rest={})
        return history, found.code

    # All of them before the first thread starts: what makes clients is for one thread (`Accounts`).
    clients = [made(region) for region in plan["regions"]]
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        looked = dict(zip(plan["regions"], pool.map(read, clients), strict=True))
    histories = {region: one for region, (one, _) in looked.items()}
    strangers = [region for region, (one, code) in looked.items() if one["read"] == "none" and code in STRANGER]
    # At each look, and after the Regions were asked: one that was being enabled meanwhile is not disabled any more.
    why = doubts(strangers, account=account, trail=client, reader=reader, since=since, until=now)
    for region, doubt in why.items():
        histories[region] = _nothing("none", f"{histories[region]['reason']}; {doubt}") if doubt else _nothing("off")
    return History(regions=histories, late=0, looks=1, unsorted=unsorted)


def bounded(history: History) -> History:
    """The same with as many callers as fit, those from outside who changed or took something first; the rest in sum."""
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


def _with_callers(one: RegionHistory, numbers: Collection[int]) -> RegionHistory:
    callers = [one["callers"][number] for number in numbers]
    others = [caller for number, caller in enumerate(one["callers"]) if number not in numbers]
    return RegionHistory(
        read=one["read"],
        reason=one["reason"],
        calls=one["calls"],
        callers=callers,
        rest=together(by_side(others), one.get("rest", {})),
    )


def _nothing(read: Read, reason: str = "") -> RegionHistory:
    return RegionHistory(read=read, reason=reason, calls=0, callers=[], rest={})
