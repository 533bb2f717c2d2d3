"""How long the suppression compiler takes, and how that grows: `python -m tools.bench.compiler`."""

import gc
import random
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network
from time import process_time

from infra.suppression.address_plan import plan_for
from infra.suppression.octets import largest_within, octet_patterns, tightest_around
from tools.bench.budget import Budget, budget_table
from tools.bench.table import Table, times

SIZES = (125, 250, 500, 1000, 2000)
QUICK_SIZES = (500, 1000)
ROUNDS = 3

Networks = tuple[IPv4Network, ...]


def _at(random_numbers: random.Random, *prefixes: int) -> Networks:
    """Networks of these lengths, somewhere in one /16."""
    start = random_numbers.randrange(0x0B000000, 0xDF000000) & 0xFFFF0000
    return tuple(IPv4Network((start + random_numbers.randrange(0x10000), prefix), strict=False) for prefix in prefixes)


KINDS: dict[str, Callable[[random.Random], Networks]] = {
    "one address": lambda numbers: _at(numbers, 32),
    "NAT pools, 4 of /29": lambda numbers: _at(numbers, 29, 29, 29, 29),
    "60 scattered addresses": lambda numbers: _at(numbers, *[32] * 60),
    "a /25": lambda numbers: _at(numbers, 25),
    "a /24 and two addresses": lambda numbers: _at(numbers, 24, 32, 32),
    "a /23 and a /26": lambda numbers: _at(numbers, 23, 26),
    "a /20": lambda numbers: _at(numbers, 20),
    "a /17 and a /28": lambda numbers: _at(numbers, 17, 28),
    "ten of /24": lambda numbers: _at(numbers, *[24] * 10),
    "everything at once": lambda numbers: _at(numbers, *[32] * 60, 28, 24, 23, 20, 17),
}
"""Egress as one meets it, and worse; every entry lies in another /16, so that no two are the same."""


def _entries(number: int) -> list[Networks]:
    numbers = random.Random(number)  # noqa: S311 (the same entries in every run)
    kinds = list(KINDS.values())
    return [kinds[place % len(kinds)](numbers) for place in range(number)]


def _one_by_one(entries: list[Networks]) -> None:
    """What no compiler can do without: look at every entry and write its first addresses down."""
    for networks in entries:
        [str(IPv4Address(int(network.network_address) + place)) for network in networks for place in range(50)]


def _compile(entries: list[Networks]) -> None:
    for networks in entries:
        plan = plan_for(networks)
        plan.equals, plan.matches  # noqa: B018 (shared out when asked for)


def _seconds(task: Callable[[list[Networks]], None], entries: list[Networks]) -> float:
    """Processor time, the best of a few rounds, each with nothing remembered from the round before."""
    best = float("inf")
    for _ in range(ROUNDS):
        for remembered in (plan_for.__globals__["_plan"], octet_patterns, largest_within, tightest_around):
            remembered.cache_clear()
        gc.collect()
        start = process_time()
        task(entries)
        best = min(best, process_time() - start)
    return best


def tables(*, quick: bool = False) -> tuple[Table, Table]:
    """Processor time for some numbers of entries, and what it may be."""
    rows: list[list[str]] = []
    taken: dict[int, float] = {}
    for size in QUICK_SIZES if quick else SIZES:
        entries = _entries(size)
        taken[size], floor = _seconds(_compile, entries), _seconds(_one_by_one, entries)
        growth = times(taken[size], taken[size // 2]) if size // 2 in taken else ""
        each = f"{taken[size] / size * 1000:.3f}"
        rows.append([str(size), f"{taken[size]:.3f}", each, growth, f"{taken[size] / floor:.1f} x"])
    figures = Table(
        title="Suppression compiler",
        columns=("Entries", "seconds", "ms each", "growth", "to listing 50 addresses of each"),
        rows=rows,
        note=f"Processor time, the best of {ROUNDS} rounds; growth is to the row above, which has half the entries: "
        "2.00 x is linear.",
    )
    budgets = (
        Budget(what="1,000 mixed entries", measured=taken[1000], limit=1, unit="s"),
        Budget(what="1,000 entries to 500: near-linear", measured=taken[1000] / taken[500], limit=2.2, unit="x"),
    )
    note = "That no better choice of filters exists for small entries is a property test (tests/unit/suppression)."
    return figures, budget_table("Suppression compiler", budgets, note=note)


def main() -> None:
    """Print the tables, and one for each kind of entry."""
    for table in tables():
        print(table.markdown())
    print(f"{'kind of entry':<26}{'ms each':>10}{'filters':>10}")
    numbers = random.Random(1)  # noqa: S311 (the same entries in every run)
    for kind, make in KINDS.items():
        some = [make(numbers) for _ in range(50)]
        taken = _seconds(_compile, some)
        filters = sum(plan_for(networks).filters for networks in some) / len(some)
        print(f"{kind:<26}{taken / len(some) * 1000:>10.3f}{filters:>10.1f}")


if __name__ == "__main__":
    main()
