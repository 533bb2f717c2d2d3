"""An egress entry as the templates of one Region have it: all filters with its tag."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tools.changes.change import ResourceId
from tools.changes.comparison import Comparison, ResourcePair
from tools.templates.assembly import Assembly
from tools.templates.coverage import NOWHERE, Coverage
from tools.templates.filters import FilterMeaning, Limits, read_filter
from tools.templates.plain_values import UnjudgedError, tags
from tools.templates.wording import quoted

FILTER = "AWS::GuardDuty::Filter"

Cell = tuple[str, Limits]
"""A finding type and what narrows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One egress entry in one Region.

    Attributes:
        doubt: Why nobody can tell what it matches; empty if one can.
        raw: The filters' own text, to see whether anything changed at all.
        hidden: What is archived.
        watched: What is only counted.
    """

    owner: str
    expires: str
    doubt: str
    raw: tuple[str, ...]
    hidden: Mapping[Cell, Coverage]
    watched: Mapping[Cell, Coverage]
    about: frozenset[ResourceId]

    @property
    def enforces(self) -> bool:
        """Whether anything is hidden."""
        return any(self.hidden.values())

    @property
    def all(self) -> Mapping[Cell, Coverage]:
        """What it matches, hidden or not."""
        return {
            cell: self.hidden.get(cell, NOWHERE) | self.watched.get(cell, NOWHERE)
            for cell in {*self.hidden, *self.watched}
        }


def entries(comparison: Comparison, side: Assembly) -> dict[str, dict[str, Entry]]:
    """Every entry of one side, by Region and by what to call it."""
    found: dict[str, dict[str, list[ResourcePair]]] = {}
    for stack in comparison.stacks:
        for pair in stack.resources(lambda type_: type_ == FILTER):
            resource = pair.base if side is comparison.base else pair.new
            if resource is not None and resource.type == FILTER:
                own = ResourcePair(stack=pair.stack, place=pair.place, base=None, new=resource)
                found.setdefault(stack.place, {}).setdefault(_name(own), []).append(own)
    return {place: {name: _entry(filters) for name, filters in by_name.items()} for place, by_name in found.items()}


def _name(pair: ResourcePair) -> str:
    tagged = tags(pair.either.properties.get("Tags")).get("egress-entry")
    if tagged is not None:
        return quoted(tagged)
    name = pair.either.properties.get("Name")
    return f"the filter {quoted(name if isinstance(name, str) else pair.either.label)}, which names no entry,"


def _entry(filters: Iterable[ResourcePair]) -> Entry:
    owners, ends, doubts = set(), set(), []
    raw: list[str] = []
    meanings: list[FilterMeaning] = []
    about = set()
    for pair in filters:
        about.add(pair.id)
        raw.append(repr((pair.either.properties, pair.either.attributes)))
        tagged = tags(pair.either.properties.get("Tags"))
        owners.add(tagged.get("owner", ""))
        ends.add(tagged.get("expires", ""))
        try:
            meanings.append(read_filter(pair.either))
        except UnjudgedError as doubt:
            doubts.append(f"{quoted(pair.either.properties.get('Name', pair.either.label))}: {doubt}")
    return Entry(
        owner=" and ".join(sorted(owners)),
        # With several ends the latest is when it stops hiding; no end at all is later than any.
        expires="" if "" in ends else max(ends),
        doubt="; ".join(sorted(doubts)),
        raw=tuple(sorted(raw)),
        hidden=dict(_cells(meaning for meaning in meanings if meaning.enforces)),
        watched=dict(_cells(meaning for meaning in meanings if not meaning.enforces)),
        about=frozenset(about),
    )


def _cells(meanings: Iterable[FilterMeaning]) -> Iterator[tuple[Cell, Coverage]]:
    together: dict[Cell, Coverage] = {}
    for meaning in meanings:
        for type_ in meaning.types:
            cell = (type_, meaning.limits)
            together[cell] = together.get(cell, NOWHERE) | meaning.coverage
    yield from together.items()
