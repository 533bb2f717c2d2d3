"""Calls in sum: of addresses that are not told apart, or of everyone on one side."""

from collections.abc import Iterable, Sequence

from investigation.documents import Caller, Rest, Side


def rest_of(callers: Sequence[Caller]) -> Rest:
    """What some callers did together."""
    return _sum(callers, addresses=len(callers))


def added(rests: Sequence[Rest]) -> Rest:
    """Several in one."""
    return _sum(rests, addresses=sum(one["addresses"] for one in rests))


def _sum(ones: Sequence[Caller | Rest], *, addresses: int) -> Rest:
    return Rest(
        addresses=addresses,
        calls=sum(one["calls"] for one in ones),
        writes=sum(one["writes"] for one in ones),
        taken=sum(one.get("taken", 0) for one in ones),
        secrets=sum(one.get("secrets", 0) for one in ones),
        denied=sum(one["denied"] for one in ones),
        failed=sum(one["failed"] for one in ones),
        first=earliest(one["first"] for one in ones),
        last=latest(one["last"] for one in ones),
    )


def beyond(whole: Rest, shown: Rest) -> Rest:
    """What of a whole is not among what is shown: the least that it can be, where the shown may hold other calls."""
    return Rest(
        addresses=max(whole["addresses"] - shown["addresses"], 0),
        calls=max(whole["calls"] - shown["calls"], 0),
        writes=max(whole["writes"] - shown["writes"], 0),
        taken=max(whole.get("taken", 0) - shown.get("taken", 0), 0),
        secrets=max(whole.get("secrets", 0) - shown.get("secrets", 0), 0),
        denied=max(whole["denied"] - shown["denied"], 0),
        failed=max(whole["failed"] - shown["failed"], 0),
        first=whole["first"],
        last=whole["last"],
    )


def by_side(callers: Iterable[Caller]) -> dict[Side, Rest]:
    """The sum of each side that somebody is on."""
    sides: dict[Side, list[Caller]] = {}
    for one in callers:
        sides.setdefault(one["side"], []).append(one)
    return {side: rest_of(some) for side, some in sides.items()}


def together(*sums: dict[Side, Rest]) -> dict[Side, Rest]:
    """Sums of sides, side by side."""
    sides = dict.fromkeys(side for one in sums for side in one)
    return {side: added([one[side] for one in sums if side in one]) for side in sides}


def earliest(times: Iterable[str]) -> str:
    """The first of some times (`wire.iso`); empty for none."""
    return min(filter(None, times), default="")


def latest(times: Iterable[str]) -> str:
    """The last of some times (`wire.iso`); empty for none."""
    return max(filter(None, times), default="")
