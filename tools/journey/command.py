"""What the commands about findings have in common: which templates they read, and what they refuse."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from infra.config import ConfigurationError
from tools.journey.finding_file import NotAFindingError
from tools.journey.world import World, read_world
from tools.matching.event_patterns import PatternEngineError, PatternRefusedError
from tools.matching.guardduty_filters import UnverifiedFilterError
from tools.templates.assembly import Assembly, AssemblyError, read_assembly
from tools.templates.plain_values import UnjudgedError
from tools.templates.synthesized import SynthFailedError, synthesized
from tools.terminal.progress import Progress
from tools.terminal.today import present_day


class TodayOfTemplatesError(ValueError):
    """A day was given for templates that are there already; they are of the day on which they were made."""


REFUSALS = (
    AssemblyError,
    ConfigurationError,
    NotAFindingError,
    PatternEngineError,
    PatternRefusedError,
    SynthFailedError,
    TodayOfTemplatesError,
    UnjudgedError,
    UnverifiedFilterError,
)
"""What cannot be told, or was not given well; each says by name what and why."""


_KIND = re.compile(r"-(?:Detection|Response|Delegation|Organization|CiAccess|ManagementCiAccess)(?:-|$)")


@contextmanager
def world_of(name: str, *, app: Path | None, today: date | None) -> Iterator[World]:
    """A deployment, from an existing folder of templates, or synthesized with a word about how long it takes.

    Args:
        name: Of the deployment.
        app: The folder.
        today: As of which day it is synthesized; the present one if none is given.

    Raises:
        TodayOfTemplatesError: A day is given, and a folder.
    """
    if app is not None:
        if today is not None:
            raise TodayOfTemplatesError(
                f"--today: the templates of {app} are of the day on which they were made; leave it out, or name the "
                "deployment in place of the folder"
            )
        assembly = read_assembly(app)
        yield read_world(assembly, name=named(assembly))
        return
    day = today or present_day()
    progress = Progress()
    with progress.step(f"templates of {name}") as notes, synthesized(name, today=day) as (loaded, assembly):
        world = replace(read_world(assembly, name=name), ended=loaded.expired)
        notes.append(f"{len(assembly.stacks)} stacks")
    yield world


def named(assembly: Assembly) -> str:
    """The deployment, by what the names of its stacks begin with: NAME-Detection-eu-west-1, NAME-Response."""
    parts = (re.split(_KIND, stack, maxsplit=1) for stack in assembly.stacks)
    return ", ".join(dict.fromkeys(part[0] for part in parts))
