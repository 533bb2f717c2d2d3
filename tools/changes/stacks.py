"""Whole stacks and Regions that come or go, and the tags that a stack hands on."""

from collections.abc import Iterator

from tools.changes.change import BLIND, REPLACEMENT, Change, Judgement, Topic
from tools.changes.comparison import Comparison, StackPair
from tools.changes.egress import entries
from tools.changes.replacement import KEEPS
from tools.templates.assembly import Json, Stack
from tools.templates.wording import counted, quoted


def stack_changes(comparison: Comparison) -> Iterator[Change]:
    """Every stack and Region that is not in both assemblies, and every tag that is not."""
    for judged in _regions(comparison):
        yield judged.change(Topic.RESOURCES)
    for stack in comparison.stacks:
        if stack.base and not stack.new:
            yield _removed(stack, stack.base)
        elif stack.new and not stack.base:
            new = Judgement(
                f"the stack {quoted(stack.name)} is new", f", with {counted(len(stack.new.resources), 'resource')}"
            )
            about = [(stack.name, id_) for id_ in stack.new.resources]
            yield stack.change(Topic.RESOURCES, new, among=comparison.places, about=about)
        elif stack.base and stack.new:
            for says in _tags(stack.base.tags, stack.new.tags):
                yield stack.change(Topic.RESOURCES, Judgement(says), among=comparison.places)


def _regions(comparison: Comparison) -> Iterator[Judgement]:
    for place in sorted(comparison.removed_places):
        yield Judgement(
            f"the Region {quoted(place)} is no longer part of the deployment",
            ": nothing in it changes any more, and it is not watched over",
            kinds=BLIND,
        )
    starting = entries(comparison, comparison.new)
    for place in sorted(comparison.added_places):
        count = counted(len(starting[place]), "suppression") if place in starting else ""
        yield Judgement(f"the Region {quoted(place)} is new", f", with {count} from the start" if count else "")


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
    judged = Judgement(
        f"the stack {quoted(stack.name)} is gone",
        f": no deployment deletes it, and cdk destroy no longer knows it; aws cloudformation delete-stack "
        f"would keep {counted(kept, 'resource')} and delete {len(base.resources) - kept:,}",
        kinds=REPLACEMENT,
    )
    return judged.change(Topic.RESOURCES, about=[(stack.name, id_) for id_ in base.resources])
