"""Callers whose changes the watch takes for those of a deployment: one more may change the stack in silence."""

import json
from collections.abc import Iterator

from tools.changes.change import BLIND, Change, Judgement, Topic
from tools.changes.comparison import Comparison
from tools.templates.assembly import Resource
from tools.templates.plain_values import UnjudgedError, mapping
from tools.templates.wording import quoted

_FUNCTION = "AWS::Lambda::Function"
_VARIABLES = ("WATCH_EXPECTED", "WATCH_CLOUDFORMATION_ROLES")
"""Of the notifiers: rows of a role and, where it matters, the name of its session; and the roles with which
CloudFormation works for a deployment, with commas (infra/stacks/watching.py)."""

_FILTERS = "WATCH_FILTERS"


def expected_caller_changes(comparison: Comparison) -> Iterator[Change]:
    """Who is newly expected, and who no longer is, by the settings of the functions that tell of changes."""
    for stack in comparison.stacks:
        if stack.base is None or stack.new is None:
            continue
        for pair in stack.resources(lambda type_: type_ == _FUNCTION):
            if pair.base is None or pair.new is None:
                continue
            for variable in _VARIABLES:
                for judged in _judged(_written(pair.base, variable), _written(pair.new, variable)):
                    yield judged.change(Topic.ROUTES)
            # Without whom it expects there is no watch.
            if _written(pair.new, _VARIABLES[0]) is not None:
                for judged in _of_filters(_written(pair.base, _FILTERS), _written(pair.new, _FILTERS)):
                    yield judged.change(Topic.ROUTES)


def _judged(before: object, after: object) -> Iterator[Judgement]:
    # Without the setting there is no watch, and that its rules go is told by the routes.
    if before == after or after is None:
        return
    known, now = _callers(before), _callers(after)
    if known is None or now is None:
        doubt = ", and whether that is anybody more cannot be told"
        yield Judgement("whom the watch takes for a deployment changes", doubt, unknown=BLIND)
        return
    for caller in sorted(now - known):
        says = f"the watch newly takes {quoted(caller)} for a deployment"
        yield Judgement(says, ": nobody is told what it changes", kinds=BLIND)
    for caller in sorted(known - now):
        yield Judgement(f"the watch no longer takes {quoted(caller)} for a deployment", ": what it changes is told")


def _of_filters(before: object, after: object) -> Iterator[Judgement]:
    """Which filters a deployment may change in silence, by the beginning of their names; without the setting, all."""
    if before == after or (
        isinstance(after, str) and isinstance(before, str | None) and after.startswith(before or "")
    ):
        return
    named = f"those named {quoted(f'{after}…')}" if isinstance(after, str) and after else "all of them"
    says = f"of the filters in GuardDuty the watch takes {named} for the deployment's own"
    yield Judgement(says, ": nobody is told when a deployment makes such a one", kinds=BLIND)


def _written(function: Resource, variable: str) -> object:
    environment = function.properties.get("Environment")
    try:
        return mapping(mapping(environment, "Environment").get("Variables"), "Variables").get(variable)
    except UnjudgedError:
        return environment


def _callers(written: object) -> set[str] | None:
    """Each caller in words; None where nobody can tell."""
    if written is None:
        return set()
    if not isinstance(written, str):
        return None
    if not written.startswith(("[", "{")):
        return {one for one in written.split(",") if one}
    try:
        rows = json.loads(written)
    except ValueError:
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        return None
    return {" / ".join(str(part) for part in row if part) for row in rows}
