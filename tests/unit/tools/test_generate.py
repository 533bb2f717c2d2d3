"""Every file that comes from the code is written by one command, and each says where it comes from."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from infra.project import PROJECT
from tools import generate


def test_every_file_that_says_it_is_written_is_written() -> None:
    known = {one.file for one in (*generate.GENERATED, *generate.FROM_ENVIRONMENTS)}
    pages = [*(PROJECT / "docs").glob("*.md"), PROJECT / "README.md"]
    written = {page for page in pages if "<!--" in (text := page.read_text(encoding="utf-8")) and "ritten" in text}
    assert {str(page.relative_to(PROJECT)) for page in written} <= known
    assert all(list(PROJECT.glob(file)) for file in known)


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One file that changes and one that does not."""

    def writing(name: str, text: str) -> generate.Generated:
        def command(arguments: Sequence[str]) -> int:
            assert arguments == ["--write"]
            (tmp_path / name).write_text(text, encoding="utf-8")
            return 0

        return generate.Generated(name, command, "a test")

    (tmp_path / "same").write_text("same", encoding="utf-8")
    monkeypatch.setattr(generate, "PROJECT", tmp_path)
    monkeypatch.setattr(generate, "GENERATED", (writing("new", "new"), writing("same", "same")))
    return tmp_path


def test_it_says_what_changed(two: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main([]) == 0
    assert [line.split()[-4:] for line in capsys.readouterr().out.splitlines()] == [
        ["new", "from", "a", "test"],
        ["same", "from", "a", "test"],
    ]
    assert generate.main([]) == 0
    assert capsys.readouterr().out.count("as it was") == 2
    assert (two / "new").read_text(encoding="utf-8") == "new"


def test_fails_with_the_words_of_the_command_that_failed(
    two: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: Sequence[str]) -> int:
        sys.stderr.write("it rains\n")
        return 2

    monkeypatch.setattr(generate, "FROM_ENVIRONMENTS", (generate.Generated("wet", broken, "rain"),))
    assert generate.main(["--all"]) == 1
    told = capsys.readouterr()
    assert told.err == "generate: wet: ended with 2\nit rains\n"
    assert "written    new" in told.out
