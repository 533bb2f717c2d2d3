"""The pages of the documentation, and the code on them."""

import re
from collections.abc import Iterator

from infra.app import PROJECT

PAGES = (
    PROJECT / "README.md",
    PROJECT / "CONTRIBUTING.md",
    *sorted((PROJECT / "docs").glob("*.md")),
    *sorted((PROJECT / "docs" / "runbooks").glob("*.md")),
)


def blocks(text: str) -> Iterator[str]:
    """The code of a page: fenced blocks with joined lines, and code in the text."""
    for fenced in re.findall(r"^ *```[a-z]*\n(.*?)^ *```", text, flags=re.DOTALL | re.MULTILINE):
        yield from re.sub(r"\\\n\s*", " ", fenced).splitlines()
    without = re.sub(r"^ *```.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE)
    yield from (code.replace("\n", " ") for code in re.findall(r"`([^`]+)`", without))
