"""How long synth takes, against an empty app with the same settings: `python -m tools.bench.synth`."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import yaml

from infra.config.regions import FORWARDING_PARTITIONS, GUARDDUTY_REGIONS, region_facts
from infra.project import PROJECT
from tools.bench.budget import Budget, budget_table
from tools.bench.child import started, waited
from tools.bench.clock import TODAY
from tools.bench.table import Table, mebibytes, times

ROUNDS = 3


class Case(NamedTuple):
    """What is synthesized: so many Regions, none for the empty app, with CDK's own validation or without."""

    regions: int
    validated: bool = True


CASES = (
    *(Case(regions) for regions in (0, 1, 4, 17, 34)),
    *(Case(regions, validated=False) for regions in (0, 17, 34)),
)
QUICK = tuple(Case(regions, validated) for validated in (True, False) for regions in (0, 17, 34))

# Nothing of ours is read, or what ours costs to be read would be in the floor as well.
_EMPTY = """
import json
import sys
from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks
settings, outdir = sys.argv[1:]
with open(settings) as file:
    context = json.load(file)["context"]
app = App(context=context, outdir=outdir, analytics_reporting=False)
Validations.of(app).add_plugins(AwsSolutionsChecks(app), NIST80053R5Checks(app), ServerlessChecks(app))
app.synth()
"""

_EMPTY_SECONDS = {True: 1.6, False: 0.57}
"""Processor time of the empty app where the budget of a further Region, 25 ms, was set; by whether CDK's validation is
on. The budget is the same part of the empty app of the run: milliseconds say more about the machine than about us."""


@dataclass(frozen=True, slots=True)
class _Start:
    """One synthesis in a fresh process."""

    seconds: float
    busy: float
    peak: int


def tables(*, quick: bool = False) -> tuple[Table, Table]:
    """Wall time, processor time and peak memory for some numbers of Regions, and what they may be."""
    cases, rounds = (QUICK, 1) if quick else (CASES, ROUNDS)
    found: dict[Case, list[_Start]] = {case: [] for case in cases}
    with tempfile.TemporaryDirectory() as name:
        project = _project(Path(name), {case.regions for case in cases})
        for case in (Case(0), Case(1)):
            _synthesis(project, case)  # so that all code is compiled, as it is from the second time on
        for _ in range(rounds):
            for case in cases:
                found[case].append(_synthesis(project, case))
    best = {case: _best(starts) for case, starts in found.items()}
    figures = Table(
        title="Synth",
        columns=(
            "App",
            "wall",
            "to the empty app",
            "processor time",
            "to the empty app",
            "peak memory",
            "to the empty app",
        ),
        rows=[_row(case, one, floor=best[Case(0, case.validated)]) for case, one in best.items()],
        note="config/sandbox.yaml with more Regions, with the three rule packs of cdk-nag, as every build has them; "
        f"best of {rounds} in turn, each `python app.py` in a fresh process whose code was compiled before; processor "
        "time and memory are of Python and Node, memory of the larger of the two. The empty app has the same settings, "
        "and reads nothing of ours.",
    )
    return figures, budget_table("Synth", _budgets(best), note="Processor time, which other processes disturb least.")


def _row(case: Case, one: "_Start", *, floor: "_Start") -> list[str]:
    app = f"{case.regions} Region{'s' if case.regions > 1 else ''}" if case.regions else "empty app"
    return [
        app if case.validated else f"{app}, validation off",
        f"{one.seconds:.2f} s",
        times(one.seconds, floor.seconds),
        f"{one.busy:.2f} s",
        times(one.busy, floor.busy),
        mebibytes(one.peak),
        times(one.peak, floor.peak),
    ]


def _budgets(best: Mapping[Case, "_Start"]) -> Iterator[Budget]:
    for validated, limit in ((True, 2.5), (False, 4.0)):
        empty, some, twice = (best[Case(regions, validated)] for regions in (0, 17, 34))
        said = f"validation {'on' if validated else 'off'}"
        yield Budget(what=f"17 Regions, {said}", measured=some.busy / empty.busy, limit=limit, unit="x")
        further = (twice.busy - some.busy) / 17
        allowed = 0.025 / _EMPTY_SECONDS[validated]
        yield Budget(
            what=f"each Region beyond 17, {said} ({further * 1000:.0f} ms here)",
            measured=further / empty.busy,
            limit=allowed,
            unit="x",
        )
        yield Budget(what=f"34 Regions to 17, {said}", measured=twice.busy / some.busy, limit=1.3, unit="x")
        yield Budget(what=f"peak memory of 17 Regions, {said}", measured=some.peak / empty.peak, limit=1.5, unit="x")


def _best(starts: list[_Start]) -> _Start:
    return _Start(*(min(values) for values in zip(*((one.seconds, one.busy, one.peak) for one in starts), strict=True)))


def _project(folder: Path, counts: Iterable[int]) -> Path:
    """A copy of what is synthesized, with a deployment for each number of Regions."""
    for part in ("infra", "lambda_src"):
        shutil.copytree(PROJECT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("app.py", "cdk.json"):
        shutil.copy(PROJECT / file, folder)
    sandbox = yaml.safe_load((PROJECT / "config" / "sandbox.yaml").read_text(encoding="utf-8"))
    (folder / "config").mkdir()
    for count in filter(None, counts):
        data = {**sandbox, "regions": _regions(count, home=sandbox["home_region"])}
        (folder / "config" / f"{_name(count)}.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")
    return folder


def _name(count: int) -> str:
    return f"sandbox-{count}"


def _regions(count: int, *, home: str) -> list[str]:
    others = [name for name in GUARDDUTY_REGIONS if region_facts(name).partition in FORWARDING_PARTITIONS]
    regions = [home, *(name for name in others if name != home)]
    if len(regions) < count:
        raise ValueError(f"GuardDuty has {len(regions)} Regions in that partition, {count} are asked for")
    return regions[:count]


def _synthesis(project: Path, case: Case) -> _Start:
    """One run of app.py, or of the empty app, as a shell would start it."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    # CDK's own switch (aws-cdk-lib 2.275.0, synthesis).
    switch = {} if case.validated else {"CDK_VALIDATION": "false"}
    log, outdir = project / "log", str(project / "out")
    with log.open("wb") as output:
        start = perf_counter()
        process = started(
            [sys.executable, "app.py"] if case.regions else [sys.executable, "-c", _EMPTY, "cdk.json", outdir],
            environment={
                **inherited,
                **switch,
                "CONFIG": _name(case.regions),
                "TODAY": TODAY.isoformat(),
                "CDK_OUTDIR": outdir,
            },
            folder=project,
            output=output.fileno(),
        )
        ended = waited(process)
        seconds = perf_counter() - start
    if ended.code:
        said = log.read_text(encoding="utf-8")[-800:]
        raise RuntimeError(f"synth of {case.regions} Regions ended with {ended.code}: {said}")
    return _Start(seconds, ended.busy, ended.peak)


def main() -> None:
    """Print the tables."""
    for table in tables():
        print(table.markdown())


if __name__ == "__main__":
    main()
