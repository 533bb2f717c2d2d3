"""`python -m tools suppressions`: every suppression, who answers for it, and how long it still counts."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.config import ConfigurationError, config_file, load
from infra.project import PROJECT
from tools.suppressions.document import as_json
from tools.suppressions.ledger import ledger
from tools.suppressions.show import show
from tools.terminal.line_console import line_console
from tools.terminal.today import add_today, present_day

ALL_CURRENT = 0
SOME_EXPIRED = 1
WRONG_CONFIGURATION = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the ledger of a configuration.

    Returns:
        0 if every entry counts, 1 if one has expired, 2 if the configuration is wrong.
    """
    options = _parser().parse_args(arguments)
    folder = Path(os.path.relpath(PROJECT / "config"))
    try:
        file = options.file or config_file(options.name, folder=folder)
        today = options.today or present_day()
        loaded = load(file, today=today, with_found=False)
        lines = ledger(loaded, today=today)
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return WRONG_CONFIGURATION
    if options.json:
        content = as_json(lines, deployment=loaded.deployment, today=today)
        sys.stdout.write(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    else:
        show(lines, console=line_console(), deployment=loaded.deployment, today=today)
    return SOME_EXPIRED if any(line.expired for line in lines) else ALL_CURRENT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools suppressions", description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("name", metavar="NAME", nargs="?", default="sandbox", help="config/NAME.yaml (default: sandbox)")
    which.add_argument("--file", metavar="FILE", type=Path, help="a configuration file elsewhere")
    add_today(parser)
    parser.add_argument("--json", action="store_true", help="for another program")
    return parser


if __name__ == "__main__":
    sys.exit(main())
