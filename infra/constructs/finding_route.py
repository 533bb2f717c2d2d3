"""One rule on the findings bus for one route."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import aws_events as events
from constructs import Construct

from infra.constructs.delivery import Delivery
from infra.constructs.event_rule import watch_rule
from infra.constructs.findings_bus import (
    FINDINGS,
    FINDINGS_AND_REPORTS,
    HEARTBEAT_ACCOUNT,
    HEARTBEAT_TYPE,
    FindingsBus,
)
from infra.constructs.operations import Operations

MAX_PATTERN_CHARACTERS = 2048
"""Size of one event pattern (EventBridge quotas; raisable on request)."""

MAX_TARGETS = 5
"""Targets of one rule (EventBridge quotas)."""


def finding_pattern(
    *,
    finding_types: Sequence[str] = (),
    accounts: Sequence[str] = (),
    minimum_severity: float | None = None,
    with_reports: bool = False,
) -> dict[str, Any]:
    """The event pattern of findings of these types, of these accounts, at or above this severity.

    What is left empty is not asked for. The severity is open-ended: bands such as 7.0 to 8.9 and 9.0 to 10.0 lose a
    finding of 8.95. With reports, the pattern also takes what an investigation of such a finding found: it names type,
    account and severity at the same places (docs/decisions/0026). A heartbeat matches every such pattern: it has the
    highest severity, and its type and account stand beside those that are asked for.
    """
    detail: dict[str, Sequence[Any]] = {}
    if finding_types:
        detail["type"] = [*(_finding_type(name) for name in finding_types), HEARTBEAT_TYPE]
    if accounts:
        # The finding's own account: in an organization the envelope carries the administrator's.
        detail["accountId"] = [*accounts, HEARTBEAT_ACCOUNT]
    if minimum_severity is not None:
        detail["severity"] = [{"numeric": [">=", minimum_severity]}]
    events = FINDINGS_AND_REPORTS if with_reports else FINDINGS
    return {**events, "detail": detail} if detail else {**events}


def _finding_type(name: str) -> str | dict[str, str]:
    head, star, tail = name.partition("*")
    if not star:
        return name
    # A bus takes 30 rules with `wildcard` (EventBridge quotas) and any number with `prefix`.
    return {"prefix": head} if not tail else {"wildcard": name}


class FindingRoute(Construct):
    """Sends the findings that match a pattern to the queues of its destinations.

    The rule is named after the route: the bus is ours alone, and the name is what its metrics are listed under.

    Attributes:
        name: Name of the route and of its rule.
        rule: The rule; the `Delivery` of every destination has to know its ARN.
        to: Where its findings go.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        bus: FindingsBus,
        pattern: Mapping[str, Any],
        to: Sequence[Delivery],
        operations: Operations,
        carries: str = "Findings",
    ) -> None:
        super().__init__(scope, id_)
        if len(to) > MAX_TARGETS:
            raise ValueError(
                f"route {name!r}: {len(to)} destinations, but a rule takes {MAX_TARGETS} targets; "
                "split the route in two"
            )
        size = len(json.dumps(pattern, separators=(",", ":")))
        if size > MAX_PATTERN_CHARACTERS:
            raise ValueError(
                f"route {name!r}: its event pattern has {size} characters, at most {MAX_PATTERN_CHARACTERS} are "
                "allowed; use a wildcard for finding types of one family, or split the route in two"
            )
        self.name = name
        self.to = tuple(to)
        self.rule = events.CfnRule(
            self,
            "Rule",
            name=name,
            description=f"{carries} of the route {name}, to {', '.join(delivery.name for delivery in to)}",
            event_bus_name=bus.bus.event_bus_name,
            event_pattern=pattern,
            state="ENABLED",
            targets=[delivery.target() for delivery in to],
        )
        for delivery in to:
            delivery.let_in_before(self.rule)
        watch_rule(
            rule_name=name,
            bus_name=bus.name,
            label=name,
            remedy="Compare the policies of the queue and of its key with the template (cdk drift), then replay the "
            "archive of the findings bus.",
            operations=operations,
        )
