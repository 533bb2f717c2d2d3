"""Schedules and state machines against the template."""

import json
from collections.abc import Iterator, Mapping

from tools.verify.live import Live
from tools.verify.verdict import Check


def schedules(live: Live) -> Iterator[Check]:
    """Every schedule is enabled, as often as declared, and leads where it should: a heartbeat that never comes."""
    for resource in live.declared("AWS::Scheduler::Schedule"):
        name = live.physical(resource.logical_id)
        found = live.client("scheduler").get_schedule(Name=name)
        problems = [] if found["State"] == "ENABLED" else [f"is {found['State']}, so it never comes; enable it"]
        declared = resource.properties.get("ScheduleExpression")
        if found["ScheduleExpression"] != declared:
            problems.append(f"comes {found['ScheduleExpression']}, declared is {declared}; deploy")
        target = resource.properties.get("Target")
        wanted = live.text(target.get("Arn")) if isinstance(target, Mapping) else ""
        if wanted is None:
            yield live.unknown("schedules", name, "the template names its target in a way that is not known here")
            continue
        if found["Target"]["Arn"] != wanted:
            problems.append(f"leads to {found['Target']['Arn']}, declared is {wanted}; deploy")
        yield live.check("schedules", name, problems, fine="enabled, as declared")


def state_machines(live: Live) -> Iterator[Check]:
    """Every state machine is active, with the declared steps."""
    for resource in live.declared("AWS::StepFunctions::StateMachine"):
        arn = live.physical(resource.logical_id)
        name = arn.rpartition(":")[2]
        found = live.client("stepfunctions").describe_state_machine(stateMachineArn=arn)
        definition = live.text(resource.properties.get("DefinitionString"))
        if definition is None:
            yield live.unknown("state machines", name, "the template names a step in a way that is not known here")
            continue
        problems = [] if found.get("status", "ACTIVE") == "ACTIVE" else [f"is {found['status']}"]
        if json.loads(found["definition"]) != json.loads(definition):
            problems.append("has other steps than declared; deploy")
        yield live.check("state machines", name, problems, fine="active, as declared")
