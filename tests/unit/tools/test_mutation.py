"""Mutation testing: what is mutated, how it is counted, and what is written down; no mutant is run here."""

import ast
import json
from datetime import date
from pathlib import Path

import pytest

import infra.suppression  # noqa: F401
from tools.mutation.__main__ import main
from tools.mutation.conditions import reaches
from tools.mutation.equivalent import Equivalent, equivalents
from tools.mutation.modules import FLOOR, MODULES
from tools.mutation.page import PAGE, with_scores
from tools.mutation.results import Result, Survivor, UnfinishedError, ask_survivors_again, result_in
from tools.mutation.undecorated import undecorated
from tools.mutation.workspace import node_id, prepare

SOURCE = '''"""A module."""


class Block:
    @cached_property
    def size(self) -> int:
        return 1 + 2

    @property
    @abstractmethod
    def other(self) -> int: ...


@lru_cache(maxsize=8)
def sized(number: int) -> int:
    return number
'''


def test_a_property_becomes_a_function_and_no_line_moves() -> None:
    plain = undecorated(SOURCE)
    assert "    size = cached_property(size)\n" in plain
    assert plain.endswith("    return number\nsized = lru_cache(maxsize=8)(sized)\n")
    assert "@abstractmethod" in plain
    before, after = SOURCE.splitlines(), plain.splitlines()
    for word in ("def size", "return 1", "def other", "def sized", "return number"):
        assert [word in line for line in before].index(True) == [word in line for line in after].index(True)


@pytest.mark.parametrize("name", MODULES)
def test_what_a_module_names_is_there(name: str, project: Path) -> None:
    module = MODULES[name]
    for pattern in (*module.files, *module.spared):
        assert list((project / module.root).glob(pattern)), pattern
    for tests in (*module.tests, *(node_id(module, one) for one in module.left_out)):
        file, _, function = tests.partition("::")
        assert (project / file).exists(), file
        if function:
            tree = ast.parse((project / file).read_text(encoding="utf-8"))
            assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, tests


def test_the_copy_holds_the_mutated_packages_and_links_to_everything_else(project: Path, tmp_path: Path) -> None:
    prepare(MODULES["ledger"], project=project, place=tmp_path)
    assert (tmp_path / "notifier" / "ledger" / "state.py").is_file()
    links = {path.name for path in (tmp_path / "mutants").iterdir() if path.is_symlink()}
    assert {"tests", "docs", "infra", "organization"} <= links
    assert not {"notifier", "build", ".venv", "pyproject.toml"} & links
    settings = (tmp_path / "pyproject.toml").read_text(encoding="utf-8")
    assert 'only_mutate = ["notifier/ledger/*.py"]' in settings
    assert '"lambda_src"]' not in settings
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.py")}
    prepare(MODULES["ledger"], project=project, place=tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.py")} == times


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """What mutmut leaves behind for one method with five mutants."""
    source = "class A:\n    def f(self):\n        return 1\n"
    mutated = ["class A:", "    def f(self): ...", "    def xǁAǁf__mutmut_orig(self):", "        return 1"]
    spans = {"xǁAǁf__mutmut_orig": (3, 4)}
    for number in range(1, 6):
        spans[f"xǁAǁf__mutmut_{number}"] = (2 * number + 3, 2 * number + 4)
        mutated += [f"    def xǁAǁf__mutmut_{number}(self):", f"        return {number + 1}"]
    folder = tmp_path / "mutants" / "p"
    folder.mkdir(parents=True)
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "m.py").write_text(source, encoding="utf-8")
    (folder / "m.py").write_text("\n".join(mutated), encoding="utf-8")
    (folder / "m.py.spans").write_text(json.dumps({"spans": spans}), encoding="utf-8")
    codes = {f"p.m.xǁAǁf__mutmut_{number}": code for number, code in enumerate((1, 0, 36, 33, 77), start=1)}
    (folder / "m.py.meta").write_text(json.dumps({"exit_code_by_key": codes}), encoding="utf-8")
    return tmp_path


def test_what_nobody_saw_or_nobody_reached_has_survived(place: Path) -> None:
    result = result_in(place, equivalent=())
    assert (result.killed, result.timeout, result.strange, result.equivalent) == (1, 1, 1, 0)
    assert result.survived == (
        Survivor(file="p/m.py", line=3, was="return 1", became="return 3"),
        Survivor(file="p/m.py", line=3, was="return 1", became="return 5"),
    )
    assert result.survived[0].shown() == "p/m.py:3\n  - return 1\n  + return 3"
    assert (result.mutants, result.score) == (5, 40.0)


def test_an_equivalent_mutant_counts_neither_way(place: Path) -> None:
    known = Equivalent(file="p/m.py", was="return 1", became="return 3", reason="…")
    result = result_in(place, equivalent=[known])
    assert (result.equivalent, len(result.survived), result.mutants, result.score) == (1, 1, 4, 50.0)


def test_survivors_are_asked_again_and_an_unfinished_run_has_no_score(place: Path) -> None:
    ask_survivors_again(place)
    with pytest.raises(UnfinishedError, match="did not come to its end"):
        result_in(place, equivalent=())
    kept = json.loads((place / "mutants" / "p" / "m.py.meta").read_text(encoding="utf-8"))["exit_code_by_key"]
    assert list(kept.values()) == [1, None, None, None, None]
    with pytest.raises(UnfinishedError):
        result_in(place / "nothing", equivalent=())


def test_every_equivalent_mutant_has_a_reason_and_its_line_is_still_there(project: Path) -> None:
    for one in equivalents():
        root = next(module.root for module in MODULES.values() if (project / module.root / one.file).exists())
        lines = {line.strip() for line in (project / root / one.file).read_text(encoding="utf-8").splitlines()}
        assert set(one.was.split("\n")) <= lines, one
        assert len(one.reason) > 20, one


def test_a_score_replaces_the_one_of_its_module_alone() -> None:
    page = PAGE.read_text(encoding="utf-8")
    result = Result(killed=1234, timeout=1, equivalent=2, survived=(), strange=0)
    changed = with_scores(page, {"ledger": result}, today=date(2030, 1, 2), version="mutmut 9")
    added, taken = (set(one.splitlines()) for one in (changed, page))
    assert added - taken == {"| ledger | 1,235 | 1,234 | 1 | 0 | 2 | 100.0 % | 2030-01-02, mutmut 9 |"}
    assert [line for line in changed.splitlines() if not line.startswith("| ledger | 1")] == [
        line for line in page.splitlines() if line not in taken - added
    ]


def test_the_page_has_a_score_above_the_floor_for_every_module() -> None:
    rows = [line.removeprefix("| ").split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines()]
    scores = {
        cells[0]: cells[6] for cells in rows if cells[0] in MODULES and cells[-1].endswith("|") and len(cells) > 6
    }
    assert scores.keys() == MODULES.keys()
    assert all(float(score.removesuffix(" %")) >= FLOOR for score in scores.values())


@pytest.mark.parametrize(
    ("name", "wanted", "answer"),
    [
        ("infra.suppression.address_plan", "infra.suppression.octets", True),
        ("infra.suppression.octets", "infra.suppression.octets", True),
        ("infra.suppression.octets", "infra.suppression.selection", False),
    ],
)
def test_caches_are_emptied_where_the_mutated_module_is_used(name: str, wanted: str, *, answer: bool) -> None:
    assert reaches(name, wanted, seen=set()) is answer


@pytest.mark.parametrize("given", [["--write"], ["--write", "--show"], ["--write", "--anew", "--show"]])
def test_only_a_whole_run_may_write_the_page(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(given) == 2
    assert "--write keeps what one whole run found" in capsys.readouterr().err
