"""A synthetic finding each hour, and the alarms that ring where it does not arrive."""

import json
from collections.abc import Sequence

from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra.constructs.delivery import Delivery
from infra.constructs.finding_pattern import (
    HEARTBEAT,
    HEARTBEAT_ACCOUNT,
    HEARTBEAT_SEVERITY,
    HEARTBEAT_TYPE,
    OUR_SOURCE,
)
from infra.constructs.finding_route import FindingRoute
from infra.constructs.findings_bus import FindingsBus
from infra.constructs.fixed_names import heartbeat_name
from infra.constructs.logged_number import count_lines
from infra.constructs.operations import Metric, Operations, metrics_namespace
from infra.constructs.outcomes import OutcomeMetrics
from infra.constructs.put_events_role import put_events_role
from infra.constructs.stack_location import StackLocation

METRIC = "Heartbeats"
"""Name of the metric of arrivals; its dimension is `Region`."""

OUTCOME = "heartbeat"
"""What the notifier writes to its log when one arrives (contract test)."""

MISSED_SECONDS = 2 * 3600
"""Longer than two of them are apart, so that one that comes a little late is no alarm."""


def heartbeat_detail(region: str, *, execution: str, sent: str) -> dict[str, object]:
    """The detail of a heartbeat: as much of a finding as rules ask for."""
    return {
        "schemaVersion": "2.0",
        "type": HEARTBEAT_TYPE,
        "accountId": HEARTBEAT_ACCOUNT,
        "severity": HEARTBEAT_SEVERITY,
        "region": region,
        "id": execution,
        "sent": sent,
        # Read by whoever does not know heartbeats, it is a sample, for which nothing happened.
        "service": {"additionalInfo": {"sample": True}},
    }


class HeartbeatSchedule(Construct):
    """Puts a heartbeat on the Region's default bus each hour, where GuardDuty puts its findings.

    A schedule and no function: the stack of a Region has no assets, and nothing of ours has to work for it.
    """

    def __init__(self, scope: Construct, id_: str, *, name_prefix: str, place: StackLocation) -> None:
        super().__init__(scope, id_)
        bus_arn = place.arn("events", "event-bus/default")
        role = put_events_role(
            self,
            service="scheduler.amazonaws.com",
            account=place.account,
            bus_arn=bus_arn,
            policy_name="PutHeartbeats",
            description="Lets the heartbeat's schedule put events on the default bus",
            users="one schedule",
        )
        # EventBridge Scheduler fills these in (Scheduler user guide, context attributes).
        detail = heartbeat_detail(
            place.region, execution="<aws.scheduler.execution-id>", sent="<aws.scheduler.scheduled-time>"
        )
        scheduler.CfnSchedule(
            self,
            "Resource",
            name=heartbeat_name(name_prefix),
            description="A synthetic finding that must reach every notifier and no person",
            schedule_expression="rate(1 hour)",
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            state="ENABLED",
            target=scheduler.CfnSchedule.TargetProperty(
                arn=bus_arn,
                role_arn=role.attr_arn,
                event_bridge_parameters=scheduler.CfnSchedule.EventBridgeParametersProperty(
                    source=OUR_SOURCE, detail_type=HEARTBEAT
                ),
                input=json.dumps(detail, separators=(",", ":")),
                # One that is an hour old would tell of the hour before.
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_event_age_in_seconds=600, maximum_retry_attempts=10
                ),
            ),
        )


class HeartbeatAlarms(Construct):
    """An alarm for each Region, route and destination from which no heartbeat came for two hours.

    Together they are the whole way: whatever breaks in a Region silences that Region, a rule that is off or cannot
    deliver silences its route, and what is behind it the destination. A route's is EventBridge's own count; the others
    are lines in the notifiers' logs.

    Attributes:
        regions: The metric of each Region, by its name.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        deployment: str,
        regions: Sequence[str],
        bus: FindingsBus,
        routes: Sequence[FindingRoute],
        deliveries: Sequence[Delivery],
        outcomes: OutcomeMetrics,
        operations: Operations,
    ) -> None:
        super().__init__(scope, id_)
        namespace = metrics_namespace(deployment)
        for delivery in deliveries:
            count_lines(
                self,
                delivery.name,
                log_group=delivery.notifier.log_group,
                field="heartbeat_region",
                namespace=namespace,
                metric=METRIC,
                dimensions={"Region": "heartbeat_region"},
            )
        self.regions = {
            region: Metric(namespace=namespace, name=METRIC, dimensions={"Region": region}) for region in regions
        }
        for region, metric in self.regions.items():
            operations.alarm_without(
                f"Heartbeat-Region-{region}",
                metric=metric,
                period_seconds=MISSED_SECONDS,
                says=f"No heartbeat of {region} has reached a notifier for two hours: findings of that Region may not "
                "arrive either. Run the selftest, which says where it ends.",
                runbook="heartbeat-region",
            )
        reached = {name for route in routes for name in (delivery.name for delivery in route.to)}
        for delivery in deliveries:
            if delivery.name in reached:
                operations.alarm_without(
                    f"Heartbeat-Destination-{delivery.name}",
                    metric=outcomes.metric(delivery.name, OUTCOME),
                    period_seconds=MISSED_SECONDS,
                    says=f"No heartbeat of any Region has reached the notifier of {delivery.name} for two hours: "
                    "findings may not reach it either. Run the selftest, which says where it ends.",
                    runbook="heartbeat-destination",
                )
        for route in routes:
            operations.alarm_without(
                f"Heartbeat-Route-{route.name}",
                metric=Metric(
                    namespace="AWS/Events",
                    name="Invocations",
                    dimensions={"EventBusName": bus.name, "RuleName": route.name},
                ),
                period_seconds=MISSED_SECONDS,
                says=f"The rule of the route {route.name} has delivered nothing for two hours, no heartbeat and no "
                "finding: it is disabled, has no target or cannot deliver. Run the selftest, which says which.",
                runbook="heartbeat-route",
            )
