"""A findings bus that takes the place of another: what is sent to the old one meanwhile reaches nobody."""

from collections.abc import Iterator

from tools.changes.change import BLIND, Change, Judgement, Topic
from tools.changes.comparison import Comparison
from tools.templates.wording import quoted

_BUS = "AWS::Events::EventBus"


def bus_changes(comparison: Comparison) -> Iterator[Change]:
    """Every bus that is made anew under another name, while Regions still send to the old one."""
    for stack in comparison.stacks:
        for pair in stack.resources(lambda type_: type_ == _BUS):
            if pair.base is None or pair.new is None:
                continue
            old, new = pair.base.properties.get("Name"), pair.new.properties.get("Name")
            if old != new:
                judged = Judgement(
                    f"the bus {quoted(new)} takes the place of {quoted(old)}",
                    ": until a Region is deployed after it, what the Region sends reaches nobody, and no replay brings "
                    "it back; look its findings of that time up in GuardDuty",
                    kinds=BLIND,
                )
                yield pair.change(Topic.ROUTES, judged, among=frozenset())
