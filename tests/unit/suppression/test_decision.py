"""The figures in the decisions are those of the compiler."""

from pathlib import Path

from infra.suppression import plan_for
from tests.unit.suppression.pools import POOLS, by_octets, listed, table


def test_the_table_of_decision_10_is_what_the_compiler_does(project: Path) -> None:
    page = project / "docs/decisions/0010-fewest-filters-for-exactly-these-addresses.md"
    assert table() in page.read_text(encoding="utf-8"), f"put this table into {page.name}:\n{table()}"


def test_no_pool_costs_more_than_in_the_simpler_ways() -> None:
    for name, pool in POOLS.items():
        assert plan_for(pool).filters <= min(listed(pool), by_octets(pool)), name
