"""One thing to do next: what, where, and what to paste."""

from dataclasses import dataclass

from notifier.links import Link


@dataclass(frozen=True, slots=True)
class Snippet:
    """Text of ours to copy as it stands: commands, or lines for the configuration.

    Attributes:
        label: What it is for, and what it changes.
        text: One or more lines. Nothing of a finding is in it but what matched a strict pattern.
    """

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, and where."""

    text: str
    links: tuple[Link, ...] = ()
    snippets: tuple[Snippet, ...] = ()
