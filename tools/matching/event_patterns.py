"""Which events match which event patterns of EventBridge: asked of the embedded AWS's own engine, in one go."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from infra.project import PROJECT
from tools.emulator.process import DEFAULT_PYTHON

_WITHIN = 120.0

Pattern = Mapping[str, object]
Event = Mapping[str, object]


class PatternEngineError(Exception):
    """The engine cannot be asked; the text says what to do."""


class PatternRefusedError(ValueError):
    """A pattern whose meaning nobody can tell for certain, or that EventBridge would not take."""


def matches(
    patterns: Sequence[Pattern], events: Sequence[Event], *, python: Path | None = None
) -> tuple[tuple[bool, ...], ...]:
    """Ask for every pattern about every event; a row for each pattern, in order.

    There is no matcher in this project: a rule is judged by the engine that answers `TestEventPattern` in the
    emulator (docs/decisions/0030-ask-the-emulators-engine.md). It is started for one question with any number of
    pairs, which takes a quarter of a second and a few microseconds for each.

    Args:
        patterns: Event patterns, as they stand in a template.
        events: Whole events, with their envelope.
        python: The interpreter of the environment that has ministack; default `EMULATOR_PYTHON`, else
            `.venv-emulator/bin/python` of the project.

    Raises:
        PatternRefusedError: Names the pattern, and why.
        PatternEngineError: The emulator's environment is missing, or not the one this was written for.
    """
    for pattern in patterns:
        _refuse_doubtful(pattern, pattern)
    if not patterns or not events:
        return tuple(() for _ in patterns)
    asked = json.dumps({"patterns": list(map(json.dumps, patterns)), "events": list(map(json.dumps, events))})
    rows = _asked(asked, python or Path(os.environ.get("EMULATOR_PYTHON") or DEFAULT_PYTHON))
    for pattern, row in zip(patterns, rows, strict=True):
        if "refused" in row:
            raise PatternRefusedError(f"the event pattern {json.dumps(pattern)} is refused: {row['refused']}")
    return tuple(tuple(bool(one) for one in row["matches"]) for row in rows)


def _asked(question: str, python: Path) -> list[dict[str, list[object]]]:
    try:
        done = subprocess.run(
            [str(python), "-m", "tools.emulator.pattern_worker"],
            input=question,
            check=False,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=_WITHIN,
            cwd=PROJECT,
            # Nothing else of the caller's: no settings of AWS, and nothing that bends its Python.
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1"},
        )
    except OSError as error:
        raise PatternEngineError(
            f"{python}: cannot be started: {error.strerror}; `make setup` creates it, EMULATOR_PYTHON names another"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise PatternEngineError(f"the pattern engine did not answer within {_WITHIN:g} s; ask about less") from error
    if done.returncode:
        raise PatternEngineError(f"the pattern engine ended with code {done.returncode}: {done.stderr.strip()[-2000:]}")
    rows: list[dict[str, list[object]]] = json.loads(done.stdout)["rows"]
    return rows


def _refuse_doubtful(part: object, pattern: Pattern) -> None:
    for name, value in _members(part):
        # The one place where the engine was seen to differ from AWS's own (aws/event-ruler), on 4,000 random pairs.
        if name == "cidr" and isinstance(value, str) and value.endswith("/0"):
            raise PatternRefusedError(
                f"the event pattern {json.dumps(pattern)} asks for the range {value}: which values that matches cannot "
                "be told for certain; leave the condition out, or name two halves (/1)"
            )
        _refuse_doubtful(value, pattern)


def _members(part: object) -> Iterator[tuple[str, object]]:
    if isinstance(part, Mapping):
        yield from part.items()
    elif isinstance(part, list | tuple):
        yield from (("", one) for one in part)
