"""The events of one Region, counted by the address that they came from."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from investigation import resources
from investigation.calls import OUTCOMES, foremost, kept
from investigation.documents import Caller
from investigation.origin import Told
from investigation.rank import Rank, rank
from investigation.taken import named, reads_secret, takes_credentials, whose
from investigation.wire import Block, block, iso, moment, text
from shared.refusals import is_refusal

APIS, AGENTS, RESOURCES, TOOK = 12, 2, 8, 4
"""What is kept of one address; the rest is counted, or left out of what only illustrates."""

_API, _AGENT, _ADDRESS = 80, 100, 64


@dataclass(slots=True)
class _Sum:
    told: Told
    calls: int = 0
    writes: int = 0
    taken: int = 0
    secrets: int = 0
    denied: int = 0
    failed: int = 0
    times: list[str] = field(default_factory=list)
    apis: Counter[str] = field(default_factory=Counter)
    agents: Counter[str] = field(default_factory=Counter)
    resources: Counter[str] = field(default_factory=Counter)
    took: dict[str, list[str]] = field(default_factory=dict)

    def add(self, event: Block) -> None:
        self.calls += 1
        error = text(event.get("errorCode"), limit=_API)
        denied = is_refusal(error)
        self.denied += denied
        self.failed += bool(error) and not denied
        # What was refused changed nothing. CloudTrail writes true, false or the same as text.
        writes = not error and str(event.get("readOnly")).lower() == "false"
        secret, takes = not error and reads_secret(event), not error and takes_credentials(event)
        self.writes += writes
        self.secrets += secret
        if takes:
            self.taken += 1
            self.took.setdefault(whose(event), []).append(named(event))
        if when := moment(event.get("eventTime")):
            self.times = [min([*self.times, iso(when)]), max([*self.times, iso(when)])]
        how = zip(OUTCOMES, (writes, takes, secret, denied, error, True), strict=True)
        ended = next(words for words, so in how if so)
        self.apis[kept(_api(event), ended)] += 1
        if agent := _agent(text(event.get("userAgent"))):
            self.agents[agent] += 1
        self.resources.update({resources.kept(name, ended) for name in resources.resources_of(event)})

    def caller(self, address: str) -> Caller:
        side, how = self.told
        shown = dict(foremost(self.apis, most=APIS))
        return Caller(
            address=address,
            side=side,
            how=how,
            calls=self.calls,
            writes=self.writes,
            taken=self.taken,
            secrets=self.secrets,
            denied=self.denied,
            failed=self.failed,
            first=min(self.times, default=""),
            last=max(self.times, default=""),
            apis=shown,
            more_apis=len(self.apis) - len(shown),
            agents=[agent for agent, _ in self.agents.most_common(AGENTS)],
            resources=resources.foremost(self.resources.items(), most=RESOURCES),
            took=_took(self.took, most=TOOK),
        )


def _took(by_whom: Mapping[str, list[str]], *, most: int) -> list[str]:
    """A few of the credentials, of as many roles and users as there is room for, and how many there are beside."""
    shown = [
        f"{names[0]}{f' and {len(names) - 1} more of it' if len(names) > 1 else ''}"
        for names in list(by_whom.values())[:most]
    ]
    others = list(by_whom.values())[most:]
    return [*shown, f"{sum(map(len, others))} more, of {len(others)} others"] if others else shown


def callers_of(events: Iterable[Block], *, told: Callable[[Block], Told]) -> list[Caller]:
    """Everyone who used the key, those from outside first.

    An address counts apart for each way in which it was told: through a VPC endpoint a private address says nothing.

    Args:
        events: As LookupEvents returns them; what CloudTrail recorded is JSON in `CloudTrailEvent`.
        told: Where an event came from.
    """
    sums: dict[tuple[str, Told], _Sum] = {}
    for found in events:
        event = _recorded(found)
        address = text(event.get("sourceIPAddress"), limit=_ADDRESS) or "unknown"
        where = told(event)
        sums.setdefault((address, where), _Sum(where)).add(event)
    return sorted((one.caller(address) for (address, _), one in sums.items()), key=importance)


def importance(caller: Caller) -> Rank:
    """For sorting: see `rank`."""
    return rank(
        caller["side"],
        gains=caller["writes"] + caller.get("taken", 0) + caller.get("secrets", 0),
        calls=caller["calls"],
        address=caller["address"],
    )


def _recorded(found: Block) -> Block:
    """The event as CloudTrail recorded it; what LookupEvents says beside it, where that cannot be read."""
    try:
        recorded = block(json.loads(str(found.get("CloudTrailEvent", ""))))
    except (ValueError, RecursionError):
        recorded = {}
    if recorded:
        return recorded
    return {
        "eventName": found.get("EventName"),
        "eventSource": found.get("EventSource"),
        "readOnly": found.get("ReadOnly"),
        "eventTime": iso(moment(found.get("EventTime"))),
    }


def _agent(given: str) -> str:
    """A user agent, cut between words: a part of a secret has no form by which a message could hide it."""
    if len(given) <= _AGENT:
        return given
    return given[: _AGENT + 1].rpartition(" ")[0] or "(one long word)"


def _api(event: Block) -> str:
    service = text(event.get("eventSource")).removesuffix(".cn").removesuffix(".amazonaws.com")
    return ":".join(part for part in (service, text(event.get("eventName"))) if part)[:_API] or "unknown"
