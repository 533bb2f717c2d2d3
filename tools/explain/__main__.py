"""`python -m tools explain FINDING.json`: what would become of a finding, from the synthesized templates."""

import argparse
import io
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.config import GUARDDUTY_REGIONS
from infra.config.wording import near, sentence
from tools.explain.show import as_json, lines
from tools.journey.command import REFUSALS, world_of
from tools.journey.finding_file import NotAFindingError, read_events
from tools.journey.journey import journeys
from tools.terminal.today import add_today

TOLD = 0
BAD_INPUT = 2


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
            _must_be_a_region(options.region)
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


def _must_be_a_region(name: str) -> None:
    """Refuse a slip of the pen, which would read as a Region that nobody watches."""
    if name not in GUARDDUTY_REGIONS:
        raise NotAFindingError(
            sentence(f"--region: must be a Region with GuardDuty, got {name!r}", near(name, GUARDDUTY_REGIONS))
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools explain", description=__doc__)
    parser.add_argument("finding", metavar="FINDING.json", help="an event or a finding; - reads standard input")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--deployment", metavar="NAME", default="sandbox", help="config/NAME.yaml (default: sandbox)")
    which.add_argument("--app", metavar="CDK_OUT", type=Path, help="an existing folder of templates, such as cdk.out")
    add_today(parser)
    parser.add_argument("--region", metavar="REGION", help="where it arrives, if not where the file says")
    parser.add_argument("--messages", action="store_true", help="the whole text that each destination would receive")
    parser.add_argument("--json", action="store_true", help="for another program, with the very payloads")
    return parser


if __name__ == "__main__":
    sys.exit(main())
