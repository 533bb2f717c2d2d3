"""Thousands of checks of member accounts, folded into lines that a person reads."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from tools.live.verdict import State
from tools.verify.check import Check

NAMED = 3
"""More accounts or Regions than that are counted, after as many names."""

Row = tuple[State, str, str, str, str]
"""State, stack, area, which, found."""


def rows(checks: Iterable[Check]) -> Iterator[Row]:
    """A line for each check; the same said of several accounts, Regions and plans is one line.

    Accounts share a line only if all of it holds for each of them in each Region named, so that nothing is said that
    was not found.
    """
    folded: dict[tuple[State, str, str, str], dict[str, dict[str, set[str]]]] = {}
    labels: dict[str, str] = {}
    for check in checks:
        if not check.account:
            yield check.state, check.stack, check.area, check.subject, check.detail
            continue
        labels[check.account] = check.subject
        key = (check.state, check.stack, check.area, check.detail)
        plans = folded.setdefault(key, {}).setdefault(check.account, defaultdict(set))
        plans[check.plan].add(check.region)
    for (state, stack, area, detail), accounts in folded.items():
        together: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = defaultdict(list)
        for account, plans in accounts.items():
            regions: dict[tuple[str, ...], list[str]] = defaultdict(list)
            for plan, where in plans.items():
                regions[tuple(sorted(where))].append(plan)
            for where_, which in regions.items():
                together[tuple(which), where_].append(account)
        for (plans_, where_), ids in together.items():
            named = _some([labels[id_] for id_ in sorted(ids)], "accounts")
            yield state, stack, area, f"{named}: {', '.join(plans_)} in {_some(where_, 'Regions')}", detail


def matrix(checks: Iterable[Check]) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """How many of the accounts that have to be covered are, by Region and plan: headings, then a line for each Region.

    What could not be looked at counts as not covered.
    """
    counts: dict[str, dict[str, list[bool]]] = {}
    for check in checks:
        # What is about an account as such, in no plan, belongs to no cell.
        if check.account and check.plan:
            counts.setdefault(check.region, {}).setdefault(check.plan, []).append(check.state is State.OK)
    plans = list(dict.fromkeys(plan for cells in counts.values() for plan in cells))

    def cell(found: Sequence[bool]) -> str:
        return f"{sum(found):,}/{len(found):,}" if found else "-"

    return plans, [(region, [cell(cells.get(plan, ())) for plan in plans]) for region, cells in counts.items()]


def _some(names: Sequence[str], what: str) -> str:
    if len(names) <= NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:NAMED])} and {len(names) - NAMED:,} more {what}"
