"""The text of a file that somebody named, or the reason why it cannot be one of ours."""

import stat
from pathlib import Path

MAX_BYTES = 256 * 1024
WHAT_IT_IS = "a configuration is a few kilobytes"


class RefusedError(Exception):
    """Reading cannot go on.

    Attributes:
        text: The reason, for a message that begins with the file's name.
        line: Line in the file, from 1; 0 if it is the file itself.
    """

    def __init__(self, text: str, *, line: int = 0) -> None:
        super().__init__(text)
        self.text = text
        self.line = line


def printable(path: Path) -> str:
    """Write a path so that it can be printed anywhere, whatever bytes the name holds."""
    text = str(path)
    return text if text.isprintable() else repr(text)[1:-1]


def file_text(path: Path, *, most: int = MAX_BYTES, what: str = WHAT_IT_IS) -> str:
    """Read a file of at most `most` bytes as UTF-8 text.

    Args:
        path: The file.
        most: Largest size accepted, in bytes.
        what: How large such a file usually is, for the refusal.

    Raises:
        RefusedError: It is missing, no file, too large, or no such text.
    """
    content = _content(path, most)
    if len(content) > most:
        raise RefusedError(f"is larger than {most // 1024} KiB; {what}, is this the right file?")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RefusedError("is UTF-16 text; save it as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = f"0x{content[error.start]:02x}"
        line = content.count(b"\n", 0, error.start) + 1
        raise RefusedError(f"is not UTF-8 text, got the byte {byte}; save it as UTF-8", line=line) from error


def _content(path: Path, most: int) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise RefusedError("is a folder; name a file in it")
        if not stat.S_ISREG(mode):
            # a pipe would keep us waiting
            raise RefusedError("is not a regular file")
        with path.open("rb") as file:
            return file.read(most + 1)
    except FileNotFoundError as error:
        raise RefusedError("no such file") from error
    except OSError as error:
        raise RefusedError(f"cannot be read: {(error.strerror or str(error)).lower()}") from error
    except ValueError as error:  # a zero byte; Python's own words differ between versions
        raise RefusedError("cannot be read: no file can have this name") from error
