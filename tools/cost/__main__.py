"""`python -m tools cost NAME`: what a deployment pays each month whatever happens, and docs/cost.md."""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from infra.config import ConfigurationError
from infra.project import PROJECT
from tools.cost.page import EXAMPLES, charge_rows, with_counts
from tools.cost.prices import DATE
from tools.cost.standing import standing
from tools.templates.assembly import Assembly, AssemblyError, read_assembly
from tools.templates.synthesized import SynthFailedError, synthesized
from tools.terminal.generated_file import keep_current
from tools.terminal.progress import Progress
from tools.terminal.today import present_day

PAGE = PROJECT / "docs" / "cost.md"
BAD_INPUT = 2
_NOT_IN_IT = (
    "Not in it: GuardDuty and Detective, which are the bill and depend on what your accounts do, and cents by use. "
    "docs/cost.md has both, and the source of each price."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.write or options.check:
            return keep_current(
                ["--write" if options.write else "--check"],
                command="python -m tools cost",
                about=__doc__,
                file=PAGE,
                name="docs/cost.md",
                text=current_page,
            )
        assembly = read_assembly(options.app) if options.app else _deployment(options.name)
    except (ConfigurationError, AssemblyError, SynthFailedError) as error:
        print(f"cost: {error}", file=sys.stderr)
        return BAD_INPUT
    _print(assembly)
    return 0


def current_page() -> str:
    """docs/cost.md as it should be: on the day of its prices, whatever day it is."""
    today = date.fromisoformat(DATE)
    templates = {
        example.deployment: templates_of(example.deployment, today=today, opt_in=example.opt_in) for example in EXAMPLES
    }
    return with_counts(PAGE.read_text(encoding="utf-8"), templates)


def _deployment(name: str) -> Assembly:
    with Progress().step(f"templates of {name}"):
        return templates_of(name, today=present_day())


def templates_of(name: str, *, today: date, opt_in: bool = True) -> Assembly:
    """The templates of a deployment, or those in Regions that need no opt-in; read, so that nothing is left behind.

    Raises:
        ConfigurationError: There is no such deployment, or something in it is wrong.
        SynthFailedError: The app refuses it.
    """
    with synthesized(name, today=today, opt_in=opt_in) as (_, assembly):
        return assembly


def _print(assembly: Assembly) -> None:
    charges = standing(assembly)
    table = Table(title=f"US dollars a month, prices of {DATE}", title_justify="left")
    table.add_column("What")
    for name in ("How many", "Each", "A month"):
        table.add_column(name, justify="right")
    for row in charge_rows(charges):
        table.add_row(*row)
    table.add_section()
    table.add_row("Together", "", "", f"{sum(charge.dollars for charge in charges):,.2f}")
    console = Console()
    console.print(table)
    console.print(_NOT_IN_IT, highlight=False)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools cost",
        description="Count what a deployment pays each month whatever happens, from its templates.",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("name", metavar="NAME", nargs="?", default="sandbox", help="config/NAME.yaml (default: sandbox)")
    which.add_argument("--app", metavar="CDK_OUT", type=Path, help="an existing folder of templates, such as cdk.out")
    which.add_argument("--write", action="store_true", help="write docs/cost.md instead")
    which.add_argument("--check", action="store_true", help="fail if docs/cost.md is not current")
    return parser


if __name__ == "__main__":
    sys.exit(main())
