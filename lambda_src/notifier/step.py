"""One thing to do next: what, where, and what to paste."""

from typing import NamedTuple

from notifier.links import Link


class Snippet(NamedTuple):
    """Text of ours to copy as it stands: commands, or lines for the configuration.

    Attributes:
        label: What it is for, and what it changes.
        text: One or more lines. Nothing of a finding is in it but what matched a strict pattern.
        changes: Whether it is a command that changes something.
    """

    label: str
    text: str
    changes: bool = False


class Step(NamedTuple):
    """One thing to do, and where."""

    text: str
    links: tuple[Link, ...] = ()
    snippets: tuple[Snippet, ...] = ()
