"""Whole stacks and Regions that come or go, and the tags that a stack hands on."""

from collections.abc import Iterator

from tools.changes.change import Change, Kind, Topic
from tools.changes.comparison import Comparison, StackPair
from tools.changes.egress import entries
from tools.changes.replacement import KEEPS
from tools.templates.assembly import Json, Stack
from tools.templates.wording import counted, quoted


def stack_changes(comparison: Comparison) -> Iterator[Change]:
    """Every stack and Region that is not in both assemblies, and every tag that is not."""
    for place in sorted(comparison.removed_places):
        yield Change(
            topic=Topic.RESOURCES,
            says=f"the Region {quoted(place)} is no longer part of the deployment",
            rest=": nothing in it changes any more, and it is not watched over",
            kinds=frozenset({Kind.BLIND}),
        )
    starting = entries(comparison, comparison.new)
    for place in sorted(comparison.added_places):
        says = f"the Region {quoted(place)} is new"
        count = counted(len(starting[place]), "suppression") if place in starting else ""
        yield Change(topic=Topic.RESOURCES, says=says, rest=f", with {count} from the start" if count else "")
    for stack in comparison.stacks:
        if stack.base and not stack.new:
            yield _removed(stack, stack.base)
        elif stack.new and not stack.base:
            yield Change(
                topic=Topic.RESOURCES,
                says=f"the stack {quoted(stack.name)} is new",
                rest=f", with {counted(len(stack.new.resources), 'resource')}",
                places=frozenset({stack.place}),
                among=comparison.places,
                about=frozenset((stack.name, id_) for id_ in stack.new.resources),
            )
        elif stack.base and stack.new:
            for says in _tags(stack.base.tags, stack.new.tags):
                yield Change(topic=Topic.RESOURCES, says=says, places=frozenset({stack.place}), among=comparison.places)


def _tags(base: Json, new: Json) -> Iterator[str]:
    for name in sorted({*base, *new}):
        before, after = (quoted(str(side.get(name))) for side in (base, new))
        if name not in base:
            yield f"the tag {quoted(name)} with {after} is new on everything"
        elif name not in new:
            yield f"the tag {quoted(name)} with {before} is gone from everything"
        elif before != after:
            yield f"the tag {quoted(name)} is {after} instead of {before} on everything"


def _removed(stack: StackPair, base: Stack) -> Change:
    kept = sum(resource.attributes.get("DeletionPolicy") in KEEPS for resource in base.resources.values())
    return Change(
        topic=Topic.RESOURCES,
        says=f"the stack {quoted(stack.name)} is gone",
        rest=f": no deployment deletes it, and cdk destroy no longer knows it; aws cloudformation delete-stack "
        f"would keep {counted(kept, 'resource')} and delete {len(base.resources) - kept:,}",
        kinds=frozenset({Kind.REPLACEMENT}),
        about=frozenset((stack.name, id_) for id_ in base.resources),
    )
