"""Rules on API calls that could blind GuardDuty, Detective or this stack."""

from collections.abc import Mapping, Sequence

from aws_cdk import aws_events as events
from constructs import Construct

from infra.constructs.delivery import Delivery
from infra.constructs.finding_forwarder import FindingForwarder
from infra.constructs.fixed_names import watch_name
from infra.constructs.operations import Metric, Operations
from infra.constructs.watch_patterns import API_CALL, Clause, Pattern, own_rules, packed


def watch_pattern() -> dict[str, object]:
    """The pattern, on the findings bus, of what the watch of every Region forwards.

    Nobody but AWS puts an event on a bus whose source begins with `aws.` (EventBridge API reference, PutEvents).
    """
    return {"source": [{"prefix": "aws."}], "detail-type": [API_CALL]}


def region_rules(clauses: Sequence[Clause], *, prefix: str) -> dict[str, Pattern]:
    """The patterns of a Region's rules, by name."""
    return _named(clauses, name=watch_name(prefix), always=own_rules(prefix))


def hub_rules(clauses: Sequence[Clause], *, prefix: str) -> dict[str, Pattern]:
    """The patterns of the rules beside the findings bus, by name."""
    return _named(clauses, name=f"{watch_name(prefix)}-hub", always=own_rules(prefix))


class RegionWatch(Construct):
    """Sends the calls of one Region to the findings bus, the way that findings go."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        patterns: Mapping[str, Pattern],
        forwarder: FindingForwarder,
        operations: Operations,
    ) -> None:
        super().__init__(scope, id_)
        for name, pattern in patterns.items():
            rule = events.CfnRule(
                self,
                name.rpartition("-")[2],
                name=name,
                description="Calls that could blind this Region, to the findings bus",
                event_pattern=pattern,
                state="ENABLED",
                targets=[forwarder.target],
            )
            forwarder.let_in_before(rule)
        _alarms(list(patterns), operations=operations)


class HubWatch(Construct):
    """Sends the calls that could silence the findings bus, and what is behind it, to the destinations' queues.

    Not over that bus: whoever takes the bus, its rules or its permissions away is heard all the same.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        patterns: Mapping[str, Pattern],
        to: Sequence[Delivery],
        operations: Operations,
    ) -> None:
        super().__init__(scope, id_)
        for name, pattern in patterns.items():
            rule = events.CfnRule(
                self,
                name.rpartition("-")[2],
                name=name,
                description=f"Calls that could silence this stack, to {', '.join(delivery.name for delivery in to)}",
                event_pattern=pattern,
                state="ENABLED",
                targets=[delivery.target() for delivery in to],
            )
            for delivery in to:
                delivery.let_in_before(rule)
        _alarms(list(patterns), operations=operations)


def _named(clauses: Sequence[Clause], *, name: str, always: Sequence[Clause]) -> dict[str, Pattern]:
    return {f"{name}-{number}": pattern for number, pattern in enumerate(packed(clauses, always=always), start=1)}


def _alarms(names: Sequence[str], *, operations: Operations) -> None:
    """One alarm for all the rules of a stack on each way to lose an event."""
    meanings = {
        "FailedInvocations": "could not deliver an event; it waits in the rule's dead-letter queue",
        "InvocationsFailedToBeSentToDlq": "lost an event: neither its target nor its dead-letter queue took it",
    }
    for metric, meaning in meanings.items():
        operations.alarm_if_any_is_above(
            f"Watch-{metric}",
            metrics=[Metric(namespace="AWS/Events", name=metric, dimensions={"RuleName": name}) for name in names],
            limit=0,
            says=f"A rule that watches for changes to this stack {meaning}. Look in CloudTrail who changed what in "
            "that hour, then compare queue, policy and key with the template (cdk drift).",
            runbook=metric.lower(),
        )
