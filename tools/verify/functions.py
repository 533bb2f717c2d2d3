"""Functions against the template: active, with the secrets that they read, and reading the queues that they should."""

from collections.abc import Iterator

from tools.live.presence import if_there
from tools.verify.check import Check
from tools.verify.live_stack import LiveStack


def functions(live: LiveStack) -> Iterator[Check]:
    """Every function is active, and the secrets it reads exist."""
    functions_ = live.client("lambda")
    for resource in live.declared("AWS::Lambda::Function"):
        name = live.physical(resource.logical_id)
        found = if_there(functions_.get_function_configuration, FunctionName=name)
        if found is None:
            yield live.check("functions", name, ["is gone, so it never runs; deploy"], fine="")
            continue
        problems = [] if found.get("State", "Active") == "Active" else [f"is {found['State']}"]
        if functions_.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions") == 0:
            problems.append("is held back: its reserved concurrency is 0, so it never runs; remove that")
        yield live.check("functions", name, problems, fine="active")
        for variable, value in found.get("Environment", {}).get("Variables", {}).items():
            if variable.endswith("_SECRET"):
                yield _secret(live, value)


def event_sources(live: LiveStack) -> Iterator[Check]:
    """Every queue is read: the mapping between it and its function is enabled."""
    lambda_ = live.client("lambda")
    for resource in live.declared("AWS::Lambda::EventSourceMapping"):
        found = if_there(lambda_.get_event_source_mapping, UUID=live.physical(resource.logical_id))
        if found is None:
            problem = "is gone, so the messages in its queue wait; deploy"
            yield live.check("event sources", resource.label, [problem], fine="")
            continue
        state = found["State"]
        problems = [] if state == "Enabled" else [f"is {state}, so the messages in its queue wait; enable it"]
        # What does not pass a filter is taken off the queue all the same (Lambda developer guide, event filtering).
        if found.get("FilterCriteria", {}).get("Filters") and "FilterCriteria" not in resource.properties:
            problems.append("lets only some messages through, and the others are lost; remove its filter criteria")
        for what, wanted, actual in (
            ("reads", resource.properties.get("EventSourceArn"), found.get("EventSourceArn")),
            ("invokes", resource.properties.get("FunctionName"), found.get("FunctionArn")),
        ):
            declared = live.text(wanted)
            if declared is not None and str(actual).rpartition(":")[2] != declared.rpartition(":")[2]:
                problems.append(f"{what} {actual}, declared is {declared}; deploy")
        yield live.check("event sources", resource.label, problems, fine="enabled")


def _secret(live: LiveStack, name: str) -> Check:
    secrets = live.client("secretsmanager")
    try:
        found = secrets.describe_secret(SecretId=name)
    except secrets.exceptions.ResourceNotFoundException:
        return live.check(
            "secrets",
            name,
            ["does not exist in this Region: nothing can be sent; create it (docs/destinations.md)"],
            fine="",
        )
    problems = ["is being deleted: restore it"] if found.get("DeletedDate") else []
    return live.check("secrets", name, problems, fine="exists")
