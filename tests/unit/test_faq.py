"""docs/faq.md: what it quotes of us we still say, and what we say about a deployment stands on it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from infra.project import PROJECT

OTHERS_SAY = "Bootstrap and deployment"
"""The section with texts of AWS and the CDK CLI; elsewhere theirs stand between quotation marks, and ours as code."""

SHORTEST = 6
"""Characters of a quotation between two ellipses; fewer would be found anywhere."""

ALL_THERE = ("infra/config/notices.py", "lambda_src/organization", "tools/doctor")
"""Whose every sentence about a failure has an entry: what a person meets on the way to a deployment."""

NO_FAILURE = {
    " and {} more, all of them in the function's log",
    "members whose history Detective does not take",
    "already is, somebody else's; repeats every {}; only filters are added",
    "already is, somebody else's; stays as it is",
    "{} already are, {} will be created, {} will be deleted, {} are of others: at most {} at once, of {} in the Region",
}
"""Sentences of these that tell of nothing wrong, or the end of one."""


def sentences(file: Path) -> Iterator[str]:
    """The texts of a file, with `{}` for what is filled in; docstrings left out."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    left_out = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            left_out |= {id(part) for part in node.values}
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield node.value


@cache
def ours() -> str:
    """Every text of the code, one a line."""
    files = [PROJECT / "app.py", *(file for root in ("infra", "lambda_src", "tools") for file in code(root))]
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    return "\n".join([*(text for file in files for text in sentences(file)), makefile])


def code(path: str) -> list[Path]:
    return [PROJECT / path] if path.endswith(".py") else sorted((PROJECT / path).rglob("*.py"))


@cache
def quoted() -> dict[str, list[str]]:
    """What each section quotes of us: the code in the first column, between its ellipses."""
    page = (PROJECT / "docs" / "faq.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)$", page, flags=re.MULTILINE)[1:]
    return {
        heading: [
            fragment.strip()
            for first in re.findall(r"^\| ([^|]+) \| ", text, re.MULTILINE)
            for quotation in re.findall(r"`([^`]+)`", first)
            for fragment in quotation.split("…")
            if len(fragment.strip()) >= SHORTEST
        ]
        for heading, text in zip(parts[::2], parts[1::2], strict=True)
    }


@pytest.mark.parametrize("heading", [one for one in quoted() if one != OTHERS_SAY])
def test_what_the_page_quotes_is_still_said(heading: str) -> None:
    assert [fragment for fragment in quoted()[heading] if fragment not in ours()] == []


def test_a_text_that_was_reworded_would_be_seen() -> None:
    assert "must be publicly routable" in ours()
    assert "must be publicly routed" not in ours()
    assert len([one for those in quoted().values() for one in those]) > 150


def test_no_row_stands_there_twice() -> None:
    page = (PROJECT / "docs" / "faq.md").read_text(encoding="utf-8")
    sections = re.split(r"^## ", page, flags=re.MULTILINE)
    for section in sections:
        firsts = re.findall(r"^\| ([^|]+) \| ", section, re.MULTILINE)
        assert len(firsts) == len(set(firsts)), section[:40]


@pytest.mark.parametrize("path", ALL_THERE)
def test_every_failure_on_the_way_to_a_deployment_has_an_entry(path: str) -> None:
    said = [text for file in code(path) for text in sentences(file) if says_a_failure(text)]
    fragments = [fragment for those in quoted().values() for fragment in those]
    assert said
    assert [text for text in said if not any(fragment in text for fragment in fragments)] == []


def test_what_is_called_no_failure_is_said_somewhere() -> None:
    assert [text for text in NO_FAILURE if text not in ours()] == []


def says_a_failure(text: str) -> bool:
    """A sentence, and neither a command to run nor the help of an option."""
    command = re.match(r"(aws|npx|python) |(whose|only|profile) ", text)
    return len(text) > 40 and text.count(" ") > 5 and not command and text not in NO_FAILURE
