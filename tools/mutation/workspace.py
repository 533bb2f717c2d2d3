"""A copy of the project in which one module is mutated and everything else is the original."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from tools.mutation.modules import Module
from tools.mutation.undecorated import undecorated

MUTANTS = "mutants"
"""Where mutmut puts the mutated code and runs the tests (mutmut 3)."""

LIMIT_FACTOR, LIMIT_MORE = 5.0, 2.0
"""When a mutant is ended that the plugin could not end: after so many times what its tests took and these seconds."""

WORDS_FOR_US = (r"logger\.\w+\(", r"_complain\(", r"raise \w+\(")
"""Lines that log or raise are not mutated: neither their words nor what else stands on them."""

_CONDITIONS = "tools.mutation.conditions"

_SKIPPED = {"build", "cdk.out", "__pycache__"}


def prepare(module: Module, *, project: Path, place: Path) -> None:
    """Lay the copy out; files that have not changed keep their times, so that mutmut keeps what it knows of them."""
    place.mkdir(parents=True, exist_ok=True)
    mutants = place / MUTANTS
    mutants.mkdir(exist_ok=True)
    for package in module.packages:
        _copy(project / module.root / package, place / package)
    for link in mutants.iterdir():
        if link.is_symlink():
            link.unlink()
    for original in _around(module, project):
        (mutants / original.name).symlink_to(original)
    _write(place / "pyproject.toml", _settings(module, (project / "pyproject.toml").read_text(encoding="utf-8")))


def _around(module: Module, project: Path) -> Iterator[Path]:
    """What tests read or import beside the mutated packages."""
    at_top = [path for path in project.iterdir() if not path.name.startswith(".") and path.name not in _SKIPPED]
    imported = [path for path in (project / "lambda_src").iterdir() if path.name not in _SKIPPED]
    taken = {*module.packages, "pyproject.toml"}
    yield from (path for path in (*at_top, *imported) if path.name not in taken)


def _copy(source: Path, target: Path) -> None:
    wanted = {path.relative_to(source) for path in source.rglob("*.py")}
    for path in sorted(wanted):
        _write(target / path, undecorated((source / path).read_text(encoding="utf-8")))
    for gone in {path.relative_to(target) for path in target.rglob("*.py")} - wanted:
        (target / gone).unlink()
    for path in source.rglob("*"):
        if path.is_file() and path.suffix not in {".py", ".pyc"}:
            target.joinpath(path.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target / path.relative_to(source))


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _settings(module: Module, project: str) -> str:
    """The project's own settings of pytest, and those of mutmut."""
    left_out = [f"--deselect={node_id(module, name)}" for name in module.left_out]
    settings: dict[str, object] = {
        "source_paths": list(module.packages),
        "only_mutate": list(module.files),
        "do_not_mutate": list(module.spared),
        "do_not_mutate_patterns": list(WORDS_FOR_US),
        "pytest_add_cli_args_test_selection": [*module.tests, *left_out],
        # pytest's search for objects that died badly collects garbage twice in each run, half of a mutant's time.
        "pytest_add_cli_args": ["--hypothesis-profile=mutation", "-p", "no:unraisableexception", "-p", _CONDITIONS],
        # (what the tests took + constant) * multiplier
        "timeout_constant": LIMIT_MORE,
        "timeout_multiplier": LIMIT_FACTOR,
        "use_git_change_detection": False,
        "on_dependency_change": "ignore",
        "track_dependencies": False,
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    # Every package stands at the top of the copy, and the originals must not be found before the mutated ones.
    return "\n".join([project.replace('"lambda_src"]', "]").rstrip(), "", "[tool.mutmut]", *lines, ""])


def node_id(module: Module, name: str) -> str:
    """The whole node id of a test that is named by file and function."""
    file = name.partition("::")[0]
    folder = next(test for test in module.tests if test.endswith(file) or not test.endswith(".py"))
    return name.replace(file, folder if folder.endswith(file) else f"{folder}/{file}", 1)
