"""A log of JSON lines where Lambda writes none by itself: GovCloud and China have no JSON log format for functions.

Metrics and alarms are made of the fields of these lines. They have the names that Lambda's own format gives them
(Lambda developer guide, advanced logging controls).
"""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime

VARIABLE = "LOG_LINES"
"""The variable of the environment that asks for it; the template sets it together with the format of the function."""

_OWN = frozenset({*logging.makeLogRecord({}).__dict__, "message", "asctime", "aws_request_id", "tenant_id"})


class JsonLines(logging.Formatter):
    """One JSON object for each record, with what `extra` holds beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter`."""
        line: dict[str, object] = {
            "timestamp": f"{datetime.fromtimestamp(record.created, UTC).isoformat()[:19]}Z",
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            "requestId": getattr(record, "aws_request_id", None),
        }
        line |= {
            name: value for name, value in vars(record).items() if name not in _OWN and not name.startswith("_frame")
        }
        if record.exc_info and record.exc_info[0]:
            line |= {
                "errorType": record.exc_info[0].__name__,
                "errorMessage": str(record.exc_info[1]),
                "stackTrace": self.formatException(record.exc_info).splitlines(),
            }
        return json.dumps(line, default=str, ensure_ascii=False) + "\n"


def write_json_lines(environment: Mapping[str, str]) -> None:
    """Have the root logger's handlers write such lines from `INFO` on, if the environment asks for it."""
    if environment.get(VARIABLE) != "JSON":
        return
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    for handler in root.handlers:
        handler.setFormatter(JsonLines())
