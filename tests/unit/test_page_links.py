"""Every link between the pages leads somewhere, and every page is reached from README.md."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from infra.project import PROJECT
from tests.pages import EVERY_PAGE, without_fences

_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?\s*\)")
_REFERENCE = re.compile(r"^\[[^\]]+\]:\s+(\S+)", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


@cache
def anchors(page: Path) -> frozenset[str]:
    """What the headings of a page are linked by, as GitHub makes it."""
    text = without_fences(page.read_text(encoding="utf-8"))
    plain = [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in _HEADING.findall(text)]
    made = [re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain]
    assert len(made) == len(set(made)), f"{page.name}: two headings with one anchor"
    return frozenset(made)


def links(page: Path, text: str) -> Iterator[tuple[str, Path, str]]:
    """Each link to a file of ours: as written, the file, the anchor."""
    told = without_fences(text)
    for written in (*_LINK.findall(told), *_REFERENCE.findall(told)):
        if not re.match(r"[a-z]+:", written):
            file, _, anchor = written.partition("#")
            yield written, (page.parent / file).resolve() if file else page, anchor


def broken(page: Path, text: str) -> list[str]:
    """The links of a page that lead nowhere."""
    return [
        written
        for written, file, anchor in links(page, text)
        if not file.is_relative_to(PROJECT)
        or not file.exists()
        or (anchor and (file.suffix != ".md" or anchor not in anchors(file)))
    ]


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    assert broken(page, page.read_text(encoding="utf-8")) == []


def test_every_page_is_reached_from_the_first_one() -> None:
    reached: set[Path] = set()
    waiting = [PROJECT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            waiting += [file for _, file, _ in links(page, page.read_text(encoding="utf-8")) if file.suffix == ".md"]
    assert sorted(set(EVERY_PAGE) - reached) == []


def test_the_first_page_leads_to_every_page_of_the_manual() -> None:
    first = PROJECT / "README.md"
    named = {file for _, file, _ in links(first, first.read_text(encoding="utf-8"))}
    assert sorted(set((PROJECT / "docs").glob("*.md")) - named) == []


def test_every_picture_is_shown() -> None:
    shown = {file for page in EVERY_PAGE for _, file, _ in links(page, page.read_text(encoding="utf-8"))}
    assert sorted(set((PROJECT / "docs" / "images").iterdir()) - shown) == []


def test_what_leads_nowhere_is_seen() -> None:
    text = "[a](docs/nothing.md) [b](docs/proof.md#nothing) [c](#nothing) [d](LICENSE#x) [e](../elsewhere)\n[f](docs)"
    assert broken(PROJECT / "README.md", text) == [
        "docs/nothing.md",
        "docs/proof.md#nothing",
        "#nothing",
        "LICENSE#x",
        "../elsewhere",
    ]
    assert broken(PROJECT / "README.md", "```\n[a](docs/nothing.md)\n```\n[b](docs/operations.md#age)") == []
