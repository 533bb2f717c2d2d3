"""Mutants that change nothing anybody could see, each with its reason."""

from dataclasses import dataclass
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("equivalent.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalent:
    """One that no test can tell from the original.

    Attributes:
        file: Below the root of its module.
        was: The lines of the original.
        became: What stands there instead.
        reason: Why that makes no difference.
    """

    file: str
    was: str
    became: str
    reason: str


def equivalents() -> tuple[Equivalent, ...]:
    """All that are known."""
    return tuple(Equivalent(**one) for one in yaml.safe_load(FILE.read_text(encoding="utf-8")) or ())
