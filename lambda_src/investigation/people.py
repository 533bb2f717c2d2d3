"""Who used the key, over all Regions: one entry for each address."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from investigation.documents import Caller, History, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Everything that came from one address, told in one way.

    Attributes:
        how: How it was told on which side it is.
        apis: Calls by name, most frequent first, with their number.
    """

    address: str
    side: Side
    how: str
    regions: tuple[str, ...]
    calls: int
    writes: int
    denied: int
    failed: int
    first: str
    last: str
    apis: tuple[tuple[str, int], ...]
    more_apis: int
    agents: tuple[str, ...]
    resources: tuple[str, ...]


def visitors(history: History) -> list[Visitor]:
    """Those from outside first, then those who changed most, then those who called most."""
    found: dict[tuple[str, str], list[tuple[str, Caller]]] = {}
    for region, one in history["regions"].items():
        for caller in one["callers"]:
            found.setdefault((caller["address"], caller["how"]), []).append((region, caller))
    ranks = {"outside": 0, "unclear": 1, "inside": 2}
    return sorted(
        map(_visitor, found.values()), key=lambda one: (ranks[one.side], -one.writes, -one.calls, one.address)
    )


def _visitor(sights: Sequence[tuple[str, Caller]]) -> Visitor:
    callers = [caller for _, caller in sights]
    apis: Counter[str] = Counter()
    for caller in callers:
        apis.update(caller["apis"])
    return Visitor(
        address=callers[0]["address"],
        side=callers[0]["side"],
        how=callers[0]["how"],
        regions=tuple(sorted({region for region, _ in sights})),
        calls=sum(caller["calls"] for caller in callers),
        writes=sum(caller["writes"] for caller in callers),
        denied=sum(caller["denied"] for caller in callers),
        failed=sum(caller["failed"] for caller in callers),
        first=min((caller["first"] for caller in callers if caller["first"]), default=""),
        last=max((caller["last"] for caller in callers if caller["last"]), default=""),
        apis=tuple(apis.most_common()),
        more_apis=sum(caller["more_apis"] for caller in callers),
        agents=_distinct(agent for caller in callers for agent in caller["agents"]),
        resources=_distinct(name for caller in callers for name in caller["resources"]),
    )


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
