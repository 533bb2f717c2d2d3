"""The function's entry point; it decides nothing."""

import logging
import os
from collections.abc import Mapping

from notifier.batch import BatchResponse, Notifier, seconds_left
from notifier.log import name_destination
from notifier.queue.pace import Pace
from notifier.settings import Settings
from shared.json_lines import write_json_lines
from shared.known import read_known

# At init, so that a wrong environment is an error of the function (alarm) and the messages stay in the queue.
write_json_lines(os.environ)
_SETTINGS = Settings.from_environment(os.environ, known=read_known(os.environ.get("LAMBDA_TASK_ROOT")))
name_destination(_SETTINGS.destination_name, logging.getLogger().handlers)
_SENDER = _SETTINGS.sender()
_QUEUES = _SETTINGS.queues()
_NOTIFIER = Notifier(
    around=_SETTINGS.around,
    destination=_SETTINGS.destination_name,
    sender=_SENDER,
    queues=_QUEUES,
    pace=Pace(_SENDER.seconds_between),
    told=_SETTINGS.told(_QUEUES),
    expected=_SETTINGS.expected,
)


def handler(event: Mapping[str, object], context: object) -> BatchResponse:
    """Deliver a batch of queue messages; the failed ones come again."""
    return _NOTIFIER.handle(event, seconds_left=seconds_left(context))
