"""The example of a change by hand is what CloudTrail would say, and every example can be read in a terminal.

`python -m tests.unit.tools.preview.test_examples` writes the change again.
"""

import json
from pathlib import Path

import pytest

from tests.watched import call
from tools.preview import main

FOLDER = Path(__file__).parents[4] / "docs" / "examples"
CHANGE = FOLDER / "changes" / "archiving-filter.json"

NARROWEST = 30
"""Characters that a fact has at least in a terminal of 80, or nobody reads it."""


def change() -> str:
    """The event of a filter that archives everything, made by hand."""
    criteria = {"criterion": {"severity": {"gte": 1}}}
    detector = "12abc34d567e8fa901bc2d34e56789f0"
    request = {
        "detectorId": detector,
        "name": "tidy-up",
        "action": "ARCHIVE",
        "rank": 1,
        "findingCriteria": criteria,
    }
    return json.dumps(call("guardduty", "CreateFilter", request), indent=2) + "\n"


def test_the_example_of_a_change_is_current() -> None:
    assert CHANGE.read_text(encoding="utf-8") == change()


@pytest.mark.parametrize("file", sorted(FOLDER.rglob("*.json")), ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_terminal_has_room_for_every_fact_of_an_example(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(file)]) == 0
    printed = capsys.readouterr().out
    lines = [line.strip("│ ") for line in printed.splitlines()]
    assert max(map(len, lines)) <= 80
    # A column that is squeezed shows as many lines in a row of a few characters.
    short = [len(line) < NARROWEST and bool(line) for line in lines]
    assert not any(all(short[place : place + 6]) for place in range(len(short))), printed


if __name__ == "__main__":
    CHANGE.write_text(change(), encoding="utf-8")
