"""`python -m tools waves`: in which order the stacks of a cloud assembly are deployed, for any pipeline."""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.table import Table

from tools.templates.assembly import Assembly, AssemblyError, Stack, read_assembly
from tools.terminal.line_console import line_console
from tools.terminal.made_templates import add_app

BAD_INPUT = 2

_BUS = "AWS::Events::EventBus"
_DETECTING = ("AWS::GuardDuty::Detector", "AWS::Events::Rule")
"""A Detection stack holds a detector, or where the detector is somebody else's, the rule that forwards alone."""

# A pipeline that deployed its own roles could give itself anything: a person does.
_ACCESS = "CiAccess"

_OF_MANAGEMENT = ("-Delegation", f"-Management{_ACCESS}")

PLACES = ("security", "management")
"""The accounts that stacks are deployed to; what is one account is the first."""


class NoCanaryError(Exception):
    """The Region asked for as the first has no stack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """Stacks that are deployed together, after the wave before them is verified.

    Attributes:
        name: `home` (where the canary's findings come together), `canary`, `rest`, or the name of a stack that goes by
            itself.
        account: Account of its stacks; a wave never needs two.
    """

    name: str
    account: str
    stacks: tuple[Stack, ...]


def waves(assembly: Assembly, *, canary: str | None = None) -> tuple[Wave, ...]:
    """Home first, then one Region, then the others; management and organization steps last and apart.

    The home Region's own Detection stack is the canary unless another Region is named: what it finds has the shortest
    way, so a mistake shows soonest there. Where each Region has a Response stack of its own (`hub: regional`), only the
    canary's goes first; the others go with their Regions' Detection stacks.

    Raises:
        NoCanaryError: The Region named has no Detection stack.
    """
    hubs = [stack for stack in assembly.stacks.values() if _holds(stack, _BUS)]
    detection = sorted(
        (stack for stack in assembly.stacks.values() if _detects(stack)),
        key=lambda stack: stack.region,
    )
    others = [
        stack
        for stack in assembly.stacks.values()
        if stack not in hubs and stack not in detection and not stack.name.endswith(_ACCESS)
    ]
    # The app makes the home Region's Response stack before the others.
    chosen = canary or (hubs[0].region if hubs else detection[0].region if detection else "")
    first = [stack for stack in detection if stack.region == chosen]
    if detection and not first:
        regions = ", ".join(stack.region for stack in detection)
        raise NoCanaryError(f"canary: no Detection stack is in {chosen!r}; the Regions are {regions}")
    home = [stack for stack in hubs if stack.region == chosen] if len(hubs) > 1 else hubs
    later = [stack for stack in (*hubs, *detection) if stack not in home and stack not in first]
    # Stable, so that a Region's Response stack comes before its Detection stack.
    return tuple(_waves(home, first, sorted(later, key=lambda stack: stack.region), others))


def _waves(home: list[Stack], canary: list[Stack], rest: list[Stack], others: list[Stack]) -> Iterator[Wave]:
    for name, stacks in (("home", home), ("canary", canary), ("rest", rest)):
        if stacks:
            yield Wave(name=name, account=stacks[0].account, stacks=tuple(stacks))
    # Delegation needs the management account, and enrolment needs delegation: never in one go with anything else.
    for stack in sorted(others, key=lambda stack: (not stack.name.endswith("Delegation"), stack.name)):
        yield Wave(name=stack.name.rpartition("-")[2].lower(), account=stack.account, stacks=(stack,))


def detecting(wave: Wave) -> tuple[str, ...]:
    """The Regions whose findings come by stacks of this wave."""
    return tuple(stack.region for stack in wave.stacks if _detects(stack))


def stacks_in(assembly: Assembly, place: str, *, access: bool) -> tuple[str, ...]:
    """The names of the stacks of one account, for what is done to all of them with one account's credentials.

    Args:
        assembly: The templates.
        place: One of `PLACES`.
        access: Whether the pipeline's own roles are among them: it may look at them, and not deploy them.
    """
    return tuple(
        name
        for name in assembly.stacks
        if name.endswith(_OF_MANAGEMENT) == (place == "management") and (access or not name.endswith(_ACCESS))
    )


def _detects(stack: Stack) -> bool:
    return _holds(stack, *_DETECTING) and not _holds(stack, _BUS)


def _holds(stack: Stack, *types: str) -> bool:
    return any(resource.type in types for resource in stack.resources.values())


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the plan, or the stacks of one wave.

    Returns:
        0, or 2 if the folder, the Region or the wave cannot be used.
    """
    options = _parser().parse_args(arguments)
    try:
        assembly = read_assembly(options.app)
        plan = waves(assembly, canary=options.canary)
    except (AssemblyError, NoCanaryError) as error:
        sys.stderr.write(f"waves: {error}\n")
        return BAD_INPUT
    if place := options.deployed_in or options.watched_in:
        names = stacks_in(assembly, place, access=options.watched_in is not None)
        sys.stdout.write("".join(f"{name}\n" for name in names))
    elif (name := options.stacks if options.stacks is not None else options.detecting) is not None:
        named = [wave for wave in plan if wave.name == name]
        if not named:
            known = ", ".join(wave.name for wave in plan)
            sys.stderr.write(f"waves: unknown wave {name!r}; the waves are {known}\n")
            return BAD_INPUT
        asked = [stack.name for stack in named[0].stacks] if options.stacks is not None else detecting(named[0])
        sys.stdout.write("".join(f"{one}\n" for one in asked))
    elif options.json:
        sys.stdout.write(json.dumps([_document(wave) for wave in plan]) + "\n")
    else:
        _show(plan)
    return 0


def _show(plan: Sequence[Wave]) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("wave", "account", "stacks"):
        table.add_column(heading, overflow="fold")
    for wave in plan:
        table.add_row(wave.name, wave.account, ", ".join(stack.name for stack in wave.stacks))
    line_console().print(table)


def _document(wave: Wave) -> dict[str, object]:
    return {
        "wave": wave.name,
        "account": wave.account,
        "stacks": [stack.name for stack in wave.stacks],
        "regions": sorted({stack.region for stack in wave.stacks}),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools waves", description=__doc__)
    add_app(parser)
    parser.add_argument(
        "--canary",
        metavar="REGION",
        default=os.environ.get("CANARY") or None,
        help="Region that goes first (default: CANARY of the environment, else the home Region)",
    )
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--stacks", metavar="WAVE", help="only the stack names of this wave, one a line")
    chosen.add_argument(
        "--detecting", metavar="WAVE", help="only the Regions whose findings come with this wave, one a line"
    )
    chosen.add_argument(
        "--deployed-in", choices=PLACES, help="only the stack names of every wave in this account, one a line"
    )
    chosen.add_argument("--watched-in", choices=PLACES, help="the same, and the stacks that a person deploys")
    chosen.add_argument("--json", action="store_true", help="the plan, for another program")
    return parser


if __name__ == "__main__":
    sys.exit(main())
