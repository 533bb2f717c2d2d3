"""Who used the key, over all Regions: one entry for each address, and the sums of each side."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from investigation import resources
from investigation.activity import RESOURCES
from investigation.calls import foremost
from investigation.documents import Caller, History, Rest, Side
from investigation.rank import rank
from investigation.rest import added, by_side, rest_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Everything that came from one address, told in one way.

    Attributes:
        how: How it was told on which side it is.
        sums: What it did.
        took: Which credentials it took.
        apis: Calls by name and outcome (`calls.kept`), those that say most first, with their number.
        resources: What the calls were about, what was changed first.
        more_resources: Whether there may be more than these, which nobody kept.
    """

    address: str
    side: Side
    how: str
    regions: tuple[str, ...]
    sums: Rest
    apis: tuple[tuple[str, int], ...]
    more_apis: int
    agents: tuple[str, ...]
    resources: tuple[str, ...]
    more_resources: bool
    took: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Everyone on one side, also those who are not told apart.

    Attributes:
        visitors: Those who are.
        addresses: How many there are; at least so many, where some are not told apart.
        sums: What all of them did.
        others: Whether some are not told apart.
    """

    visitors: tuple[Visitor, ...]
    addresses: int
    sums: Rest
    others: bool


def crowd_of(history: History, side: Side) -> Crowd:
    """Those on one side."""
    seen = tuple(one for one in visitors(history) if one.side == side)
    told = [shown[side] for one in history["regions"].values() if side in (shown := by_side(one["callers"]))]
    others = [rest[side] for one in history["regions"].values() if side in (rest := one.get("rest", {}))]
    # Those of two Regions may be the same; those of one are not.
    in_a_region = [
        sum(rests[side]["addresses"] for rests in (by_side(one["callers"]), one.get("rest", {})) if side in rests)
        for one in history["regions"].values()
    ]
    return Crowd(
        visitors=seen,
        addresses=max(len(seen), *in_a_region, 0),
        sums=added([*told, *others]),
        others=bool(others),
    )


def visitors(history: History) -> list[Visitor]:
    """Those from outside first, then those who changed or took most, then those who called most."""
    found: dict[tuple[str, str], list[tuple[str, Caller]]] = {}
    for region, one in history["regions"].items():
        for caller in one["callers"]:
            found.setdefault((caller["address"], caller["how"]), []).append((region, caller))
    return sorted(
        map(_visitor, found.values()),
        key=lambda one: rank(
            one.side,
            gains=one.sums["writes"] + one.sums.get("taken", 0) + one.sums.get("secrets", 0),
            calls=one.sums["calls"],
            address=one.address,
        ),
    )


def _visitor(sights: Sequence[tuple[str, Caller]]) -> Visitor:
    callers = [caller for _, caller in sights]
    apis: Counter[str] = Counter()
    on: Counter[str] = Counter()
    for caller in callers:
        apis.update(caller["apis"])
        on.update(resources.counter(caller["resources"]))
    return Visitor(
        address=callers[0]["address"],
        side=callers[0]["side"],
        how=callers[0]["how"],
        regions=tuple(sorted({region for region, _ in sights})),
        sums=rest_of(callers),
        apis=tuple(foremost(apis)),
        more_apis=sum(caller["more_apis"] for caller in callers),
        agents=_distinct(agent for caller in callers for agent in caller["agents"]),
        resources=resources.names(resources.foremost(on.items())),
        more_resources=any(len(caller["resources"]) >= RESOURCES for caller in callers),
        took=_distinct(name for caller in callers for name in caller.get("took", ())),
    )


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
