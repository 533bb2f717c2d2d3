"""Everything that changes between two assemblies, and whether a gate lets it pass."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tools.changes.alarms import alarm_changes
from tools.changes.buses import bus_changes
from tools.changes.carriers import carrier_changes
from tools.changes.change import Change, Kind, Topic, merged
from tools.changes.comparison import ResourcePair, StackPair, compare
from tools.changes.deliveries import delivery_changes
from tools.changes.expected_callers import expected_caller_changes
from tools.changes.features import feature_changes
from tools.changes.functions import function_changes
from tools.changes.grants import grant_changes
from tools.changes.lists import list_changes
from tools.changes.organization import organization_changes
from tools.changes.resources import resource_changes
from tools.changes.routes import route_changes
from tools.changes.stacks import stack_changes
from tools.changes.suppression import suppression_changes
from tools.changes.unjudged import remainder, unjudged_changes
from tools.templates.assembly import Assembly
from tools.templates.code import code_folder, does_the_same
from tools.templates.wording import counted

_SECTIONS = (
    suppression_changes,
    list_changes,
    bus_changes,
    route_changes,
    delivery_changes,
    carrier_changes,
    function_changes,
    expected_caller_changes,
    grant_changes,
    stack_changes,
    resource_changes,
    feature_changes,
    alarm_changes,
    organization_changes,
    unjudged_changes,
)

_WORDS = {
    Kind.BLIND: "we see or send less",
    Kind.PERMISSION: "permissions grow",
    Kind.REPLACEMENT: "resources are replaced or deleted",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a change means.

    Attributes:
        changes: Every sentence.
        others: How many resources change that no sentence is about, by type.
        codes: How many functions get other code, whatever else is said of them.
    """

    changes: tuple[Change, ...]
    others: Mapping[str, int]
    codes: int = 0

    @property
    def empty(self) -> bool:
        """Whether nothing changes at all."""
        return not self.changes and not self.others

    def section(self, topic: Topic) -> tuple[Change, ...]:
        """The changes of one topic, the grave ones first."""
        of_topic = [change for change in self.changes if change.topic is topic]
        return tuple(sorted(of_topic, key=lambda change: (not change.kinds, not change.unknown)))

    def failing(self, kinds: Collection[Kind]) -> tuple[Change, ...]:
        """The changes that are, or may be, of one of these kinds."""
        return tuple(change for change in self.changes if (change.kinds | change.unknown) & set(kinds))

    @property
    def verdict(self) -> str:
        """One line: what a reviewer has to know before anything else."""
        if self.empty:
            return "nothing changes"
        parts = []
        for kind, words in _WORDS.items():
            number = sum(kind in change.kinds for change in self.changes)
            if number:
                parts.append(f"{words} ({number})")
        doubts = sum(bool(change.unknown) for change in self.changes)
        if doubts:
            parts.append(f"{counted(doubts, 'change')} cannot be judged")
        if not parts:
            return "nothing is hidden, no permission grows, nothing is replaced or deleted" + self._unread
        return "; ".join(parts)

    @property
    def _unread(self) -> str:
        """What no template shows, where a verdict could otherwise be taken for one on it."""
        if not self.codes:
            return ""
        return f", as far as templates tell: they do not say what other code of {counted(self.codes, 'function')} does"


def report(base: Assembly, new: Assembly) -> Report:
    """Say what changes from one assembly to the other."""
    comparison = compare(base, new)
    changes = merged(change for section in _SECTIONS for change in section(comparison))
    others: Counter[str] = remainder(comparison, changes)
    codes = sum(
        _has_other_code(pair, stack)
        for stack in comparison.stacks
        for pair in stack.resources(lambda type_: type_ == "AWS::Lambda::Function")
    )
    return Report(changes=changes, others=dict(sorted(others.items())), codes=codes)


def _has_other_code(pair: ResourcePair, stack: StackPair) -> bool:
    """Whether a function that stays gets code that does something else, as far as that can be told."""
    if not (pair.base and pair.new and stack.base and stack.new):
        return False
    if pair.base.properties.get("Code") == pair.new.properties.get("Code"):
        return False
    return not does_the_same(code_folder(pair.base, stack.base.folder), code_folder(pair.new, stack.new.folder))
