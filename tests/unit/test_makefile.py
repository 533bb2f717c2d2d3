"""What the Makefile finds on a machine before it installs anything."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

IN_PYTHON = "print('v24.19.0')\n"


def node_of_system(project: Path, *, first_on_path: Path) -> str:
    """The major version that the Makefile takes for the system's own; empty: it installs the wheel's."""
    ran = subprocess.run(
        ["make", "--no-print-directory", "--eval=told:;@echo $(NODE_OF_SYSTEM)", "told"],
        cwd=project, env={**os.environ, "PATH": f"{first_on_path}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return ran.stdout.strip()


@pytest.mark.parametrize(
    ("program", "taken"),
    [
        ("#!/bin/sh\necho v24.19.0\n", "24"),
        ("#!/bin/sh\necho v20.20.2\n", ""),
        ("#!/bin/sh\necho v23.1.0\n", ""),
        # By env, because the path to this one may have a blank.
        (f"#!/usr/bin/env python3\n{IN_PYTHON}", ""),
        # What pip writes where the path to Python has a blank, or is long.
        (f"#!/bin/sh\n'''exec' '{sys.executable}' \"$0\" \"$@\"\n' '''\n{IN_PYTHON}", ""),
    ],
    ids=["supported", "end of life", "never supported for long", "of a wheel", "of a wheel in a folder with a blank"],
)
def test_which_node_is_the_systems_own(project: Path, tmp_path: Path, program: str, taken: str) -> None:
    node = tmp_path / "node"
    node.write_text(program, encoding="utf-8")
    node.chmod(0o755)
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=60).stdout
    assert said.startswith("v2")
    assert node_of_system(project, first_on_path=tmp_path) == taken


def test_what_is_linted_does_not_depend_on_what_else_a_machine_has(project: Path, tmp_path: Path) -> None:
    """By itself actionlint runs these two where it finds them, each in the version that happens to be there."""
    for name in ("shellcheck", "pyflakes"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {name} >> {tmp_path}/ran\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    planned = subprocess.run(
        ["make", "-n", "lint"], cwd=project, capture_output=True, text=True, check=True, timeout=60
    )
    (command,) = [line for line in planned.stdout.splitlines() if "bin/actionlint" in line]
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(command.split(), cwd=project, env={**os.environ, "PATH": path}, check=True, timeout=60)
    assert not (tmp_path / "ran").exists()


def test_clean_leaves_nothing_that_git_ignores(project: Path, tmp_path: Path) -> None:
    ignored = [line for line in (project / ".gitignore").read_text(encoding="utf-8").splitlines() if line.endswith("/")]
    assert {".venv/", ".mypy_cache/", "__pycache__/"} <= set(ignored)
    shutil.copy(project / "Makefile", tmp_path)
    # mypy is run in lambda_src too, and Python writes beside each module.
    for folder in (*ignored, "lambda_src/.mypy_cache", "lambda_src/notifier/__pycache__"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "made").touch()
    (tmp_path / "lambda_src" / "notifier" / "kept.py").touch()
    subprocess.run(["make", "clean"], cwd=tmp_path, capture_output=True, check=True, timeout=60)
    left = {str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*")}
    assert left == {"Makefile", "lambda_src", "lambda_src/notifier", "lambda_src/notifier/kept.py"}
