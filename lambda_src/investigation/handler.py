"""The entry point of the function that looks; it decides nothing."""

import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from investigation.aws import Aws
from investigation.history import Reader
from investigation.settings import Settings
from investigation.worker import Worker
from shared.json_lines import write_json_lines
from shared.known import read_known

# At init, so that a wrong environment is an error of the function rather than an investigation of nothing.
write_json_lines(os.environ)
_SETTINGS = Settings.from_environment(os.environ, known=read_known(os.environ.get("LAMBDA_TASK_ROOT")))

_SPARE = 60.0
"""Seconds that stay for what comes after reading."""


def handler(event: Mapping[str, object], context: object) -> object:
    """Do one step; the clock is read here and nowhere below."""
    milliseconds = getattr(context, "get_remaining_time_in_millis", None)
    left = float(milliseconds()) / 1000 if callable(milliseconds) else 2 * _SPARE
    return Worker(
        settings=_SETTINGS,
        # Made anew each time: the sessions of members end.
        accounts=Aws(_SETTINGS),
        now=datetime.now(UTC),
        reader=Reader(deadline=time.monotonic() + max(left - _SPARE, 1.0)),
    ).run(event)
