"""Two assemblies side by side: stack by stack, resource by resource."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tools.changes.change import Change, Judgement, ResourceId, Topic
from tools.templates.assembly import Assembly, Resource, Stack

_DETECTING = {"AWS::GuardDuty::Detector", "AWS::GuardDuty::Filter"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcePair:
    """One resource before and after, of one type; at least one of the two is there."""

    stack: str
    place: str
    base: Resource | None
    new: Resource | None

    @property
    def either(self) -> Resource:
        """The resource as it will be, or as it was."""
        found = self.new or self.base
        if found is None:
            raise ValueError("a pair holds at least one resource")
        return found

    @property
    def id(self) -> ResourceId:
        """What tells it from all others."""
        return self.stack, self.either.logical_id

    @property
    def differs(self) -> bool:
        """Whether CloudFormation has something to do; metadata aside."""
        if self.base is None or self.new is None:
            return True
        return (self.base.properties, self.base.attributes) != (self.new.properties, self.new.attributes)

    def change(self, topic: Topic, judged: Judgement, *, among: frozenset[str]) -> Change:
        """What was judged of it, as a change in its Region."""
        return judged.change(topic, place=self.place, among=among, about=(self.id,))


@dataclass(frozen=True, slots=True, kw_only=True)
class StackPair:
    """One stack before and after; at least one of the two is there.

    Attributes:
        place: Its Region, with the account where an assembly has several.
    """

    name: str
    place: str
    base: Stack | None
    new: Stack | None

    def resources(self, wanted: Callable[[str], bool] = lambda _: True) -> Iterator[ResourcePair]:
        """Its resources whose type is wanted; one that changes its type is one that goes and one that comes."""
        before = self.base.resources if self.base else {}
        after = self.new.resources if self.new else {}
        for logical_id in sorted({*before, *after}):
            base, new = before.get(logical_id), after.get(logical_id)
            sides = ((base, None), (None, new)) if base and new and base.type != new.type else ((base, new),)
            for old, present in sides:
                pair = ResourcePair(stack=self.name, place=self.place, base=old, new=present)
                if wanted(pair.either.type):
                    yield pair

    def change(
        self, topic: Topic, judged: Judgement, *, among: frozenset[str], about: Iterable[ResourceId] = ()
    ) -> Change:
        """What was judged of it, or of these resources of it, as a change in its Region."""
        return judged.change(topic, place=self.place, among=among, about=about)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Everything that the sentences are made from.

    Attributes:
        stacks: Every stack that is in either assembly; one that moved is there twice, where it was and where it goes.
        added_places, removed_places: Regions that no stack was, or will be, in.
        detecting_before, detecting_after: Regions with a detector or a filter.
    """

    base: Assembly
    new: Assembly
    stacks: tuple[StackPair, ...]
    added_places: frozenset[str]
    removed_places: frozenset[str]
    detecting_before: frozenset[str]
    detecting_after: frozenset[str]

    @property
    def lasting(self) -> Iterator[StackPair]:
        """The stacks of Regions that are neither added nor removed as a whole."""
        return (pair for pair in self.stacks if pair.place not in self.added_places | self.removed_places)

    @property
    def places(self) -> frozenset[str]:
        """Every Region of either assembly."""
        return frozenset(pair.place for pair in self.stacks)


def compare(base: Assembly, new: Assembly) -> Comparison:
    """Put two assemblies side by side."""
    by_account = any(len({stack.account for stack in side.stacks.values()}) > 1 for side in (base, new))

    def place(stack: Stack) -> str:
        return f"{stack.region} ({stack.account})" if by_account else stack.region

    before = {(name, place(stack)): stack for name, stack in base.stacks.items()}
    after = {(name, place(stack)): stack for name, stack in new.stacks.items()}
    pairs = tuple(
        StackPair(name=name, place=where, base=before.get((name, where)), new=after.get((name, where)))
        for name, where in sorted({*before, *after})
    )
    here, there = {where for _, where in before}, {where for _, where in after}
    return Comparison(
        base=base,
        new=new,
        stacks=pairs,
        added_places=frozenset(there - here),
        removed_places=frozenset(here - there),
        detecting_before=frozenset(pair.place for pair in pairs if _detects(pair.base)),
        detecting_after=frozenset(pair.place for pair in pairs if _detects(pair.new)),
    )


def _detects(stack: Stack | None) -> bool:
    return stack is not None and any(resource.type in _DETECTING for resource in stack.resources.values())
