"""A function that stays: where its code comes from, how many copies may run, and what the template tells it."""

from collections.abc import Iterator, Mapping
from itertools import chain

from tools.changes.change import BLIND, NOTHING, PERMISSION, Change, Judgement, Topic
from tools.changes.comparison import Comparison
from tools.templates.assembly import Resource
from tools.templates.plain_values import UnjudgedError, mapping
from tools.templates.policy_statements import shown
from tools.templates.wording import quoted

_FUNCTION = "AWS::Lambda::Function"

_WORDS = frozenset(
    {
        "DEPLOYMENT", "DETECTIVE_REGIONS", "PORTAL_ROLE", "PORTAL_URL", "RUNBOOKS_URL", "WATCH_CLOUDFORMATION_ROLES",
        "WATCH_EXPECTED", "WATCH_FILTERS",
    }
)  # fmt: skip
"""What only words a message differently, and what another section judges (`expected_callers`)."""

_MORE_IS_MORE = frozenset(
    {"DEFAULT_TO", "DESTINATIONS", "GUARDDUTY_REGIONS", "IP_SETS", "REGIONS", "TRUSTED_ENTITY_SETS"}
)
"""Lists with commas of what is looked at, or of who is told: one more loses nothing."""

_LESS = {"MESSAGES_PER_MINUTE": -1, "NOTIFY_AGAIN_AFTER_HOURS": 1}
"""Numbers, and in which direction fewer messages are sent."""

_DOUBT = ", and what that stops cannot be told"


def function_changes(comparison: Comparison) -> Iterator[Change]:
    """Every such change, but of variables that only word a message."""
    for stack in comparison.lasting:
        for pair in stack.resources(lambda type_: type_ == _FUNCTION):
            if pair.base and pair.new and pair.differs:
                for judged in chain(_settings(pair.base, pair.new), _runs(pair.base, pair.new)):
                    yield pair.change(Topic.ROUTES, judged, among=comparison.places)


def _runs(base: Resource, new: Resource) -> Iterator[Judgement]:
    name = f"the function {quoted(new.label)}"
    if _source(base) != _source(new):
        # Other code is counted; a key in a bucket is new with every change.
        doubt = ", and who may write there cannot be told"
        yield Judgement(f"{name} takes its code from somewhere else", doubt, unknown=BLIND | PERMISSION)
    if _memory(new) < _memory(base):
        yield Judgement(f"{name} gets less memory", _DOUBT, unknown=BLIND)
    before, after = _copies(base), _copies(new)
    # That none may run is told among the deliveries.
    if before != after and 0 not in (before, after) and (before is None or after is None or after < before):
        yield Judgement(f"{name} may run in fewer copies at once", _DOUBT, unknown=BLIND)


def _source(function: Resource) -> object:
    code = function.properties.get("Code")
    if not isinstance(code, Mapping):
        return code
    return {name: value for name, value in code.items() if name not in {"S3Key", "S3ObjectVersion"}}


def _memory(function: Resource) -> float:
    """MB; Lambda's own default where nothing is said, the most where it is computed."""
    given = function.properties.get("MemorySize", 128)
    return float(given) if isinstance(given, int | float) else float("inf")


def _copies(function: Resource) -> float | None:
    """Most copies that run at once; None where that is computed."""
    given = function.properties.get("ReservedConcurrentExecutions", float("inf"))
    return float(given) if isinstance(given, int | float) else None


def _settings(base: Resource, new: Resource) -> Iterator[Judgement]:
    if base.properties.get("Environment") == new.properties.get("Environment"):
        return
    name = f"the function {quoted(new.label)}"
    try:
        before, after = _variables(base), _variables(new)
    except UnjudgedError:
        yield Judgement(f"{name} is told other settings", _DOUBT, unknown=BLIND)
        return
    for variable in sorted({*before, *after} - _WORDS):
        old, now = before.get(variable), after.get(variable)
        if old == now or (variable in _MORE_IS_MORE and _more(old, now)):
            continue
        says = f"{name} has {quoted(variable)} {_value(now)} instead of {_value(old)}"
        less = _sends_less(variable, old, now)
        if less is None:
            yield Judgement(says, _DOUBT, unknown=BLIND)
        else:
            yield Judgement(says, kinds=BLIND if less else NOTHING)


def _variables(function: Resource) -> Mapping[str, object]:
    environment = mapping(function.properties.get("Environment"), "Environment")
    return mapping(environment.get("Variables"), "Variables")


def _more(old: object, now: object) -> bool:
    """Whether a list with commas at most grows."""
    if not isinstance(old, str) or not isinstance(now, str):
        return False
    return {one for one in old.split(",") if one} <= set(now.split(","))


def _sends_less(variable: str, old: object, now: object) -> bool | None:
    """Whether fewer messages are sent; None where nobody can tell."""
    direction = _LESS.get(variable)
    try:
        return None if direction is None else (float(str(now)) - float(str(old))) * direction > 0
    except ValueError:
        return None


def _value(value: object) -> str:
    return "nothing" if value is None else quoted(shown(value, name=lambda id_: id_))
