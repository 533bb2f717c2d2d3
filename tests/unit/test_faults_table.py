"""docs/faults.md names every test of a fault, and no test that is not there."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

ROW = re.compile(r"\| ([TQC]\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|")
TEST = re.compile(r"test_([tqc]\d+)_\w+")

TRANSPORT = {f"T{number}" for number in range(1, 19)}
CONTENT = {f"C{number}" for number in range(1, 17)}
QUEUE = {f"Q{number}" for number in range(1, 18)}


@pytest.fixture(name="table", scope="module")
def fixture_table(project: Path) -> dict[str, set[str]]:
    """The tests that each row names."""
    lines = (project / "docs" / "faults.md").read_text(encoding="utf-8").splitlines()
    rows = [row.groups() for line in lines if (row := ROW.fullmatch(line))]
    assert len(rows) == len({id_ for id_, *_ in rows}), "a row stands there twice"
    assert all(fault.strip() and what.strip() for _, fault, what, _ in rows)
    return {id_: set(re.findall(r"`(test_\w+)`", tests)) for id_, _, _, tests in rows}


@pytest.fixture(name="written", scope="module")
def fixture_written(project: Path) -> dict[str, set[str]]:
    """The tests whose name says which row they are of."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in (project / "tests").rglob("test_*.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and (row := TEST.fullmatch(node.name)):
                found[row[1].upper()].add(node.name)
    return found


def test_every_row_of_delivery_is_in_the_table(table: dict[str, set[str]]) -> None:
    assert set(table) >= TRANSPORT | QUEUE | CONTENT


def test_each_row_names_exactly_the_tests_that_provoke_it(
    table: dict[str, set[str]], written: dict[str, set[str]]
) -> None:
    assert table == written
    assert all(table.values()), "a row without a test"
