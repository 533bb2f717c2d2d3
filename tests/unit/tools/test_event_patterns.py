"""The pattern engine against verdicts that were written down from EventBridge's documentation and aws/event-ruler."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tools.matching.event_patterns import PatternEngineError, PatternRefusedError, matches

RECORDED: list[dict[str, Any]] = json.loads(Path(__file__).with_name("pattern_verdicts.json").read_text("utf-8"))
TELLING = [one for one in RECORDED if one["verdict"] != "refused"]


@pytest.fixture(scope="module")
def rows() -> tuple[tuple[bool, ...], ...]:
    """Every recorded pattern against every recorded event, in one question."""
    return matches([one["pattern"] for one in TELLING], [one["event"] for one in TELLING])


@pytest.mark.parametrize("number", range(len(TELLING)), ids=lambda number: TELLING[number]["about"])
def test_the_engine_says_what_is_recorded(rows: tuple[tuple[bool, ...], ...], number: int) -> None:
    assert rows[number][number] is TELLING[number]["verdict"]


@pytest.mark.parametrize("one", [one for one in RECORDED if one["verdict"] == "refused"], ids=lambda one: one["about"])
def test_fails_for_a_pattern_that_eventbridge_refuses_or_nobody_can_judge(one: dict[str, Any]) -> None:
    with pytest.raises(PatternRefusedError, match="the event pattern"):
        matches([one["pattern"]], [one["event"]])


def test_fails_with_words_without_the_emulators_environment(tmp_path: Path) -> None:
    with pytest.raises(PatternEngineError, match=r"cannot be started: .*; `make setup` creates it, EMULATOR_PYTHON"):
        matches([{"source": ["a"]}], [{"source": "a"}], python=tmp_path / "nowhere")


def test_fails_with_words_in_an_environment_without_the_engine() -> None:
    with pytest.raises(PatternEngineError, match=r"ended with code 2: emulator: ministack none is installed"):
        matches([{"source": ["a"]}], [{"source": "a"}], python=Path(sys.executable))


def test_without_a_question_nothing_is_asked(tmp_path: Path) -> None:
    assert matches([{"source": ["a"]}], [], python=tmp_path / "nowhere") == ((),)
