"""Which rules would have taken a finding, but for one condition."""

from collections.abc import Iterable, Iterator, Mapping

from infra.constructs.finding_pattern import HEARTBEATS
from tools.journey.answers import Answers, Leaf, asked_texts, leaves
from tools.journey.rules import Bus, Rule
from tools.journey.world import World
from tools.matching.event_patterns import Event
from tools.matching.finding_values import values_at

_SOURCE = {("source",), ("detail-type",)}
_NAMES: Mapping[tuple[str, ...], str] = {
    ("detail", "severity"): "severity",
    ("detail", "type"): "the finding type",
    ("detail", "accountId"): "the account",
}


def rule_misses(world: World, passed: Iterable[Bus], event: Event, number: int, answers: Answers) -> Iterator[str]:
    """Sentences about rules on the buses that it passed, which would have taken it but for one condition."""
    for bus in passed:
        for rule in world.rules.get(bus, ()):
            yield from _rule(rule, event, number, answers)


def _rule(rule: Rule, event: Event, number: int, answers: Answers) -> Iterator[str]:
    if not rule.on or answers.match(rule.pattern, number):
        return
    failing = [leaf for leaf in leaves(rule.pattern) if not answers.match(leaf.pattern, number)]
    to = f" ({', '.join(rule.leads_to)})"
    name = f"the route {rule.name}{to}" if rule.leads_to else f"the rule {rule.name}"
    if not failing:
        yield f"{name}: each condition holds, but not all of them for one and the same element of a list"
    elif len(failing) == 1 and failing[0].path not in _SOURCE and (rule.leads_to or _names_a_key(event)):
        yield f"{name} {_asks(failing[0], event)}"


def _names_a_key(event: Event) -> bool:
    """Whether it is about credentials: what else no investigation looks into is nothing that it nearly did."""
    return any(values_at(event, ("detail", "resource", "accessKeyDetails", "accessKeyId")))


def _bounds(tests: list[object]) -> str:
    """`4 and over`, `under 7`, `4 and over and under 7`; empty for what is compared otherwise."""
    said = {">=": "{} and over", "<": "under {}"}
    pairs = list(zip(tests[::2], tests[1::2], strict=True))
    known = all(str(operator) in said for operator, _ in pairs)
    return " and ".join(said[str(operator)].format(bound) for operator, bound in pairs) if known else ""


def _asks(leaf: Leaf, event: Event) -> str:
    values = list(values_at(event, leaf.path))
    is_ = ", ".join(str(value) for value in values) or "not there"
    what = _NAMES.get(leaf.path, ".".join(leaf.path[1:] if leaf.path[0] == "detail" else leaf.path))
    match [one for one in leaf.asks if one not in HEARTBEATS] if isinstance(leaf.asks, list | tuple) else leaf.asks:
        case [{"numeric": list(tests)}] if words := _bounds(tests):
            if any(isinstance(value, str) for value in values):
                return f"takes {what} {words} as a number; this is the text {is_}, which no number matches"
            return f"takes {what} {words}; this is {is_}"
    return f"asks for {what} {' or '.join(asked_texts(leaf.asks))}; this is {is_}"
