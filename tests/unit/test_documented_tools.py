"""Every `make` target, `python -m tools` command and path of ours that the documentation names is there."""

import contextlib
import io
import re
import runpy
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from infra.project import PROJECT
from tests.pages import PAGES, blocks
from tools.__main__ import COMMANDS

TARGETS = frozenset(re.findall(r"^([a-z][a-z-]*):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

_TOOL = re.compile(r"python -m tools(?:\.(?P<module>[a-z_.]+))? (?P<rest>[^|>&;#)]*)")
_MAKE = re.compile(r"(?:^|[\s(])make (?P<target>[a-z][a-z-]*)")
_OPTION = re.compile(r"(?<!\S)--[a-z][a-z-]*")
_PATH = re.compile(r"(?<![\w/.-])(?:config|docs|infra|lambda_src|tests|tools|locks)/[\w./-]*\w")

NOT_YET = {
    "config/prod.yaml",
    "config/aws-ip-ranges.json",
    "config/NAME.yaml",
    "config/found",
    "config/found/prod.json",
    "config/acme.yaml",
    "infra/destinations/x.py",
    "lambda_src/notifier/destinations/x.py",
}
"""Files that a reader makes, or may make."""


@cache
def help_of(command: str) -> str:
    """What a command says of itself."""
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()) as said:
        patch.setattr(sys, "argv", [f"python -m tools {command}", "--help"])
        # As a fresh start would find it; another test may have imported the command. Nothing around it is taken away,
        # for its package would then have two lives.
        for name in (f"tools.{command}.__main__", f"tools.{command}"):
            if name in sys.modules and not hasattr(sys.modules[name], "__path__"):
                patch.delitem(sys.modules, name)
        with pytest.raises(SystemExit, match="0"):
            runpy.run_module(f"tools.{command}", run_name="__main__")
    return said.getvalue()


def wrong(line: str) -> Iterator[str]:
    """What is wrong with one piece of code on a page."""
    for found in _TOOL.finditer(line):
        name, *given = found["rest"].split() or [""]
        if found["module"] or name in {"NAME", "COMMAND"}:
            continue
        if name not in COMMANDS:
            yield f"python -m tools {name}: no such command"
            continue
        for option in _OPTION.findall(" ".join(given)):
            if option not in help_of(name):
                yield f"python -m tools {name}: no option {option}"
    for found in _MAKE.finditer(line):
        if found["target"] not in TARGETS:
            yield f"make {found['target']}: no such target"


def missing(text: str) -> list[str]:
    """The paths of ours on a page that lead nowhere."""
    named = {path for code in blocks(text) for path in _PATH.findall(code)} - NOT_YET
    return sorted(path for path in named if not (PROJECT / path).exists())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_target_and_tool_that_a_page_names_is_there(page: Path) -> None:
    assert [problem for line in blocks(page.read_text(encoding="utf-8")) for problem in wrong(line)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_that_a_page_names_is_there(page: Path) -> None:
    assert missing(page.read_text(encoding="utf-8")) == []


def test_the_pages_name_most_of_the_tools() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [name for name in COMMANDS if f"tools {name}" not in text and f"make {name}" not in text] == []


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("python -m tools prevue x.json", "python -m tools prevue: no such command"),
        ("python -m tools preview x.json --htlm", "python -m tools preview: no option --htlm"),
        ("make tests", "make tests: no such target"),
    ],
)
def test_what_is_not_there_is_seen(code: str, says: str) -> None:
    assert list(wrong(code)) == [says]
    assert missing("`infra/stacks/nothing.py` and `docs/operations.md`") == ["infra/stacks/nothing.py"]


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("cost", {"NAME", "--app", "--write", "--check"}),
        ("execution_policy", {"security|management", "--write", "--check", "--names"}),
        ("meaning", {"BASE"}),
    ],
)
def test_a_command_that_does_several_things_lists_all_its_arguments(command: str, arguments: set[str]) -> None:
    listed = help_of(command).partition("positional arguments:")[2]
    assert set(re.findall(r"^  (?:-h, )?(\S+)", listed, re.MULTILINE)) == {*arguments, "--help"}
