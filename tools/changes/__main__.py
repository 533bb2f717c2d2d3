"""`python -m tools changes BASE_CDK_OUT NEW_CDK_OUT`: what a change means, from the templates before and after it."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from tools.changes.change import Kind
from tools.changes.report import report
from tools.changes.show import as_json, as_markdown, show
from tools.templates.assembly import AssemblyError, read_assembly
from tools.templates.wording import counted

PASSES = 0
FAILS = 1
BAD_INPUT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Say what changes.

    Returns:
        0; 1 if there is, or may be, a change of a kind named by `--fail-on`; 2 if a folder is no cloud assembly.
    """
    options = _parser().parse_args(arguments)
    try:
        found = report(read_assembly(options.base), read_assembly(options.new))
    except AssemblyError as error:
        sys.stderr.write(f"changes: {error}\n")
        return BAD_INPUT
    failing = found.failing(options.fail_on)
    if options.format == "json":
        sys.stdout.write(json.dumps(as_json(found, failing=failing), indent=2, ensure_ascii=False) + "\n")
    elif options.format == "markdown":
        sys.stdout.write(as_markdown(found))
    else:
        show(found, console=_console())
    if failing:
        named = ", ".join(kind.value for kind in options.fail_on)
        sys.stderr.write(f"changes: {counted(len(failing), 'change')} of the kinds to fail on ({named})\n")
    return FAILS if failing else PASSES


def _console() -> Console:
    # into a pipe nothing is folded: a line is a change
    return Console() if sys.stdout.isatty() else Console(soft_wrap=True, color_system=None)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools changes", description=__doc__)
    parser.add_argument("base", metavar="BASE_CDK_OUT", type=Path, help="the templates before the change")
    parser.add_argument("new", metavar="NEW_CDK_OUT", type=Path, help="the templates after it")
    parser.add_argument(
        "--format",
        choices=("terminal", "markdown", "json"),
        default="terminal",
        help="terminal: to read (default); markdown: for a pull request; json: for another program",
    )
    parser.add_argument(
        "--fail-on",
        metavar="KINDS",
        type=_kinds,
        default=(),
        help="exit with 1 for a change that is, or may be, one of: blind (we see or send less), permission (somebody "
        "may do more), replacement (made anew, or deleted); several with commas",
    )
    return parser


def _kinds(text: str) -> tuple[Kind, ...]:
    try:
        return tuple(Kind(name.strip()) for name in text.split(","))
    except ValueError as error:
        allowed = ", ".join(kind.value for kind in Kind)
        raise argparse.ArgumentTypeError(f"must be some of {allowed}, with commas, got {text!r}") from error


if __name__ == "__main__":
    sys.exit(main())
