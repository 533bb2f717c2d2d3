"""One door to the commands of the desk."""

import os
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

from infra.missing_package import missing_package, too_old
from tools.__main__ import COMMANDS


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tools", *arguments], cwd=project, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_a_module(command: str) -> None:
    assert find_spec(f"tools.{command}") is not None


def test_the_import_contract_takes_every_command_for_one(project: Path) -> None:
    settings = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    (layers,) = (one["layers"] for one in settings["tool"]["importlinter"]["contracts"] if one.get("exhaustive"))
    _door, generate, commands, *_shared = layers
    assert {generate, *commands.replace("|", " ").split()} == set(COMMANDS)


def test_a_command_gets_its_arguments_and_gives_its_exit_code(project: Path) -> None:
    found = run(project, "preview", "no-such-file.json")
    assert (found.returncode, found.stderr) == (
        2,
        "preview: no-such-file.json: cannot be read: No such file or directory\n",
    )


def test_without_a_command_they_are_listed(project: Path) -> None:
    found = run(project)
    assert (found.returncode, found.stderr) == (0, "")
    assert all(command in found.stdout for command in COMMANDS)


def test_fails_for_an_unknown_command(project: Path) -> None:
    found = run(project, "prewiev")
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr == "unknown command 'prewiev'; did you mean 'preview'? python -m tools lists them\n"


@pytest.mark.parametrize("command", [["-m", "tools", "suppressions"], ["-m", "tools", "verify"], ["app.py"]])
def test_a_python_without_the_packages_is_told_in_one_line_how_to_get_them(project: Path, command: list[str]) -> None:
    # -S: without what is installed
    found = subprocess.run([sys.executable, "-S", *command], cwd=project, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (2, "")
    assert f" is missing in {sys.executable}; run make setup, then export PATH=$PWD/.venv/bin:$PATH\n" in found.stderr
    assert found.stderr.startswith(f"{command[-1]}: the package ")
    assert found.stderr.count("\n") == 1


@pytest.mark.parametrize("ours", ["tools.nothing", "infra.nothing", "notifier.nothing", "app", "tests.nothing"])
def test_a_missing_module_of_our_own_is_no_missing_package(ours: str) -> None:
    assert missing_package(ModuleNotFoundError(name=ours)) is None


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["preview", "docs/examples/findings/leaked-lambda-credentials.json"], 0),
        (["suppressions", "--today", "2026-11-23"], 0),
        (["suppressions", "--today", "2099-01-01"], 1),
    ],
)
def test_a_reader_that_leaves_early_changes_neither_exit_code_nor_error_output(
    project: Path, command: list[str], code: int
) -> None:
    ran = subprocess.Popen(
        [sys.executable, "-m", "tools", *command], cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert ran.stdout is not None
    assert ran.stderr is not None
    ran.stdout.close()
    with ran.stderr:
        assert ran.stderr.read() == b""
    assert ran.wait() == code


def test_a_table_in_a_pipe_has_no_blanks_at_the_end_of_a_line(project: Path) -> None:
    lines = run(project, "suppressions", "--today", "2026-11-23").stdout.splitlines()
    assert len(lines) > 2
    assert lines == [line.rstrip() for line in lines]


def test_a_listing_whose_reader_is_gone_is_no_error(project: Path) -> None:
    ran = subprocess.Popen([sys.executable, "-m", "tools"], cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert ran.stdout is not None
    assert ran.stderr is not None
    ran.stdout.close()
    with ran.stderr:
        assert ran.stderr.read() == b""
    assert ran.wait() == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
@pytest.mark.parametrize("command", [[], ["suppressions"]])
def test_a_full_disk_is_said_in_one_line(project: Path, command: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        found = subprocess.run(
            [sys.executable, "-m", "tools", *command], cwd=project, stdout=full, stderr=subprocess.PIPE, check=False
        )
    said = b"standard output cannot be written: No space left on device\n"
    assert (found.returncode, found.stderr) == (2, said)


def test_input_that_the_shell_has_closed_is_said(project: Path) -> None:
    for name in ("preview", "explain"):
        command = f'"$0" -m tools {name} - <&-'
        found = subprocess.run(
            ["bash", "-c", command, sys.executable], cwd=project, capture_output=True, text=True, check=False
        )
        assert found.returncode == 2
        assert found.stderr.splitlines() == [f"{name}: -: cannot be read: standard input is closed"]


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_output_that_the_shell_has_closed_is_no_error(project: Path, closed: str) -> None:
    command = f'"$0" -m tools preview docs/examples/findings/low.json {closed}'
    found = subprocess.run(
        ["bash", "-c", command, sys.executable], cwd=project, capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stderr) == (0, "")
    assert bool(found.stdout) == (closed == "2>&-")


def test_an_encoding_without_our_characters_gets_their_codes(project: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "tools"],
        cwd=project,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
    )
    assert (found.returncode, found.stderr) == (0, b"")
    assert found.stdout.startswith(b"usage: python -m tools COMMAND \\u2026")


def test_a_python_that_is_too_old_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert too_old() is None
    monkeypatch.setattr(sys, "version_info", (3, 10, 14))
    advice = too_old()
    assert advice is not None
    assert advice.startswith("needs Python 3.11 or newer, and ")
    assert "make setup PYTHON=" in advice
