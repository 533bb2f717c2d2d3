"""Loops on the pages, run by a shell, with a program in the place of the AWS CLI that answers from a list."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.project import PROJECT
from tests.shell_lines import scripts

FINDING = r'{"detail": {"title": "a line\nand another", "userAgent": "\\u0000 \\c \101 100%s"}}'
"""A body with what the `echo` of some shells, such as dash and zsh, takes for its own."""

STAND_IN = """
import json, pathlib, sys
folder = pathlib.Path({folder!r})
with (folder / "calls").open("a") as calls:
    body = [pathlib.Path(one[7:]).read_text() if one.startswith("file://") else one for one in sys.argv[1:]]
    calls.write(json.dumps(body) + "\\n")
if sys.argv[2] == "receive-message":
    left = json.loads((folder / "answers").read_text())
    (folder / "answers").write_text(json.dumps(left[1:]))
    print(left[0] if left else "", end="")
"""


def called(shell: str, folder: Path, answers: list[str]) -> list[list[str]]:
    """The calls of the loop for findings that did not leave their Region."""
    (script,) = [
        one for one in scripts((PROJECT / "docs" / "operations.md").read_text("utf-8")) if "while message" in one
    ]
    (folder / "answers").write_text(json.dumps(answers), encoding="utf-8")
    program, stand_in = folder / "aws.py", folder / "aws"
    program.write_text(STAND_IN.format(folder=str(folder)), encoding="utf-8")
    # The path of the Python may have a blank in it, which the first line of a script cannot have.
    stand_in.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{program}" "$@"\n', encoding="utf-8")
    stand_in.chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run([shell, "-c", script], cwd=folder, env=environment, capture_output=True, check=False, timeout=60)
    return [json.loads(line)[1:] for line in (folder / "calls").read_text(encoding="utf-8").splitlines()]


def answer(body: str) -> str:
    return json.dumps({"Messages": [{"Body": body, "ReceiptHandle": "AQEB/handle=="}]}, indent=4)


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_a_finding_is_sent_on_as_it_is_and_deleted_then(shell: str, tmp_path: Path) -> None:
    calls = called(shell, tmp_path, [answer(FINDING)])
    assert [one[0] for one in calls] == ["receive-message", "send-message", "delete-message", "receive-message"]
    assert calls[1][-2:] == ["--message-body", FINDING]
    assert calls[2][-2:] == ["--receipt-handle", "AQEB/handle=="]


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_an_answer_that_cannot_be_read_deletes_nothing(shell: str, tmp_path: Path) -> None:
    assert [one[0] for one in called(shell, tmp_path, ['{"Messages": [', answer(FINDING)])] == ["receive-message"]
