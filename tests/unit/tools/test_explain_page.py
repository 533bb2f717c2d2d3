"""docs/explain.md shows what the commands really print."""

from pathlib import Path

import pytest

from tests.unit.tools.cases.test_cases import SHIPPED_DAY
from tools.explain.__main__ import main as explain
from tools.routes.__main__ import main as routes

EGRESS = "docs/examples/findings/leaked-lambda-credentials-from-egress.json"


@pytest.fixture(scope="module")
def page() -> str:
    return (Path(__file__).parents[3] / "docs" / "explain.md").read_text(encoding="utf-8")


def test_the_example_of_explain_is_current(page: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain([str(project / EGRESS), "--deployment", "sandbox", "--today", SHIPPED_DAY]) == 0
    assert f"```text\n{capsys.readouterr().out}```\n" in page


@pytest.mark.parametrize("name", ["sandbox", "organization"])
def test_the_tables_of_routes_are_current(page: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert routes([name, "--today", SHIPPED_DAY, "--format", "markdown"]) == 0
    assert capsys.readouterr().out in page
