"""What the home Region does with the findings of all Regions."""

import json
from collections.abc import Mapping, Sequence
from typing import assert_never

from aws_cdk import Annotations, CfnOutput
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.config import (
    CATCH_ALL_RULE,
    INVESTIGATION_RULE,
    NOTICE_RULES,
    WATCH_RULE,
    AnyDestination,
    Deployment,
    PagerDutyDestination,
    SlackDestination,
    SnsDestination,
    TeamsDestination,
    WebhookDestination,
)
from infra.constructs.dashboard import FindingsDashboard
from infra.constructs.dead_letter_queue import dead_letter_queue
from infra.constructs.delivery import Delivery
from infra.constructs.encryption import findings_key
from infra.constructs.finding_route import FindingRoute, finding_pattern
from infra.constructs.findings_bus import FindingsBus
from infra.constructs.heartbeat import HeartbeatAlarms
from infra.constructs.investigation import Investigation
from infra.constructs.ledger import Ledger
from infra.constructs.mail_topic import MailTopic
from infra.constructs.notifier import notifier_code
from infra.constructs.operations import Metric, Operations
from infra.constructs.outcomes import OutcomeMetrics
from infra.constructs.suppression_review import SuppressionReview, notice_pattern
from infra.constructs.watch import HubWatch, default_bus_rule_arns, watch_pattern
from infra.destinations import (
    Destination,
    PagerDutyIntegration,
    SignedWebhook,
    SlackWebhook,
    SnsTopic,
    TeamsWebhook,
)
from infra.stacks.deployment_stack import DeploymentStack
from infra.stacks.inquiry import inquiry_of
from infra.stacks.watching import expected_changes, watched_in_hub

MAX_EGRESS_BYTES = 2600
"""Share of a function's 4,096 bytes of environment (Lambda quotas) that the egress ranges may take."""

MAX_KNOWN_BYTES = 2700
"""The same for the egress ranges and the names of accounts together."""


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
        bus = FindingsBus(self, "Bus", name_prefix=deployment.name_prefix, archive_days=deployment.archive_days)
        ledger = Ledger(
            self,
            "Ledger",
            quiet_hours=deployment.notify_again_after_hours,
            messages_per_minute=deployment.flood.messages_per_minute,
        )
        code = notifier_code()
        watched = watched_in_hub(deployment, key=key)
        expected = expected_changes(deployment)
        taken = sum(map(len, (*expected, *expected.values())))
        environment = {
            "DEPLOYMENT": deployment.name,
            "DETECTIVE_REGIONS": ",".join(deployment.detective_regions()),
            "RUNBOOKS_URL": deployment.operations.runbooks_url,
            "EGRESS_RANGES": self._egress_ranges(deployment, room=MAX_EGRESS_BYTES - taken),
            **expected,
        }
        room = MAX_KNOWN_BYTES - taken - len(environment["EGRESS_RANGES"])
        if accounts := self._accounts(deployment, room=room):
            environment["ACCOUNTS"] = accounts
        if portal := deployment.identity_center:
            environment |= {"PORTAL_URL": portal.start_url, "PORTAL_ROLE": portal.role_name}
        deliveries = {
            destination.name: Delivery(
                self,
                f"To-{destination.name}",
                name=destination.name,
                destination=self._destination(destination, key=key, operations=operations),
                environment=environment,
                code=code,
                key=key,
                rule_arns=[
                    *(bus.rule_arn(name) for name in _rules_to(deployment, destination.name)),
                    *default_bus_rule_arns(self, list(watched) if destination.name in deployment.watchers else ()),
                ],
                ledger=ledger,
                operations=operations,
            )
            for destination in deployment.destinations
        }
        investigates = deployment.investigates(region)
        routes = [
            FindingRoute(
                self,
                f"Route-{route.name}",
                name=route.name,
                bus=bus,
                pattern=finding_pattern(
                    finding_types=route.finding_types,
                    accounts=route.accounts,
                    minimum_severity=route.minimum_severity,
                    with_reports=investigates,
                ),
                to=[deliveries[name] for name in route.to],
                operations=operations,
            )
            for route in deployment.routes
        ]
        routes.append(
            FindingRoute(
                self,
                "CatchAll",
                name=CATCH_ALL_RULE,
                bus=bus,
                pattern=finding_pattern(with_reports=investigates),
                to=[deliveries[name] for name in deployment.catch_all],
                operations=operations,
            )
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
                inquiry=inquiry_of(deployment, hub=region),
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
        self.place_roles()

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

    def _destination(self, destination: AnyDestination, *, key: kms.IKey, operations: Operations) -> Destination:
        match destination:
            case SnsDestination():
                return self._topic(destination, key=key, operations=operations)
            case SlackDestination(webhook_secret=secret, webhook_secret_key=key_arn):
                return SlackWebhook(self._secret(destination, secret), key_arn=key_arn)
            case TeamsDestination(webhook_secret=secret, webhook_secret_key=key_arn):
                return TeamsWebhook(self._secret(destination, secret), key_arn=key_arn)
            case PagerDutyDestination(routing_key_secret=secret, routing_key_secret_key=key_arn):
                return PagerDutyIntegration(
                    self._secret(destination, secret), key_arn=key_arn, service_region=destination.service_region
                )
            case WebhookDestination(webhook_secret=secret, webhook_secret_key=key_arn):
                return SignedWebhook(
                    self._secret(destination, secret), key_arn=key_arn, allowed_hosts=destination.allowed_hosts
                )
            case _:
                assert_never(destination)

    def _topic(self, destination: SnsDestination, *, key: kms.IKey, operations: Operations) -> SnsTopic:
        name = destination.name
        undelivered = None
        if destination.emails:
            undelivered = dead_letter_queue(
                self,
                f"Topic-{name}-Undelivered",
                label=name,
                says=f"Mails of {name} were refused for six hours and SNS gave up; they wait in the queue "
                "named in the metric. Read them there now, and mend the address or the mail server.",
                runbook="undelivered",
                operations=operations,
            )
        mail = MailTopic(self, f"Topic-{name}", emails=destination.emails, key=key, undelivered=undelivered)
        if not destination.emails:
            # What the chat program's channel has to be connected to, by hand; the subscription is then not ours.
            CfnOutput(self, f"Topic-{name}-Arn", value=mail.topic.topic_arn, description=f"Topic of {name}")
            operations.alarm_above(
                f"{name}-NotificationsFailed",
                metric=Metric(
                    namespace="AWS/SNS",
                    name="NumberOfNotificationsFailed",
                    dimensions={"TopicName": mail.topic.topic_name},
                ),
                limit=0,
                says=f"Amazon Q Developer in chat applications did not take a notification of {name}. Read the finding "
                "in GuardDuty, and see whether the channel is still connected to the topic.",
                runbook="notificationsfailed",
            )
        return SnsTopic(mail.topic, key=key, message_format=destination.message_format)

    def _secret(self, destination: AnyDestination, name: str) -> secretsmanager.ISecret:
        return secretsmanager.Secret.from_secret_name_v2(self, f"Secret-{destination.name}", name)

    def _egress_ranges(self, deployment: Deployment, *, room: int) -> str:
        """What the notifier knows of our own addresses; nothing where that would not fit its environment."""
        ranges = [
            {
                "name": entry.name,
                "cidrs": [str(one) for one in (*entry.cidrs, *entry.ipv6_addresses)],
                "owner": entry.owner,
                "mode": entry.mode,
            }
            # only where it says something: the environment is small
            | ({"scoped": True} if entry.scope else {})
            for entry in deployment.egress
        ]
        text = json.dumps(ranges, separators=(",", ":"))
        if len(text) <= room:
            return text
        Annotations.of(self).add_warning_v2(
            "egress-ranges-left-out",
            f"egress: {len(text)} bytes of addresses do not fit the notifier's environment ({room}); "
            "messages will not say whether an address is your own. Suppression is not affected",
        )
        return "[]"

    def _accounts(self, deployment: Deployment, *, room: int) -> str:
        """What the notifier knows of accounts; nothing where that would not fit its environment."""
        if not deployment.accounts:
            return ""
        known = {number: [known.name, known.owner] for number, known in sorted(deployment.accounts.items())}
        text = json.dumps(known, separators=(",", ":"))
        if len(text) <= room:
            return text
        Annotations.of(self).add_warning_v2(
            "accounts-left-out",
            f"accounts: {len(text)} bytes of names do not fit the notifier's environment, which has {room} left beside "
            "egress; messages show the numbers of accounts alone. Name fewer of them, those that people mix up",
        )
        return ""


def _trusting(deployment: Deployment, regions: Sequence[str], *, entity_sets: bool) -> list[str]:
    """The Regions in which the trusted list is of this type; none if there is no list."""
    listed = regions if deployment.trusted_list else ()
    return [region for region in listed if deployment.region(region).trusted_entity_set is entity_sets]


def _rules_to(deployment: Deployment, destination: str) -> list[str]:
    """The rules that lead to a destination, by name."""
    rules = [route.name for route in deployment.routes if destination in route.to]
    if destination in deployment.catch_all:
        rules.append(CATCH_ALL_RULE)
    if deployment.suppresses:
        rules.append(f"{NOTICE_RULES}{destination}")
    if destination in deployment.watchers:
        rules.append(WATCH_RULE)
    return rules
