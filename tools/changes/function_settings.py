"""The environment of a function: what it is told by the template, variable by variable."""

from collections.abc import Iterator, Mapping

from tools.changes.change import Change, Kind, Topic
from tools.changes.comparison import Comparison, ResourcePair
from tools.changes.plain_values import UnjudgedError, mapping
from tools.changes.wording import quoted
from tools.templates.assembly import Resource
from tools.templates.policy_statements import shown

_FUNCTION = "AWS::Lambda::Function"
_BLIND = frozenset({Kind.BLIND})

_WORDS = frozenset(
    {
        "ACCOUNTS", "DEPLOYMENT", "DETECTIVE_REGIONS", "EGRESS_RANGES", "PORTAL_ROLE", "PORTAL_URL", "RUNBOOKS_URL",
        "WATCH_EXPECTED",
    }
)  # fmt: skip
"""What only words a message differently, and what another section judges (`expected_callers`)."""

_LESS = {"MESSAGES_PER_MINUTE": -1, "NOTIFY_AGAIN_AFTER_HOURS": 1}
"""Numbers, and in which direction fewer messages are sent."""


def function_setting_changes(comparison: Comparison) -> Iterator[Change]:
    """Every variable of a function that stays, but those that only word a message."""
    for stack in comparison.lasting:
        for pair in stack.resources(lambda type_: type_ == _FUNCTION):
            if (
                pair.base
                and pair.new
                and pair.base.properties.get("Environment") != pair.new.properties.get("Environment")
            ):
                yield from _changes(pair, pair.base, pair.new, comparison)


def _changes(pair: ResourcePair, base: Resource, new: Resource, comparison: Comparison) -> Iterator[Change]:
    name = f"the function {quoted(new.label)}"
    try:
        before, after = _variables(base), _variables(new)
    except UnjudgedError:
        yield _change(pair, f"{name} is told other settings", comparison, unknown=True)
        return
    for variable in sorted({*before, *after} - _WORDS):
        old, now = before.get(variable), after.get(variable)
        if old == now or _more(old, now):
            continue
        says = f"{name} has {quoted(variable)} {_value(now)} instead of {_value(old)}"
        less = _sends_less(variable, old, now)
        yield _change(pair, says, comparison, kinds=_BLIND if less else frozenset(), unknown=less is None)


def _variables(function: Resource) -> Mapping[str, object]:
    environment = mapping(function.properties.get("Environment"), "Environment")
    return mapping(environment.get("Variables"), "Variables")


def _more(old: object, now: object) -> bool:
    """Whether it is a list with commas that at most grows, such as the Regions to read."""
    if not isinstance(old, str) or not isinstance(now, str) or "{" in old + now:
        return False
    return "," in now and {one for one in old.split(",") if one} <= set(now.split(","))


def _sends_less(variable: str, old: object, now: object) -> bool | None:
    """Whether fewer messages are sent; None where nobody can tell."""
    direction = _LESS.get(variable)
    try:
        return None if direction is None else (float(str(now)) - float(str(old))) * direction > 0
    except ValueError:
        return None


def _value(value: object) -> str:
    return "nothing" if value is None else quoted(shown(value, name=lambda id_: id_))


def _change(
    pair: ResourcePair, says: str, comparison: Comparison, *, kinds: frozenset[Kind] = frozenset(), unknown: bool
) -> Change:
    return Change(
        topic=Topic.ROUTES,
        says=says,
        rest=", and what that stops cannot be told" if unknown else "",
        places=frozenset({pair.place}),
        among=comparison.places,
        kinds=kinds,
        unknown=_BLIND if unknown else frozenset(),
        about=frozenset({pair.id}),
    )
