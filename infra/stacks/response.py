"""What the home Region does with the findings of all Regions."""

from collections.abc import Mapping, Sequence

from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.config import CATCH_ALL_RULE, INVESTIGATION_RULE, NOTICE_RULES, WATCH_RULE, Deployment, rules_to
from infra.constructs.dashboard import FindingsDashboard
from infra.constructs.delivery import Delivery
from infra.constructs.encryption import findings_key
from infra.constructs.event_rule import rule_arns
from infra.constructs.finding_pattern import finding_pattern
from infra.constructs.finding_route import FindingRoute
from infra.constructs.findings_bus import FindingsBus
from infra.constructs.fixed_names import machine_name
from infra.constructs.heartbeat import HeartbeatAlarms
from infra.constructs.investigation import Investigation
from infra.constructs.ledger import Ledger
from infra.constructs.notifier import notifier_code
from infra.constructs.operations import Operations
from infra.constructs.outcomes import OutcomeMetrics
from infra.constructs.suppression_review import SuppressionReview, notice_pattern
from infra.constructs.watch import HubWatch, watch_pattern
from infra.stacks.deployment_stack import DeploymentStack
from infra.stacks.destinations import destination_of
from infra.stacks.investigation_settings import investigation_settings
from infra.stacks.known import known
from infra.stacks.notifier_environment import notifier_environment
from infra.stacks.watching import watched_in_hub


class ResponseStack(DeploymentStack):
    """The findings bus, its routes, and durable delivery to each destination."""

    def __init__(self, scope: Construct, id_: str, *, deployment: Deployment, region: str) -> None:
        super().__init__(
            scope,
            id_,
            deployment=deployment,
            region=region,
            description=f"Routes and delivers GuardDuty findings ({deployment.name})",
        )
        key = findings_key(
            self, "Key", key_arn=None if deployment.encryption_key == "create" else deployment.encryption_key
        )
        operations = self.operations(deployment)
        bus = FindingsBus(
            self,
            "Bus",
            name_prefix=deployment.name_prefix,
            archive_days=deployment.archive_days if deployment.region(region).event_archive else None,
            place=self.place,
        )
        ledger = Ledger(
            self,
            "Ledger",
            quiet_hours=deployment.notify_again_after_hours,
            messages_per_minute=deployment.flood.messages_per_minute,
        )
        code = notifier_code(known(deployment))
        watched = watched_in_hub(deployment, archive=bus.archive_name, key=key, place=self.place)
        environment = notifier_environment(deployment)
        deliveries = {
            destination.name: Delivery(
                self,
                f"To-{destination.name}",
                name=destination.name,
                destination=destination_of(self, destination, key=key, operations=operations),
                environment=environment,
                code=code,
                key=key,
                rule_arns=[
                    *(bus.rule_arn(name) for name in rules_to(deployment, destination.name)),
                    *rule_arns(self.place, list(watched) if destination.name in deployment.watchers else ()),
                ],
                account=self.place.account,
                ledger=ledger,
                operations=operations,
            )
            for destination in deployment.destinations
        }
        investigates = deployment.investigates(region)
        routes = self._routes(
            deployment, bus=bus, deliveries=deliveries, with_reports=investigates, operations=operations
        )
        if deployment.suppresses:
            self._review_suppression(
                deployment,
                regions=deployment.served_by(region),
                bus=bus,
                deliveries=deliveries,
                key=key,
                operations=operations,
            )
        investigation = None
        if investigates:
            investigation = Investigation(
                self,
                "Investigation",
                rule_name=INVESTIGATION_RULE,
                machine_name=machine_name(deployment.name_prefix),
                settings=investigation_settings(deployment, hub=region),
                bus=bus,
                key=key,
                operations=operations,
            )
        if watched:
            told = [deliveries[name] for name in deployment.watchers]
            FindingRoute(
                self,
                "WatchRoute",
                name=WATCH_RULE,
                bus=bus,
                pattern=watch_pattern(),
                to=told,
                operations=operations,
                carries="Changes that no deployment made",
            )
            HubWatch(self, "Watch", patterns=watched, to=told, operations=operations)
        outcomes = OutcomeMetrics(
            self,
            "Outcomes",
            deployment=deployment.name,
            deliveries=list(deliveries.values()),
            operations=operations,
        )
        heartbeats = None
        if deployment.heartbeat.enabled:
            heartbeats = HeartbeatAlarms(
                self,
                "Heartbeats",
                deployment=deployment.name,
                regions=deployment.served_by(region),
                bus=bus,
                routes=routes,
                deliveries=list(deliveries.values()),
                outcomes=outcomes,
                operations=operations,
            )
        FindingsDashboard(
            self,
            "Dashboard",
            regions=deployment.served_by(region),
            bus_name=bus.name,
            routes=routes,
            deliveries=list(deliveries.values()),
            outcomes=outcomes,
            heartbeats=heartbeats,
            investigation=investigation,
        )
        self.complete()

    def _routes(
        self,
        deployment: Deployment,
        *,
        bus: FindingsBus,
        deliveries: Mapping[str, Delivery],
        with_reports: bool,
        operations: Operations,
    ) -> list[FindingRoute]:
        """The routes of the configuration, and the one that takes every finding."""
        routes = [
            FindingRoute(
                self,
                f"Route-{route.name}",
                name=route.name,
                bus=bus,
                pattern=finding_pattern(
                    finding_types=route.finding_types,
                    accounts=deployment.accounts_of(route),
                    except_accounts=deployment.accounts_left_out(route),
                    minimum_severity=route.minimum_severity,
                    below_severity=route.below_severity,
                    with_reports=with_reports,
                ),
                to=[deliveries[name] for name in route.to],
                operations=operations,
            )
            for route in deployment.routes
        ]
        catch_all = FindingRoute(
            self,
            "CatchAll",
            name=CATCH_ALL_RULE,
            bus=bus,
            pattern=finding_pattern(with_reports=with_reports),
            to=[deliveries[name] for name in deployment.catch_all],
            operations=operations,
        )
        return [*routes, catch_all]

    def _review_suppression(
        self,
        deployment: Deployment,
        *,
        regions: Sequence[str],
        bus: FindingsBus,
        deliveries: Mapping[str, Delivery],
        key: kms.IKey,
        operations: Operations,
    ) -> None:
        """What is hidden, and who hears of it."""
        for name, delivery in deliveries.items():
            FindingRoute(
                self,
                f"Notices-{name}",
                name=f"{NOTICE_RULES}{name}",
                bus=bus,
                pattern=notice_pattern(name),
                to=[delivery],
                operations=operations,
                carries="Notices about suppression",
            )
        SuppressionReview(
            self,
            "SuppressionReview",
            deployment=deployment.name,
            name_prefix=deployment.name_prefix,
            regions=regions,
            bus=bus,
            destinations=list(deliveries),
            default_to=deployment.suppression_review.to or deployment.catch_all,
            stale_days=deployment.suppression_review.stale_days,
            trusted_entity_sets=_trusting(deployment, regions, entity_sets=True),
            ip_sets=_trusting(deployment, regions, entity_sets=False),
            key=key,
            operations=operations,
        )


def _trusting(deployment: Deployment, regions: Sequence[str], *, entity_sets: bool) -> list[str]:
    """The Regions in which the trusted list is of this type; none if there is no list, and none that may still be."""
    listed = regions if deployment.trusts else ()
    return [region for region in listed if deployment.region(region).trusted_entity_set is entity_sets]
