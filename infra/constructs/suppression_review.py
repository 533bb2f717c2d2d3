"""The function that looks back at what suppression hides, and the schedules that wake it."""

import json
from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.constructs.dead_letter_queue import DeadLetterQueue
from infra.constructs.event_rule import from_rules
from infra.constructs.expiring_table import expiring_table
from infra.constructs.finding_pattern import NOTICE, OUR_SOURCE
from infra.constructs.findings_bus import FindingsBus
from infra.constructs.logged_number import alarm_on_logged_number
from infra.constructs.operations import Metric, Operations
from infra.constructs.own_events import put_own_events
from infra.constructs.python_function import PythonFunction, package_code

PACKAGE = "suppression_review"

SCHEDULES = {"hourly": "rate(1 hour)", "daily": "cron(0 6 * * ? *)", "weekly": "cron(0 7 ? * MON *)"}
"""Review to schedule, in UTC. The function knows the same reviews (contract test)."""

_ACCEPTED = {
    "NIST.800.53.R5-LambdaConcurrency": "Woken by three schedules, so at most three run at once; reserved concurrency "
    "would take from the account's pool.",
    "Serverless-LambdaTracing": "One function that reads and tells; its log names what it read and told.",
}

_DAY, _HOUR = 86_400, 3_600
_MISSED = 3 * _HOUR


def notice_pattern(destination: str) -> dict[str, object]:
    """The event pattern of notices for one destination."""
    return {"source": [OUR_SOURCE], "detail-type": [NOTICE], "detail": {"to": [destination]}}


class SuppressionReview(Construct):
    """Reads the archived findings and the filters of every Region, and puts notices on the findings bus.

    Suppressed findings raise no event (GuardDuty user guide, suppression rules), so somebody has to go and look. The
    filters are read back as they are deployed: their tags say who is told and when an entry ends, so that an end
    speaks although nobody deploys.

    Attributes:
        table: What the function has told already; outlives the stack, or the next one would tell it all again.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        deployment: str,
        name_prefix: str,
        regions: Sequence[str],
        bus: FindingsBus,
        destinations: Sequence[str],
        default_to: Sequence[str],
        stale_days: int,
        trusted_entity_sets: Sequence[str],
        ip_sets: Sequence[str],
        key: kms.IKey,
        operations: Operations,
    ) -> None:
        super().__init__(scope, id_)
        self.table = expiring_table(self, "Memory")
        dead_letters = DeadLetterQueue(
            self,
            "DeadLetters",
            label="suppression-review",
            says="A review of what suppression hides failed three times in a row. The function's log says why; "
            "whoever is hidden behind an egress address meanwhile is told by the next review that succeeds.",
            runbook="suppression-review-deadletters",
            operations=operations,
        )
        worker = PythonFunction(
            self,
            "Worker",
            package=PACKAGE,
            description="Tells what suppression rules hide, and when they end",
            environment={
                "NAME_PREFIX": name_prefix,
                "REGIONS": ",".join(regions),
                "BUS_NAME": bus.name,
                "TABLE_NAME": self.table.ref,
                "DESTINATIONS": ",".join(destinations),
                "DEFAULT_TO": ",".join(default_to),
                "STALE_DAYS": str(stale_days),
                "TRUSTED_ENTITY_SETS": ",".join(trusted_entity_sets),
                "IP_SETS": ",".join(ip_sets),
            },
            code=package_code(PACKAGE),
            key=key,
            timeout=Duration.minutes(15),
            accepted=_ACCEPTED,
            dead_letters=dead_letters,
        )
        lists = ["guardduty:GetTrustedEntitySet", "guardduty:ListTrustedEntitySets"] if trusted_entity_sets else []
        lists += ["guardduty:GetIPSet", "guardduty:ListIPSets"] if ip_sets else []
        self._permit(worker.role, regions=regions, bus=bus, lists=lists)
        account = bus.place.account
        schedules = [
            self._schedule(review, expression, worker, dead_letters=dead_letters, account=account).attr_arn
            for review, expression in SCHEDULES.items()
        ]
        dead_letters.let_in(from_rules(schedules, account=account))
        self._watch(worker, deployment=deployment, operations=operations)

    def _permit(self, role: iam.Role, *, regions: Sequence[str], bus: FindingsBus, lists: Sequence[str]) -> None:
        # No resource: the service authorization reference names none for these, and all of them only read.
        reading = iam.PolicyStatement(
            actions=[
                "cloudwatch:GetMetricData",
                "guardduty:GetFilter",
                "guardduty:GetFindings",
                "guardduty:ListDetectors",
                "guardduty:ListFilters",
                "guardduty:ListFindings",
                *lists,
            ],
            resources=["*"],
            conditions={"StringEquals": {"aws:RequestedRegion": list(regions)}},
        )
        role.add_to_policy(reading)
        role.add_to_policy(put_own_events(bus.bus.event_bus_arn, detail_type=NOTICE))
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
                resources=[self.table.attr_arn],
            )
        )
        acknowledge(
            role,
            rule="AwsSolutions-IAM5[Resource::*]",
            reason="Reading calls of GuardDuty and CloudWatch that know no resources, in the Regions of the deployment "
            "only.",
        )

    def _schedule(
        self, review: str, expression: str, worker: PythonFunction, *, dead_letters: DeadLetterQueue, account: str
    ) -> events.CfnRule:
        rule = events.CfnRule(
            self,
            f"{review.capitalize()}Schedule",
            description=f"Wakes the {review} review of suppression",
            schedule_expression=expression,
            state="ENABLED",
            targets=[
                events.CfnRule.TargetProperty(
                    id="review",
                    arn=worker.arn,
                    input=json.dumps({"review": review}),
                    dead_letter_config=events.CfnRule.DeadLetterConfigProperty(arn=dead_letters.queue_arn),
                )
            ],
        )
        worker.let_in(self, f"{review.capitalize()}Permission", rule=rule, account=account)
        return rule

    def _watch(self, worker: PythonFunction, *, deployment: str, operations: Operations) -> None:
        function = {"FunctionName": worker.name}
        operations.alarm_above(
            "SuppressionReview-Errors",
            metric=Metric(namespace="AWS/Lambda", name="Errors", dimensions=function),
            limit=0,
            says="A review of what suppression hides could not see every Region, or failed as a whole. Its log names "
            "the Regions and the reason; nothing may be concluded about them.",
            runbook="suppressionreview-errors",
        )
        operations.alarm_without(
            "SuppressionReview-Silent",
            metric=Metric(namespace="AWS/Lambda", name="Invocations", dimensions=function),
            period_seconds=_MISSED,
            says="Nobody has looked for three hours at what suppression hides. Are the schedules (EventBridge rules) "
            "enabled, and may they invoke the function?",
            runbook="suppressionreview-silent",
        )
        meanings = {
            "EndedEntries": (
                "ended_entries",
                "An egress entry has ended and its filters are still deployed: they hide findings that nobody vouches "
                "for. Deploy, or renew the entry; the owner has been told.",
            ),
            "StaleEntries": (
                "stale_entries",
                "An egress entry has matched nothing for long, in no Region. Its owner has been told; delete it if "
                "nobody needs it.",
            ),
        }
        for name, (field, says) in meanings.items():
            alarm_on_logged_number(
                self,
                name,
                function=worker,
                field=field,
                deployment=deployment,
                subject="SuppressionReview",
                says=says,
                operations=operations,
                period_seconds=_DAY,
                # Written once a day: between two reviews the alarm keeps its state.
                no_data="ignore",
            )
