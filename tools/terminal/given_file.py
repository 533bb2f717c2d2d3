"""The text of a file that somebody names on the command line."""

import sys
from pathlib import Path

_MOST = 4 * 1024 * 1024
"""Bytes of a file that are read: four times what an event can have (EventBridge user guide, quotas)."""


class UnreadableFileError(ValueError):
    """The file gives no text; says why, in words that go on after its name."""


def given_text(path: str) -> str:
    """What the file holds; `-` is standard input.

    Raises:
        UnreadableFileError: It cannot be read, is too large, or is no text.
    """
    try:
        if path == "-":
            if sys.stdin is None:
                raise UnreadableFileError("cannot be read: standard input is closed")
            raw = sys.stdin.buffer.read(_MOST + 1)
        else:
            with Path(path).open("rb") as file:
                raw = file.read(_MOST + 1)
    except OSError as error:
        raise UnreadableFileError(f"cannot be read: {error.strerror}") from None
    if len(raw) > _MOST:
        raise UnreadableFileError("is larger than 4 MiB; EventBridge carries at most 1 MiB")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableFileError("is not UTF-8 text") from None
