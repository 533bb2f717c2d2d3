"""Where Lambda writes no JSON, functions do, in the fields of which metrics and alarms are made."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from shared.json_lines import VARIABLE, JsonLines, write_json_lines


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the root logger writes; it is as it was afterwards."""
    root, stream = logging.getLogger(), io.StringIO()
    before = (root.level, list(root.handlers))
    handler = logging.StreamHandler(stream)
    handler.terminator = ""  # as Lambda's handler has it
    root.handlers = [handler]
    yield stream
    root.level, root.handlers = before


def lines(written: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_what_extra_holds_is_a_field_beside_the_message(written: io.StringIO) -> None:
    write_json_lines({VARIABLE: "JSON"})
    logging.getLogger("notifier.batch").info("delivered %s", "it", extra={"outcome": "delivered", "seconds": 0.2})
    (line,) = lines(written)
    assert line | {"timestamp": ""} == {
        "timestamp": "", "level": "INFO", "message": "delivered it", "logger": "notifier.batch", "requestId": None,
        "outcome": "delivered", "seconds": 0.2,
    }  # fmt: skip


def test_the_request_is_named_and_what_the_runtime_adds_for_itself_is_not(written: io.StringIO) -> None:
    write_json_lines({VARIABLE: "JSON"})
    logging.getLogger().warning("x", extra={"aws_request_id": "42", "_frame_type": b"\x00"})
    (line,) = lines(written)
    assert line["requestId"] == "42"
    assert set(line) == {"timestamp", "level", "message", "logger", "requestId"}


def test_an_exception_is_one_line_too_and_what_json_does_not_know_is_text(written: io.StringIO) -> None:
    write_json_lines({VARIABLE: "JSON"})
    try:
        int("two\nlines")
    except ValueError:
        logging.getLogger().exception("failed", extra={"odd": {1, 2} - {2}})
    (line,) = lines(written)
    said = "invalid literal for int() with base 10: 'two\\nlines'"
    assert (line["errorType"], line["errorMessage"], line["odd"]) == ("ValueError", said, "{1}")
    assert isinstance(line["stackTrace"], list)
    assert line["stackTrace"][-1] == f"ValueError: {said}"


def test_nothing_changes_where_lambda_writes_json_itself(written: io.StringIO) -> None:
    level = logging.getLogger().level
    write_json_lines({})
    assert logging.getLogger().level == level
    assert not isinstance(logging.getLogger().handlers[0].formatter, JsonLines)
