"""One door to the commands of the desk."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tools.__main__ import COMMANDS


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tools", *arguments], cwd=project, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_a_module(command: str) -> None:
    assert find_spec(f"tools.{command}") is not None


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
    assert found.stderr.startswith("unknown command 'prewiev'\n")
