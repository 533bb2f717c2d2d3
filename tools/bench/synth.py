"""How long synth takes, against an empty app with the same settings: `python -m tools.bench.synth`."""

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import yaml

from infra.config.regions import FORWARDING_PARTITIONS, GUARDDUTY_REGIONS, region_facts
from tools.bench.child import started, waited
from tools.bench.table import Table, mebibytes, times

PROJECT = Path(__file__).resolve().parents[2]
REGION_COUNTS = (0, 1, 4, 17, 34)
ROUNDS = 3

_PROGRAM = """
import sys
from pathlib import Path
from app import build
from infra.app import App
from tools.bench.clock import TODAY
file, outdir = sys.argv[1:]
app = App(outdir=outdir, rule_packs=False)
if file != "empty":
    from infra.config import load
    build(app, load(Path(file), today=TODAY).deployment)
app.write()
"""


@dataclass(frozen=True, slots=True)
class _Start:
    """One synthesis in a fresh process."""

    seconds: float
    busy: float
    peak: int


def table(rounds: int = ROUNDS) -> Table:
    """Wall time, processor time and peak memory for some numbers of Regions, the best of some rounds in turn."""
    found: dict[int, list[_Start]] = {count: [] for count in REGION_COUNTS}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = {count: _configuration(folder, count) for count in REGION_COUNTS}
        for _ in range(rounds):
            for count, file in files.items():
                found[count].append(_synthesis(file, folder))
    rows = []
    floor = _best(found[0])
    for count, starts in found.items():
        one = _best(starts)
        rows.append(
            [
                f"{count} Region{'s' if count > 1 else ''}" if count else "empty app",
                f"{one.seconds:.2f} s",
                times(one.seconds, floor.seconds),
                f"{one.busy:.2f} s",
                times(one.busy, floor.busy),
                mebibytes(one.peak),
                times(one.peak, floor.peak),
            ]
        )
    return Table(
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
        rows=rows,
        note=f"config/sandbox.yaml with more Regions, CDK's own validation on, without cdk-nag; best of {rounds} "
        "rounds in turn, each in a fresh process; processor time and memory are of Python and Node, memory of the "
        "larger of the two. Budget at 17 Regions: 2.5 x; 34 Regions at most 1.3 times 17; memory at most 1.5 x.",
    )


def _best(starts: list[_Start]) -> _Start:
    return _Start(*(min(values) for values in zip(*((one.seconds, one.busy, one.peak) for one in starts), strict=True)))


def _configuration(folder: Path, count: int) -> str:
    """The sandbox in so many Regions; `empty` for none."""
    if not count:
        return "empty"
    data = yaml.safe_load((PROJECT / "config" / "sandbox.yaml").read_text(encoding="utf-8"))
    home = data["home_region"]
    others = [name for name in GUARDDUTY_REGIONS if region_facts(name).partition in FORWARDING_PARTITIONS]
    regions = [home, *(name for name in others if name != home)]
    if len(regions) < count:
        raise ValueError(f"GuardDuty has {len(regions)} Regions in that partition, {count} are asked for")
    data["regions"] = regions[:count]
    file = folder / f"sandbox-{count}.yaml"
    file.write_text(yaml.safe_dump(data), encoding="utf-8")
    return str(file)


def _synthesis(file: str, folder: Path) -> _Start:
    environment = {**os.environ, "PYTHONPATH": ":".join([str(PROJECT), str(PROJECT / "lambda_src")])}
    log = folder / "log"
    with log.open("wb") as output:
        start = perf_counter()
        process = started(
            [sys.executable, "-c", _PROGRAM, file, str(folder / "out")],
            environment=environment, folder=PROJECT, output=output.fileno(),
        )  # fmt: skip
        ended = waited(process)
        seconds = perf_counter() - start
    if ended.code:
        raise RuntimeError(f"synth of {file} ended with {ended.code}: {log.read_text(encoding='utf-8')[-800:]}")
    return _Start(seconds, ended.busy, ended.peak)


def main() -> None:
    """Print the table."""
    print(table().markdown())


if __name__ == "__main__":
    main()
