"""`python -m tools demo`, or `… organization`: exit code 0 if all went as promised, 1 if not, 130 after Ctrl-C."""

import argparse
import signal
import sys
from collections.abc import Sequence
from importlib import import_module

from infra.interrupt import INTERRUPTED

DEMOS = {None: "tools.demo.run", "organization": "tools.demo.organization.run"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a demo, and leave quietly when interrupted at any time."""
    name = _parser().parse_args(arguments).name
    try:
        # Imported here: that alone takes long enough for somebody to press Ctrl-C.
        code: int = import_module(DEMOS[name]).main()
    except KeyboardInterrupt:
        # A second and third Ctrl-C come easily; everything is ended already, and the exit code shall stay what it is.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.stdout.write("\nstopped; everything that was started has been ended\n")
        return INTERRUPTED
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools demo",
        description="Deploy to an embedded AWS and follow what happens; exit code 0 if all went as promised, 1 if not.",
    )
    parser.add_argument(
        "name", nargs="?", choices=tuple(name for name in DEMOS if name), metavar="organization",
        help="roll out an organization; left out: one account, and three findings through it",
    )  # fmt: skip
    return parser


if __name__ == "__main__":
    sys.exit(main())
