"""Facts in a message: labelled lines, grouped."""

from typing import NamedTuple


class Fact(NamedTuple):
    """One labelled line."""

    label: str
    value: str


class Section(NamedTuple):
    """Facts that belong together."""

    title: str
    facts: tuple[Fact, ...]
