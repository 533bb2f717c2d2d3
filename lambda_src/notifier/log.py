"""The destination on every line of the log, because the metrics of outcomes are made of these lines."""

import logging


class _OfDestination(logging.Filter):
    """Adds the destination's name to a record that does not say it; drops none."""

    def __init__(self, destination: str) -> None:
        super().__init__()
        self._destination = destination

    def filter(self, record: logging.LogRecord) -> bool:
        if "destination" not in record.__dict__:
            record.__dict__["destination"] = self._destination
        return True


def name_destination(destination: str, handlers: list[logging.Handler]) -> None:
    """Have whatever these handlers write say for which destination it is.

    On the handlers, because a filter on a logger does not see the records of the loggers below it.
    """
    for handler in handlers:
        handler.addFilter(_OfDestination(destination))
