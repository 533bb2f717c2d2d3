"""What no reader of templates can judge, said aloud; and the count of all that nobody spoke of."""

from collections import Counter
from collections.abc import Iterable, Iterator

from tools.changes.change import Change, Kind, Topic
from tools.changes.comparison import Comparison
from tools.changes.wording import quoted

_PASSING = frozenset({"Outputs", "Rules"})
"""Sections of a template that decide about no resource."""


def unjudged_changes(comparison: Comparison) -> Iterator[Change]:
    """Custom resources and nested stacks that change, and sections of a template that bear on many resources."""
    for stack in comparison.stacks:
        if stack.place in comparison.removed_places:
            continue
        for pair in stack.resources(_opaque):
            if pair.differs:
                what = "changes" if pair.base and pair.new else "is new" if pair.new else "is gone"
                yield Change(
                    topic=Topic.OTHER,
                    says=f"{quoted(pair.either.label)} ({quoted(pair.either.type)}) {what}",
                    rest=", and what that does cannot be told from templates",
                    places=frozenset({stack.place}),
                    among=comparison.places,
                    unknown=frozenset(Kind),
                    about=frozenset({pair.id}),
                )
        if stack.base and stack.new:
            before, after = stack.base.sections, stack.new.sections
            for section in sorted({*before, *after} - _PASSING):
                if before.get(section) != after.get(section):
                    yield Change(
                        topic=Topic.OTHER,
                        says=f"the section {quoted(section)} of the template of {quoted(stack.name)} changes",
                        rest=", and what that does to its resources cannot be told here",
                        unknown=frozenset(Kind),
                    )
        for pair in stack.resources():
            if pair.base and pair.new and pair.base.attributes.get("Condition") != pair.new.attributes.get("Condition"):
                yield Change(
                    topic=Topic.OTHER,
                    says=f"{quoted(pair.either.label)} depends on another condition",
                    rest=", and whether it will be there cannot be told",
                    places=frozenset({stack.place}),
                    among=comparison.places,
                    unknown=frozenset(Kind),
                    about=frozenset({pair.id}),
                )


def remainder(comparison: Comparison, told: Iterable[Change]) -> Counter[str]:
    """How many resources of each type change that no sentence is about; a stack's outputs count as one."""
    spoken = frozenset(id_ for change in told for id_ in change.about)
    count: Counter[str] = Counter()
    for stack in comparison.stacks:
        gone = stack.place in comparison.removed_places
        for pair in stack.resources():
            if pair.differs and pair.id not in spoken and not gone:
                count[pair.either.type] += 1
        if stack.base and stack.new:
            for section in sorted(_PASSING):
                if stack.base.sections.get(section) != stack.new.sections.get(section):
                    count[section] += 1
    return count


def _opaque(type_: str) -> bool:
    return type_.startswith("Custom::") or type_ in {
        "AWS::CloudFormation::CustomResource",
        "AWS::CloudFormation::Stack",
    }
