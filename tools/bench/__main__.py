"""`python -m tools bench`: every benchmark in one run, and `--write DATE` keeps the figures in docs/benchmarks.md."""

import argparse
import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Protocol

from infra.project import PROJECT
from tools.bench import compiler, start_up, synth, throughput
from tools.bench.runtime_api import NoRuntime
from tools.bench.table import Table
from tools.terminal.today import day


class Benchmark(Protocol):
    """Measures; quick for a first look, on fewer rounds."""

    def __call__(self, *, quick: bool = False) -> Sequence[Table]:
        """Figures, and the budgets they have to keep to."""


PAGE = PROJECT / "docs" / "benchmarks.md"
BENCHMARKS: dict[str, Benchmark] = {
    "start-up": start_up.tables,
    "throughput": throughput.tables,
    "compiler": compiler.tables,
    "synth": synth.tables,
}
_PACKAGES = ("aws-cdk-lib", "boto3", "pydantic", "awslambdaric")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        tables = [table for name in options.only or BENCHMARKS for table in _measured(name, quick=options.quick)]
    except NoRuntime as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    if options.write:
        section = f"\n## {options.write}\n\n{'; '.join(versions())}.\n\n" + "\n".join(map(Table.markdown, tables))
        with PAGE.open("a", encoding="utf-8") as page:
            page.write(section)
        print(f"added to {os.path.relpath(PAGE)}")
    return 0


def _measured(name: str, *, quick: bool) -> Iterator[Table]:
    print(f"measuring {name} …", file=sys.stderr)
    for table in BENCHMARKS[name](quick=quick):
        print(table.markdown(), flush=True)
        yield table


def versions() -> Iterator[str]:
    """What the figures were taken with; never where."""
    yield f"CPython {platform.python_version()}"
    node = shutil.which("node")
    if node:
        yield f"Node {subprocess.run([node, '--version'], capture_output=True, text=True, check=True).stdout.strip()}"
    for package in _PACKAGES:
        try:
            yield f"{package} {importlib.metadata.version(package)}"
        except importlib.metadata.PackageNotFoundError:
            continue
    yield f"{os.cpu_count()} {platform.machine()} cores"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools bench",
        description="Measure synth, the notifier and the suppression compiler, each against its floor in the same run. "
        "Nothing here passes or fails.",
    )
    parser.add_argument("--only", action="append", choices=tuple(BENCHMARKS), help="only this one; may be repeated")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, for a first look")
    parser.add_argument(
        "--write",
        metavar="DATE",
        type=day,
        help="add the figures to docs/benchmarks.md, under this date",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
