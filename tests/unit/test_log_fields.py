"""docs/operations.md describes every field and every outcome of the notifier's log, and none that is not there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.log_table import documented


@pytest.fixture(name="texts", scope="module")
def fixture_texts(project: Path) -> set[str]:
    """Every text in the notifier's code, docstrings left out."""
    return {
        text
        for file in (project / "lambda_src" / "notifier").rglob("*.py")
        for text in _texts(ast.parse(file.read_text(encoding="utf-8")))
    }


def _texts(tree: ast.AST) -> Iterator[str]:
    docstrings = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


@pytest.mark.parametrize("heading", ["Field", "Outcome in the log"])
def test_what_the_page_describes_is_written_by_the_code(texts: set[str], heading: str) -> None:
    assert documented(heading) <= texts


def test_a_field_is_never_one_of_those_that_lambda_adds() -> None:
    # Lambda's formatter keeps its own and drops ours (awslambdaric 4.2.2, lambda_runtime_log_utils.py).
    assert not documented("Field") & {"timestamp", "level", "message", "logger", "requestId", "errorType", "location"}


def test_the_page_names_every_cause(project: Path) -> None:
    page = (project / "docs" / "operations.md").read_text(encoding="utf-8")
    (row,) = re.findall(r"^\| `cause` \|(.*)\|$", page, re.MULTILINE)
    said = {re.sub(r"\d+", "", cause) for cause in re.findall(r"`([^`]+)`", row)}
    assert said == {
        cause.partition("{")[0]
        for file in (project / "lambda_src" / "notifier").rglob("*.py")
        for given in re.findall(r"\bcause ?= ?(f?\"[^#\n]+)", file.read_text(encoding="utf-8"))
        for cause in re.findall(r'"([^"]+)"', given)
    }
