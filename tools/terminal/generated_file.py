"""A file that is written from the code: printed, written, or compared with what it should be."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path


def keep_current(
    arguments: Sequence[str], *, command: str, about: str | None, file: Path, name: str, text: Callable[[], str]
) -> int:
    """Print the text, write it to its file with `--write`, or tell with `--check` whether the file is current.

    Args:
        arguments: Of the command line.
        command: What a person runs, such as `python -m tools configuration_reference`.
        about: What the command is for, for its help.
        file: Where the text belongs.
        name: The file as messages call it.
        text: Makes the text.

    Returns:
        The exit code: 1 if the file is not current, else 0.
    """
    parser = argparse.ArgumentParser(prog=command, description=about)
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--write", action="store_true", help=f"write {name}")
    choice.add_argument("--check", action="store_true", help=f"fail if {name} is not current")
    options = parser.parse_args(arguments)
    if options.write:
        file.write_text(text(), encoding="utf-8")
        return 0
    if options.check:
        if file.is_file() and file.read_text(encoding="utf-8") == text():
            return 0
        sys.stderr.write(f"{name}: is not current; run {command} --write\n")
        return 1
    sys.stdout.write(text())
    return 0
