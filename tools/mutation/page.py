"""The scores in docs/mutation.md, each with its date."""

import re
from collections.abc import Mapping
from datetime import date

from infra.project import PROJECT
from tools.mutation.modules import MODULES
from tools.mutation.results import Result

PAGE = PROJECT / "docs" / "mutation.md"
_HEAD = (
    "| Module | Mutants | Killed | Ended at the limit | Survived | Equivalent | Score | Measured |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n"
)
_TABLE = re.compile(re.escape(_HEAD) + r"(?:\| .*\n)*")


def row(name: str, result: Result, *, measured: str) -> str:
    """One module, as a line of the table."""
    survived = len(result.survived) + result.strange
    figures = (result.mutants, result.killed, result.timeout, survived, result.equivalent)
    return f"| {name} | {' | '.join(f'{figure:,}' for figure in figures)} | {result.score:.1f} % | {measured} |\n"


def with_scores(page: str, results: Mapping[str, Result], *, today: date, version: str) -> str:
    """The page with new lines for these modules; the others keep theirs."""
    found = _TABLE.search(page)
    if found is None:
        raise ValueError(f"docs/mutation.md: the table is missing; it begins with {_HEAD.splitlines()[0]!r}")
    lines = {line.split(" | ")[0].removeprefix("| "): f"{line}\n" for line in found[0].splitlines()[2:]}
    lines |= {name: row(name, one, measured=f"{today}, {version}") for name, one in results.items()}
    return page.replace(found[0], _HEAD + "".join(lines[name] for name in MODULES if name in lines))
