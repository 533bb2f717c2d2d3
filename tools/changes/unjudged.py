"""What no reader of templates can judge, said aloud; and the count of all that nobody spoke of."""

from collections import Counter
from collections.abc import Iterable, Iterator

from tools.changes.change import Change, Judgement, Kind, Topic
from tools.changes.comparison import Comparison, ResourcePair, StackPair
from tools.changes.organization import READ
from tools.templates.stack_types import MANAGEMENT_TYPES, SECURITY_TYPES
from tools.templates.wording import quoted

_WITHIN = frozenset(
    {"AWS::CloudFormation::CustomResource", "AWS::CloudFormation::Stack", "AWS::CloudFormation::StackSet"}
)
_READ_WHOLE = ("AWS::Detective::", "AWS::GuardDuty::")
_KNOWN = frozenset({*SECURITY_TYPES, *MANAGEMENT_TYPES}) | {
    "AWS::CDK::Metadata",
    "AWS::Events::EventBusPolicy",
    "AWS::IAM::AccessKey",
    "AWS::IAM::Group",
    "AWS::IAM::GroupPolicy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::OIDCProvider",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::User",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::UserToGroupAddition",
    "AWS::Lambda::Url",
    "AWS::Logs::ResourcePolicy",
    "AWS::S3::BucketPolicy",
}
"""Types of our stacks, and those of which the other sections say what they give. A type beyond them may use a role of
ours, or carry findings elsewhere, by properties that nobody reads here."""

_PASSING = frozenset({"Outputs", "Rules"})
"""Sections of a template that decide about no resource."""

_ANYTHING = frozenset(Kind)


def unjudged_changes(comparison: Comparison) -> Iterator[Change]:
    """Custom resources and nested stacks that change, and sections of a template that bear on many resources."""
    for stack in comparison.stacks:
        if stack.place in comparison.removed_places:
            continue
        for pair, judged in _opaque_ones(stack):
            yield pair.change(Topic.OTHER, judged, among=comparison.places)
        for judged in _sections(stack):
            yield judged.change(Topic.OTHER)
        for pair, judged in _conditional(stack):
            yield pair.change(Topic.OTHER, judged, among=comparison.places)


def _opaque_ones(stack: StackPair) -> Iterator[tuple[ResourcePair, Judgement]]:
    for pair in stack.resources(_opaque):
        if pair.differs:
            what = "changes" if pair.base and pair.new else "is new" if pair.new else "is gone"
            says = f"{quoted(pair.either.label)} ({quoted(pair.either.type)}) {what}"
            yield pair, Judgement(says, ", and what that does cannot be told from templates", unknown=_ANYTHING)


def _sections(stack: StackPair) -> Iterator[Judgement]:
    if stack.base and stack.new:
        before, after = stack.base.sections, stack.new.sections
        for section in sorted({*before, *after} - _PASSING):
            if before.get(section) != after.get(section):
                yield Judgement(
                    f"the section {quoted(section)} of the template of {quoted(stack.name)} changes",
                    ", and what that does to its resources cannot be told here",
                    unknown=_ANYTHING,
                )


def _conditional(stack: StackPair) -> Iterator[tuple[ResourcePair, Judgement]]:
    for pair in stack.resources():
        if pair.base and pair.new and pair.base.attributes.get("Condition") != pair.new.attributes.get("Condition"):
            says = f"{quoted(pair.either.label)} depends on another condition"
            yield pair, Judgement(says, ", and whether it will be there cannot be told", unknown=_ANYTHING)


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
    """Whether it does what no property shows: code, a template within, or a type of which nothing is known."""
    return type_ in _WITHIN or not (type_ in _KNOWN or type_ in READ or type_.startswith(_READ_WHOLE))
