"""What the benchmarks print and keep; how fast anything is, no test says."""

import json
from pathlib import Path

import pytest

from tools.bench import __main__ as bench
from tools.bench import runtime_api
from tools.bench.budget import Budget, budget_table
from tools.bench.runtime_api import NoRuntime
from tools.bench.table import Table, mebibytes, milliseconds, times

TABLE = Table(title="Start", columns=("Function", "INIT"), rows=[["nothing", "1 ms"]], note="Budget: 1.15 x.")


def test_a_table_is_a_section_of_a_page() -> None:
    assert TABLE.markdown() == (
        "### Start\n\n| Function | INIT |\n| --- | ---: |\n| nothing | 1 ms |\n\nBudget: 1.15 x.\n"
    )
    assert (times(3, 2), milliseconds(1.5), mebibytes(2048)) == ("1.50 x", "1,500 ms", "2 MiB")


def test_a_budget_says_what_was_measured_what_is_allowed_and_whether_it_is_met() -> None:
    most = [Budget(what="INIT", measured=measured, limit=1.15, unit="x") for measured in (1.15, 1.151)]
    least = [Budget(what="slack", measured=measured, limit=0.25, unit="x", least=True) for measured in (0.25, 0.249)]
    assert budget_table("Start", [*most, *least], note="To the floor.").rows == [
        ["INIT", "1.15 x", "at most 1.15 x", "met"],
        ["INIT", "1.15 x", "at most 1.15 x", "missed"],
        ["slack", "0.25 x", "at least 0.25 x", "met"],
        ["slack", "0.25 x", "at least 0.25 x", "missed"],
    ]


def _measured(*, quick: bool = False) -> list[Table]:
    assert not quick
    return [TABLE]


def test_figures_are_kept_with_their_date_and_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text("# Benchmarks\n", encoding="utf-8")
    monkeypatch.setattr(bench, "PAGE", page)
    monkeypatch.setitem(bench.BENCHMARKS, "compiler", _measured)
    assert bench.main(["--only", "compiler", "--write", "2026-11-23"]) == 0
    kept = page.read_text(encoding="utf-8")
    assert kept.startswith("# Benchmarks\n\n## 2026-11-23\n\nCPython 3.")
    assert kept.endswith(TABLE.markdown())
    assert "aws-cdk-lib 2." in kept


def test_fails_in_words_without_the_runtime_client(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(runtime_api, "find_spec", lambda _: None)
    assert bench.main(["--only", "start-up"]) == 2
    assert "bench: awslambdaric is not installed" in capsys.readouterr().err


def test_a_function_that_fails_at_init_is_told_with_its_reason(tmp_path: Path) -> None:
    pytest.importorskip("awslambdaric", reason="starts functions as Lambda does, on Linux only")
    (tmp_path / "broken.py").write_text("raise ValueError('no settings')\n", encoding="utf-8")
    with pytest.raises(NoRuntime, match="no settings"):
        runtime_api.run("broken.handler", code=tmp_path, environment={}, log=tmp_path / "log")


def test_a_function_is_given_its_events_and_its_answers_are_kept(tmp_path: Path) -> None:
    pytest.importorskip("awslambdaric", reason="starts functions as Lambda does, on Linux only")
    (tmp_path / "echo.py").write_text("def handler(event, context):\n    return event\n", encoding="utf-8")
    ran = runtime_api.run("echo.handler", code=tmp_path, environment={}, events=[{"n": 1}], log=tmp_path / "log")
    assert json.dumps(ran.answers) == '[{"n": 1}]'
    assert 0 < ran.init <= ran.answered
    assert ran.peak > 1024
