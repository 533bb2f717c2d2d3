"""Two looks at the same event history as one: what either saw is kept, and what both saw counts once."""

from collections import Counter

from investigation import resources
from investigation.activity import AGENTS, APIS, RESOURCES, TOOK, importance
from investigation.calls import foremost
from investigation.documents import Caller, History, RegionHistory, Rest, Side
from investigation.rest import beyond, by_side, earliest, latest, rest_of, together


def joined(first: History, second: History) -> History:
    """The second look, and of the first what the second could not see.

    Both read the same window from its beginning, so the later one holds what the earlier one did, unless it was
    refused, ran out of time, or was cut: the newest calls are read first, and whoever calls often enough during the
    lag could otherwise push the calls of before it, or his own, out of the report.
    """
    regions: dict[str, RegionHistory] = {}
    late = 0
    for name, later in second["regions"].items():
        earlier = first["regions"].get(name)
        regions[name] = one = _of_both(earlier, later) if earlier else later
        # What was there and could not be read is not late; in a Region that was not enabled nothing was there.
        if earlier and earlier["read"] != "none":
            late += one["calls"] - earlier["calls"]
    return History(regions=regions, late=late, looks=2, unsorted=second["unsorted"])


def _of_both(earlier: RegionHistory, later: RegionHistory) -> RegionHistory:
    if earlier["read"] in {"none", "off"} or (later["read"] == "all" and later["calls"] >= earlier["calls"]):
        return later
    if later["read"] in {"none", "off"}:
        # Read in full before the lag is not read in full after it.
        said = f"only before the lag; after it {later['reason'] or 'the account had disabled the Region'}"
        return RegionHistory(
            read="part",
            reason=said,
            calls=earlier["calls"],
            callers=earlier["callers"],
            rest=earlier.get("rest", {}),
        )
    if later["read"] == "all":
        reason = "the second look saw fewer calls than the first"
    else:
        reason = f"after the lag {later['reason']}" if earlier["read"] == "all" else later["reason"]
    return _merged(earlier, later, reason=reason)


def _merged(earlier: RegionHistory, later: RegionHistory, *, reason: str) -> RegionHistory:
    """Everyone whom either saw. Sums are the least that they can be: a call that both saw cannot be told from two."""
    seen: dict[tuple[str, str], Caller] = {}
    for one in (*later["callers"], *earlier["callers"]):
        known = seen.get((one["address"], one["how"]))
        seen[one["address"], one["how"]] = _both(known, one) if known else one
    callers = sorted(seen.values(), key=importance)
    shown = by_side(callers)
    rest: dict[Side, Rest] = {}
    for look in (later, earlier):
        for side, whole in together(by_side(look["callers"]), look.get("rest", {})).items():
            more = beyond(whole, shown.get(side, rest_of([])))
            if more["addresses"] or more["calls"]:
                rest[side] = max(rest.get(side, more), more, key=lambda one: (one["calls"], one["addresses"]))
    calls = sum(one["calls"] for one in callers) + sum(one["calls"] for one in rest.values())
    return RegionHistory(read="part", reason=reason, calls=calls, callers=callers, rest=rest)


def _both(one: Caller, other: Caller) -> Caller:
    apis: Counter[str] = Counter(one["apis"]) | Counter(other["apis"])
    shown = dict(foremost(apis, most=APIS))
    kinds = max(len(apis), *(len(each["apis"]) + each["more_apis"] for each in (one, other)))
    return Caller(
        address=one["address"],
        side=one["side"],
        how=one["how"],
        calls=max(one["calls"], other["calls"]),
        writes=max(one["writes"], other["writes"]),
        taken=max(one.get("taken", 0), other.get("taken", 0)),
        secrets=max(one.get("secrets", 0), other.get("secrets", 0)),
        denied=max(one["denied"], other["denied"]),
        failed=max(one["failed"], other["failed"]),
        first=earliest((one["first"], other["first"])),
        last=latest((one["last"], other["last"])),
        apis=shown,
        more_apis=kinds - len(shown),
        agents=list(dict.fromkeys((*one["agents"], *other["agents"])))[:AGENTS],
        resources=resources.foremost(
            (resources.counter(one["resources"]) | resources.counter(other["resources"])).items(), most=RESOURCES
        ),
        took=list(dict.fromkeys((*one.get("took", ()), *other.get("took", ()))))[: 2 * TOOK],
    )
