"""What the commands about findings have in common: which templates they read, and what they refuse."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from infra.config import ConfigurationError
from tools.changes.plain_values import UnjudgedError
from tools.journey.finding_file import NotAFindingError
from tools.journey.world import World, read_world
from tools.matching.event_patterns import PatternEngineError, PatternRefusedError
from tools.matching.guardduty_filters import UnverifiedFilterError
from tools.templates.assembly import Assembly, AssemblyError, read_assembly
from tools.templates.synthesized import SynthFailedError, synthesized
from tools.terminal.progress import Progress

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


_KIND = re.compile(r"-(?:Detection|Response|Delegation|Organization|CiAccess|ManagementCiAccess)(?:-|$)")


@contextmanager
def world_of(name: str, *, app: Path | None, today: date) -> Iterator[World]:
    """A deployment, from an existing folder of templates, or synthesized with a word about how long it takes."""
    if app is not None:
        assembly = read_assembly(app)
        yield read_world(assembly, name=named(assembly))
        return
    progress = Progress()
    with progress.step(f"templates of {name}") as notes, synthesized(name, today=today) as (_, assembly):
        world = read_world(assembly, name=name)
        notes.append(f"{len(assembly.stacks)} stacks")
    yield world


def named(assembly: Assembly) -> str:
    """The deployment, by what the names of its stacks begin with: NAME-Detection-eu-west-1, NAME-Response."""
    parts = (re.split(_KIND, stack, maxsplit=1) for stack in assembly.stacks)
    return ", ".join(dict.fromkeys(part[0] for part in parts))
