"""`python -m tools routes [NAME]`: who is told of what, from the synthesized templates."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.journey.command import REFUSALS, world_of
from tools.routes.show import as_html, as_markdown, show
from tools.routes.table import route_tables
from tools.terminal.line_console import line_console
from tools.terminal.today import add_today

ALL_ROUTED = 0
SOME_UNROUTED = 1
BAD_INPUT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table of a deployment, or write it as a page.

    Returns:
        0 if somebody is told of every kind of finding, 1 if there is one of which nobody is, 2 if the input is wrong,
        or if something cannot be told from templates for certain.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.output and options.format == "terminal":
        parser.error("--output: needs --format markdown or html, which are what can be written")
    try:
        with world_of(options.name, app=options.app, today=options.today) as world:
            tables = route_tables(world)
        if options.format == "terminal":
            show(tables, name=world.name, console=line_console())
        else:
            text = {"markdown": as_markdown, "html": as_html}[options.format](tables, name=world.name)
            _write(text, options.output)
    except REFUSALS as error:
        sys.stderr.write(f"routes: {error}\n")
        return BAD_INPUT
    except OSError as error:
        sys.stderr.write(f"routes: {options.output}: cannot be written: {error.strerror}\n")
        return BAD_INPUT
    return SOME_UNROUTED if any(table.unrouted for table in tables) else ALL_ROUTED


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools routes", description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("name", metavar="NAME", nargs="?", default="sandbox", help="config/NAME.yaml (default: sandbox)")
    which.add_argument("--app", metavar="CDK_OUT", type=Path, help="an existing folder of templates, such as cdk.out")
    add_today(parser)
    parser.add_argument(
        "--format",
        choices=("terminal", "markdown", "html"),
        default="terminal",
        help="terminal: to read (default); markdown: for a page of docs; html: a whole page",
    )
    parser.add_argument("--output", metavar="FILE", type=Path, help="write markdown or html there")
    return parser


if __name__ == "__main__":
    sys.exit(main())
