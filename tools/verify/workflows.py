"""Schedules and state machines against the template."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tools.verify.check import Check
from tools.verify.live_stack import LiveStack, UnresolvedError

_WHEN = ("ScheduleExpression", "ScheduleExpressionTimezone", "StartDate", "EndDate")
_TIMEZONE = "UTC"
"""Of a schedule that names none (botocore scheduler 1.44.5)."""


def schedules(live: LiveStack) -> Iterator[Check]:
    """Every schedule is enabled, comes when it is declared to, and says what it should to whom it should."""
    for resource in live.declared("AWS::Scheduler::Schedule"):
        name, client = live.physical(resource.logical_id), live.client("scheduler")
        try:
            found = client.get_schedule(Name=name)
        except client.exceptions.ResourceNotFoundException:
            yield live.check("schedules", name, ["is gone, so it never comes; deploy"], fine="")
            continue
        problems = [] if found["State"] == "ENABLED" else [f"is {found['State']}, so it never comes; enable it"]
        if differing := [part for part in _WHEN if _when(found, part) != _when(resource.properties, part)]:
            problems.append(f"comes at other times than declared ({', '.join(differing)}); deploy")
        try:
            declared = live.resolved(resource.properties.get("Target", {}))
        except UnresolvedError as error:
            yield live.unknown("schedules", name, f"its target names {error}, which is not known here")
            continue
        wanted = declared if isinstance(declared, Mapping) else {}
        if differing := [part for part in wanted if found["Target"].get(part) != wanted[part]]:
            problems.append(f"has another target than declared ({', '.join(differing)}); deploy")
        yield live.check("schedules", name, problems, fine="enabled, as declared")


def state_machines(live: LiveStack) -> Iterator[Check]:
    """Every state machine is active, with the declared steps; `cdk drift` compares the rest of it."""
    for resource in live.declared("AWS::StepFunctions::StateMachine"):
        arn, client = live.physical(resource.logical_id), live.client("stepfunctions")
        name = arn.rpartition(":")[2]
        try:
            found = client.describe_state_machine(stateMachineArn=arn)
        except client.exceptions.StateMachineDoesNotExist:
            yield live.check("state machines", name, ["is gone; deploy"], fine="")
            continue
        definition = live.text(resource.properties.get("DefinitionString"))
        if definition is None:
            yield live.unknown("state machines", name, "the template names a step in a way that is not known here")
            continue
        problems = [] if found.get("status", "ACTIVE") == "ACTIVE" else [f"is {found['status']}"]
        if json.loads(found["definition"]) != json.loads(definition):
            problems.append("has other steps than declared; deploy")
        yield live.check("state machines", name, problems, fine="active, with the declared steps")


def _when(of: Mapping[str, Any], part: str) -> str:
    return str(of.get(part) or (_TIMEZONE if part == "ScheduleExpressionTimezone" else ""))
