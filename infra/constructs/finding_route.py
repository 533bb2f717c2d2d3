"""One rule on the findings bus for one route."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import aws_events as events
from constructs import Construct

from infra.constructs.delivery import Delivery
from infra.constructs.event_rule import add_rule_alarms
from infra.constructs.finding_pattern import check_limits
from infra.constructs.findings_bus import FindingsBus
from infra.constructs.operations import Operations


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
        check_limits(route=name, pattern=pattern, targets=len(to))
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
        add_rule_alarms(
            rule_name=name,
            bus_name=bus.name,
            label=name,
            remedy="Compare the policies of the queue and of its key with the template (cdk drift), then replay the "
            "archive of the findings bus.",
            operations=operations,
        )
