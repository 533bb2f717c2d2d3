"""`python -m tools explain FINDING.json`: what would become of a finding, from the synthesized templates."""

import argparse
import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from rich.console import Console

from infra.config import ConfigurationError
from tools.changes.plain_values import UnjudgedError
from tools.cloud_assembly import AssemblyError, read_assembly
from tools.demo.progress import Progress
from tools.event_patterns import PatternEngineError, PatternRefusedError
from tools.explain.show import as_json, lines
from tools.guardduty_filters import UnverifiedFilterError
from tools.journey.finding_file import NotAFindingError, read_events
from tools.journey.journey import journeys
from tools.journey.world import World, read_world
from tools.synthesized import SynthFailedError, synthesized

TOLD = 0
BAD_INPUT = 2
REFUSALS = (
    AssemblyError,
    ConfigurationError,
    NotAFindingError,
    PatternEngineError,
    PatternRefusedError,
    SynthFailedError,
    UnjudgedError,
    UnverifiedFilterError,
)
"""What cannot be told, or was not given well; each says by name what and why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Tell what would become of each finding of a file.

    Returns:
        0; 2 if the input is wrong, or if something cannot be told from templates for certain.
    """
    options = _parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that knows ASCII only shows question marks rather than nothing.
        sys.stdout.reconfigure(errors="replace")
    try:
        events: Sequence[Mapping[str, object]] = read_events(options.finding)
        if options.region:
            events = [{**event, "region": options.region} for event in events]
        with world_of(options.deployment, app=options.app, today=options.today) as world:
            found = journeys(world, events)
    except REFUSALS as error:
        sys.stderr.write(f"explain: {error}\n")
        return BAD_INPUT
    if options.json:
        document = {"deployment": world.name, "findings": [as_json(one) for one in found]}
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    else:
        told = ("\n".join(lines(one, deployment=world.name, messages=options.messages)) for one in found)
        sys.stdout.write("\n\n".join(told) + "\n")
    return TOLD


@contextmanager
def world_of(name: str, *, app: Path | None, today: date) -> Iterator[World]:
    """A deployment, from an existing folder of templates, or synthesized with a word about how long it takes."""
    if app is not None:
        yield read_world(read_assembly(app), name=str(app))
        return
    progress = Progress(Console(stderr=True, highlight=False))
    with progress.step(f"templates of {name}") as notes, synthesized(name, today=today) as (_, assembly):
        world = read_world(assembly, name=name)
        notes.append(f"{len(assembly.stacks)} stacks")
    yield world


def add_day(parser: argparse.ArgumentParser) -> None:
    """The option that says as of which day."""
    parser.add_argument(
        "--today", metavar="DATE", type=_day, default=datetime.now(UTC).date(), help="as of that day, 2026-11-23"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools explain", description=__doc__)
    parser.add_argument("finding", metavar="FINDING.json", help="an event or a finding; - reads standard input")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--deployment", metavar="NAME", default="sandbox", help="config/NAME.yaml (default: sandbox)")
    which.add_argument("--app", metavar="CDK_OUT", type=Path, help="an existing folder of templates, such as cdk.out")
    add_day(parser)
    parser.add_argument("--region", metavar="REGION", help="where it arrives, if not where the file says")
    parser.add_argument("--messages", action="store_true", help="the whole text that each destination would receive")
    parser.add_argument("--json", action="store_true", help="for another program, with the very payloads")
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"must be a date such as 2026-11-23, got {text!r}") from error


if __name__ == "__main__":
    sys.exit(main())
