"""`python -m tools mutation`: break the modules that matter most in small ways, and see whether a test notices."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from infra.project import PROJECT
from tools.mutation.equivalent import equivalents
from tools.mutation.modules import FLOOR, MODULES
from tools.mutation.page import PAGE, row, with_scores
from tools.mutation.results import Result, UnfinishedError, ask_survivors_again, result_in
from tools.mutation.workspace import prepare

PLACE = PROJECT / "build" / "mutation"
MUTMUT = PROJECT / ".venv-mutation" / "bin" / "mutmut"
BAD_INPUT = 2
_EVERY_SECONDS = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code, 1 where a module is below its floor."""
    options = _parser().parse_args(arguments)
    if options.write and (options.show or not options.anew):
        print("mutation: --write keeps what one whole run found: give --anew with it, and no --show", file=sys.stderr)
        return BAD_INPUT
    if not MUTMUT.exists():
        print("mutation: .venv-mutation is not there; `make mutation` installs it", file=sys.stderr)
        return BAD_INPUT
    try:
        results = {name: _run(name, options) for name in options.module or MODULES}
    except UnfinishedError as error:
        print(f"mutation: {error}", file=sys.stderr)
        return BAD_INPUT
    for name, result in results.items():
        print(f"\n{name}: {len(result.survived)} survived" + "".join(f"\n{one.shown()}" for one in result.survived))
    version = f"mutmut {_version()}"
    today = datetime.now(tz=UTC).date()
    print("\n| Module | Mutants | Killed | Ended at the limit | Survived | Equivalent | Score | Measured |")
    for name, result in results.items():
        print(row(name, result, measured=f"{today}, {version}"), end="")
    if options.write:
        page = with_scores(PAGE.read_text(encoding="utf-8"), results, today=today, version=version)
        PAGE.write_text(page, encoding="utf-8")
        print(f"\nwritten to {os.path.relpath(PAGE)}")
    low = [name for name, result in results.items() if result.score < FLOOR]
    if low:
        print(f"\nmutation: below {FLOOR:.0f} %: {', '.join(low)}", file=sys.stderr)
    return 1 if low else 0


def _run(name: str, options: argparse.Namespace) -> Result:
    place = PLACE / name
    if options.anew and place.exists():
        shutil.rmtree(place)
    if not options.show:
        print(f"{name}: {MODULES[name].about}", flush=True)
        prepare(MODULES[name], project=PROJECT, place=place)
        ask_survivors_again(place)
        _mutmut(place, processes=options.processes)
    return result_in(place, equivalent=equivalents())


def _mutmut(place: Path, *, processes: int) -> None:
    command = [str(MUTMUT), "run", "--max-children", str(processes)]
    with (place / "mutmut.log").open("w", encoding="utf-8") as log:
        running = subprocess.Popen(command, cwd=place, stdout=log, stderr=subprocess.STDOUT)
        try:
            while True:
                try:
                    code = running.wait(timeout=_EVERY_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    print(f"{time.strftime('%H:%M:%S')}  {_progress(place)}", flush=True)
        except KeyboardInterrupt:
            running.wait()
            raise
    if code:
        raise UnfinishedError(f"{place.name}: mutmut ended with {code}; see {place / 'mutmut.log'}")


def _progress(place: Path) -> str:
    found = re.findall(
        r"\d+/\d+  [^\r\n]+", (place / "mutmut.log").read_text(encoding="utf-8", errors="replace")[-2000:]
    )
    return found[-1].strip() if found else "collecting which test reaches which function …"


def _version() -> str:
    installed = subprocess.run(
        [str(MUTMUT.with_name("python")), "-c", _ASK], capture_output=True, text=True, check=True
    )
    return installed.stdout.strip()


_ASK = "import importlib.metadata; print(importlib.metadata.version('mutmut'))"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools mutation",
        description="Mutation testing of the compiler, routing, the ledger and escaping. What was killed before is not "
        "asked again until its function changes; survivors always are. Exit code 1 below "
        f"{FLOOR:.0f} % in any module.",
    )
    parser.add_argument("--module", action="append", choices=tuple(MODULES), help="only this one; may be repeated")
    parser.add_argument("--anew", action="store_true", help="forget what was found before")
    parser.add_argument("--show", action="store_true", help="run nothing; what the last run found")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="mutants at a time")
    parser.add_argument(
        "--write",
        action="store_true",
        help="put the scores of this run (--anew) into docs/mutation.md, with date and version",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
