"""`python -m tools cases`: every expectation of `config/cases/*.yaml`, checked against the synthesized templates."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from infra.config import ConfigurationError, config_file
from infra.project import PROJECT
from tools.cases.check import Result, checked
from tools.cases.neighbours import wrong_neighbours
from tools.cases.reader import Question, case_files, read_cases
from tools.journey.command import REFUSALS
from tools.journey.world import read_world
from tools.templates.synthesized import synthesized
from tools.templates.wording import counted
from tools.terminal.line_console import line_console
from tools.terminal.progress import Progress
from tools.terminal.today import day, present_day

AS_EXPECTED = 0
SOME_DIFFER = 1
BAD_INPUT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A deployment as of a day, with its answers.

    Attributes:
        edges: How many findings at, beside and outside its egress entries were tried.
        wrong_edges: What is wrong with which.
    """

    name: str
    results: tuple[Result, ...]
    edges: int
    wrong_edges: tuple[str, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the cases, and the findings around every egress entry.

    Returns:
        0 if all is as expected, 1 if something differs, 2 if a file is wrong or the templates cannot be judged.
    """
    options = _parser().parse_args(arguments)
    deployments = sorted(file.stem for file in (PROJECT / "config").glob("*.yaml"))
    try:
        files = options.files or case_files()
        questions = read_cases(files, deployments=deployments)
        if options.deployment:
            config_file(options.deployment, folder=Path(os.path.relpath(PROJECT / "config")))
        # Also those of which no case speaks: the edges of their entries do not depend on cases.
        others = () if options.files else deployments
        found = list(_checked(questions, others, today=options.today, only=options.deployment))
    except REFUSALS as error:
        sys.stderr.write("".join(f"{line}\n" for line in _lines(error)))
        return BAD_INPUT
    show(found, console=line_console())
    wrong = [line for one in found for line in _failures(one)]
    sys.stderr.write("".join(f"{line}\n" for line in wrong))
    return SOME_DIFFER if wrong else AS_EXPECTED


def _checked(
    questions: Sequence[Question], others: Sequence[str], *, today: date | None, only: str | None
) -> Iterator[Checked]:
    progress = Progress()
    now = today or present_day()
    days = list(dict.fromkeys((one.deployment, today or one.today or now) for one in questions))
    silent = set(others) - {name for name, _ in days}
    for name, as_of in (*days, *((name, now) for name in sorted(silent))):
        if only not in {None, name}:
            continue
        about = [one for one in questions if (one.deployment, today or one.today or now) == (name, as_of)]
        with progress.step(f"templates of {name} as of {as_of}"), synthesized(name, today=as_of) as (loaded, assembly):
            world = read_world(assembly, name=name)
        edges, wrong = wrong_neighbours(world, loaded.deployment.egress)
        yield Checked(name=name, results=tuple(checked(world, about)), edges=edges, wrong_edges=wrong)


def show(found: Sequence[Checked], *, console: Console) -> None:
    """Print a table of all cases, and a line for the edges of each deployment's entries."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("", no_wrap=True)
    table.add_column("deployment", no_wrap=True)
    table.add_column("case", overflow="fold")
    table.add_column("what becomes of it", overflow="fold")
    for one in found:
        for result in one.results:
            mark, style = ("no", "red") if result.wrong else ("ok", "")
            table.add_row(mark, one.name, _plain(result.question.name), _plain(result.got), style=style)
    if table.row_count:
        console.print(table)
    else:
        console.print("no case speaks of it; docs/explain.md says how to write one", markup=False, highlight=False)
    for one in found:
        if not one.edges:
            console.print(f"{one.name}: no egress entry is in force, so none has edges", markup=False, highlight=False)
            continue
        wrong = f", {len(one.wrong_edges)} wrong" if one.wrong_edges else ": each is as it should be"
        edges = f"{counted(one.edges, 'finding')} around egress entries"
        console.print(f"{one.name}: {edges}{wrong}", markup=False, highlight=False)


def _failures(one: Checked) -> Iterator[str]:
    for result in one.results:
        question = result.question
        for clause in result.wrong:
            yield f"{question.place}: {question.name}: {one.name}: {clause}"
    for edge in one.wrong_edges:
        yield f"{one.name}: {edge}"


def _plain(text: str) -> str:
    # an address or a name may hold what rich takes for markup
    return text.replace("[", r"\[")


def _lines(error: Exception) -> Iterator[str]:
    # mistakes of files begin with their place already
    yield str(error) if isinstance(error, ConfigurationError) else f"cases: {error}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools cases", description=__doc__)
    parser.add_argument("files", metavar="CASES.yaml", type=Path, nargs="*", help="default: all of config/cases")
    parser.add_argument("--deployment", metavar="NAME", help="only what is expected in config/NAME.yaml")
    parser.add_argument("--today", metavar="DATE", type=day, help="as of that day, 2026-11-23, whatever the files say")
    return parser


if __name__ == "__main__":
    sys.exit(main())
