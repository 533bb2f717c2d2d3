"""`python -m tools pictures`: take the pictures of the documentation again."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.config import config_file, load
from infra.project import PROJECT
from tools.imaging.browser import Browser, NoBrowser
from tools.imaging.png import smaller
from tools.messages.html import render_message
from tools.pictures.subjects import subjects
from tools.terminal.today import present_day

FOLDER = PROJECT / "docs" / "images"
WIDTH, MOST_HEIGHT = 760, 1900
"""Pixels. What is longer is cut: a responder reads the top, and `python -m tools preview` shows all of it."""

OK, NOT_TAKEN = 0, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code."""
    options = _parser().parse_args(arguments)
    file = config_file("sandbox", folder=Path(os.path.relpath(PROJECT / "config")))
    wanted = subjects(load(file, today=present_day()).deployment)
    if options.only and options.only not in wanted:
        print(f"pictures: --only: unknown {options.only!r}; choose one of {', '.join(wanted)}", file=sys.stderr)
        return NOT_TAKEN
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        browser = Browser.found()
        for name, subject in wanted.items():
            if options.only in {None, name}:
                page = render_message(subject.brief, subject.kind)
                picture = smaller(browser.picture(page, width=WIDTH, most_height=MOST_HEIGHT, dark=options.dark))
                (folder / f"{name}.png").write_bytes(picture)
                print(f"{folder / name}.png  {len(picture) // 1024} KiB")
    except NoBrowser as error:
        print(f"pictures: {error}", file=sys.stderr)
        return NOT_TAKEN
    return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools pictures",
        description="Take the pictures of docs/images again, with a headless Chromium. Look at them before you commit.",
    )
    parser.add_argument("--only", metavar="NAME", help="only this one, such as slack-message")
    parser.add_argument("--dark", action="store_true", help="as readers with a dark theme see it")
    parser.add_argument("--folder", default=os.path.relpath(FOLDER), help="write there (default: docs/images)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
