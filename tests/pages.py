"""The pages of the documentation, and the code on them."""

import re
from collections.abc import Iterator

from infra.project import PROJECT

PAGES = (
    PROJECT / "README.md",
    PROJECT / "CONTRIBUTING.md",
    *sorted((PROJECT / "docs").glob("*.md")),
    *sorted((PROJECT / "docs" / "runbooks").glob("*.md")),
)
"""What people work by."""

EVERY_PAGE = (*PAGES, PROJECT / "CHANGELOG.md", *sorted((PROJECT / "docs" / "decisions").glob("*.md")))
"""With what happened, and why."""

_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>[a-z]*)\n(?P<code>.*?)^ *```$", re.DOTALL | re.MULTILINE)


def fences(text: str) -> Iterator[tuple[str, str]]:
    """Language and code of each fenced block."""
    for found in _FENCE.finditer(text):
        yield found["language"], re.sub(rf"^{found['indent']}", "", found["code"], flags=re.MULTILINE)


def without_fences(text: str) -> str:
    """The text of a page alone."""
    return _FENCE.sub("", text)


def blocks(text: str) -> Iterator[str]:
    """The code of a page: fenced blocks with joined lines, and code in the text."""
    for _, code in fences(text):
        yield from re.sub(r"\\\n\s*", " ", code).splitlines()
    yield from (code.replace("\n", " ") for code in re.findall(r"`([^`]+)`", without_fences(text)))
