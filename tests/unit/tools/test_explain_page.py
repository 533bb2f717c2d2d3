"""docs/explain.md shows what the commands really print."""

from pathlib import Path

import pytest

from tests.unit.tools.cases.test_cases import SHIPPED_DAY
from tools.explain import page


def test_the_page_is_current() -> None:
    assert page.DAY == SHIPPED_DAY
    assert page.main(["--check"]) == 0


def test_fails_without_the_line_after_which_the_tables_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without = tmp_path / "explain.md"
    without.write_text(page.PAGE.read_text(encoding="utf-8").replace(page.MARK, ""), encoding="utf-8")
    monkeypatch.setattr(page, "PAGE", without)
    monkeypatch.setattr(page, "_printed", lambda *_: "")
    with pytest.raises(ValueError, match=r"docs/explain\.md: has no line .*; put it back"):
        page.current_page()
