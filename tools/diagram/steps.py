"""The story that the numbers in the picture tell, from the finding to the person; each is there if its nodes are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tools.diagram.model import Diagram, Line, Node

PEOPLE = {"mail", "slack", "teams", "pagerduty", "webhook", "chat"}


@dataclass(frozen=True, slots=True)
class Around:
    """A node with the kinds of what leads to it, and of what it leads to."""

    node: Node
    before: frozenset[tuple[str, str]]
    after: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence, and which nodes carry its number."""

    words: str
    of: Callable[[Around], bool]


_STEPS = (
    Step(
        "GuardDuty finds something, and puts it on the default bus of its Region.",
        lambda at: at.node.kind == "guardduty",
    ),
    Step(
        "What an own-egress filter archives ends here; one that only counts hides nothing.",
        lambda at: at.node.kind == "filter",
    ),
    Step(
        "A rule carries every other finding to the findings bus, which keeps it for replay.",
        lambda at: at.node.kind == "rule" and ("targets", "bus") in at.after,
    ),
    Step(
        "Each route is a rule. The catch-all takes every finding, so that none falls between them.",
        lambda at: at.node.kind == "rule" and {("matches", "bus"), ("targets", "queue")} <= at.before | at.after,
    ),
    Step(
        "Each destination has a queue and a notifier, which remembers in the ledger whom it told of what.",
        lambda at: at.node.kind == "function" and ("polls", "queue") in at.before,
    ),
    Step(
        "People are told what happened, and what to do now.",
        lambda at: (
            at.node.kind in PEOPLE and bool({("mails", "topic"), ("sends", "function"), ("chats", "topic")} & at.before)
        ),
    ),
    Step(
        "Leaked credentials are investigated, reading only; the report goes the way of a finding.",
        lambda at: at.node.kind == "machine",
    ),
    Step(
        "Every hour a review looks at what was hidden, and tells it.",
        lambda at: at.node.kind == "function" and ("wakes", "schedule") in at.before,
    ),
    Step(
        "What cannot be delivered is kept, and alarms tell those who run the stack by another way.",
        lambda at: at.node.kind == "alarms",
    ),
    Step(
        "The management account appoints the security account as administrator.",
        lambda at: (
            at.node.kind == "function" and {("appoints", "guardduty"), ("appoints", "detective")} & at.after != set()
        ),
    ),
    Step(
        "The security account enrols the member accounts.",
        lambda at: at.node.kind == "function" and ("enrols", "members") in at.after,
    ),
)


@dataclass(frozen=True, slots=True)
class Story:
    """The sentences in their order, from 1, and the number of each node that has one."""

    words: tuple[str, ...]
    numbers: Mapping[str, int]


def story_of(diagram: Diagram) -> Story:
    """Number what there is; what there is not takes no number."""
    kinds = {node.id: node.kind for node in diagram.nodes}
    around = [_around(node, diagram.lines, kinds) for node in diagram.nodes]
    words: list[str] = []
    numbers: dict[str, int] = {}
    for step in _STEPS:
        if nodes := [one.node.id for one in around if step.of(one)]:
            words.append(step.words)
            numbers.update(dict.fromkeys(nodes, len(words)))
    return Story(words=tuple(words), numbers=numbers)


def _around(node: Node, lines: tuple[Line, ...], kinds: Mapping[str, str]) -> Around:
    return Around(
        node=node,
        before=frozenset((line.kind, kinds[line.source]) for line in lines if line.target == node.id),
        after=frozenset((line.kind, kinds[line.target]) for line in lines if line.source == node.id),
    )
