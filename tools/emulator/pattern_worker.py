"""Answers which events match which patterns, with the engine of the embedded AWS.

Started by `tools.matching.event_patterns`, in the emulator's own virtual environment. Reads one JSON document from
standard input and writes one.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tools.emulator.borrowed import PINNED_MINISTACK, Reply, borrow, document_of, installed, stop


def main() -> None:
    """Read `{"patterns": […], "events": […]}`, all as JSON texts; write a row of answers for each pattern.

    A row is `{"matches": [true, …]}` in the order of the events, or `{"refused": "…"}` in the engine's own words.
    """
    if installed() != PINNED_MINISTACK:
        stop(f"ministack {installed()} is installed; this needs {PINNED_MINISTACK}: run `make setup`")
    test_event_pattern = borrow("ministack.services.eventbridge", "_test_event_pattern")
    asked = json.load(sys.stdin)
    rows = [_row(test_event_pattern, pattern, asked["events"]) for pattern in asked["patterns"]]
    json.dump({"rows": rows}, sys.stdout)


def _row(test: Callable[[dict[str, str]], Reply], pattern: str, events: Sequence[str]) -> dict[str, Any]:
    try:
        return {"matches": list(_matches(test, pattern, events))}
    except ValueError as refusal:
        return {"refused": str(refusal)}


def _matches(test: Callable[[dict[str, str]], Reply], pattern: str, events: Sequence[str]) -> Iterator[bool]:
    for event in events:
        yield document_of(test({"EventPattern": pattern, "Event": event}))["Result"]


if __name__ == "__main__":
    main()
