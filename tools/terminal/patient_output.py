"""Standard output into a pipe that may be left early, as by `| head -1`: the command goes on to its own exit code."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class _Patient(io.FileIO):
    """A file that takes what nobody reads any more."""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            return memoryview(data).nbytes


def outlive_the_reader() -> None:
    """Let standard output go on when its reader ends, and write a code where its encoding lacks a character."""
    if not isinstance(sys.stdout, io.TextIOWrapper):
        return
    sys.stdout.reconfigure(errors="backslashreplace")
    if not sys.stdout.isatty():
        sys.stdout.flush()
        patient = io.BufferedWriter(_Patient(sys.stdout.fileno(), "w", closefd=False))
        sys.stdout = io.TextIOWrapper(patient, encoding=sys.stdout.encoding, errors=sys.stdout.errors)
