"""Durable delivery to one destination: queue, dead-letter queue, notifier."""

from collections.abc import Mapping, Sequence
from typing import cast

from aws_cdk import CfnOutput, Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.dead_letter_queue import DeadLetterQueue
from infra.constructs.event_rule import from_rules
from infra.constructs.ledger import Ledger
from infra.constructs.notifier import BATCH_SIZE, NOTIFIER_TIMEOUT, Notifier
from infra.constructs.operations import Metric, Operations
from infra.destinations import Destination

VISIBILITY_TIMEOUT = Duration.seconds(6 * NOTIFIER_TIMEOUT.to_seconds())
"""Six times the function's timeout, as Lambda asks of a queue (Lambda developer guide, configuring a queue)."""

LATE_SECONDS = 8 * 60
"""Age at which a waiting finding raises an alarm. Below two visibility timeouts, and the notifier's first two waits: a
message that was received three times leaves the metric of the oldest message (SQS developer guide, available
CloudWatch metrics)."""

MAX_RECEIVES = 60
"""Attempts before a message becomes a dead letter: an outage of more than six hours. The notifier spreads them over
about ten; six minutes apart if it cannot even do that."""


CONCURRENCY = 2
"""Functions that send to one destination at the same time: the fewest that an SQS event source can be limited to."""


class Delivery(Construct):
    """Everything between the rules and one destination.

    A queue of its own, so that a destination that is down neither holds up nor repeats the others' messages. Only
    the given rules may put findings on it, and on the dead-letter queue where that fails.

    Attributes:
        name: Name of the destination.
        queue: Findings to be sent.
        dead_letters: Findings that could not be sent, kept for 14 days.
        notifier: The function that sends.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        destination: Destination,
        environment: Mapping[str, str],
        code: lambda_.Code,
        key: kms.IKey,
        rule_arns: Sequence[str],
        account: str,
        ledger: Ledger,
        operations: Operations,
    ) -> None:
        super().__init__(scope, id_)
        self.name = name
        senders = [from_rules(rule_arns, account=account)] if rule_arns else []
        self.dead_letters = DeadLetterQueue(
            self,
            "DeadLetters",
            label=name,
            says=f"Findings could not be sent to {name} and wait in its dead-letter queue. "
            "Read them there now, mend the destination, then send them again.",
            runbook="deadletters",
            operations=operations,
            senders=senders,
        )
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=True,
            retention_period=Duration.days(7),
            visibility_timeout=VISIBILITY_TIMEOUT,
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters.as_queue(), max_receive_count=MAX_RECEIVES),
        )
        # Asked for once each: every look at CDK's objects takes as long as a small construct.
        self._queue_arn = self.queue.queue_arn
        self._queue_policy = cast("sqs.CfnQueuePolicy", self.queue.node.find_child("Policy").node.default_child)
        for sender in senders:
            self.queue.add_to_resource_policy(iam.PolicyStatement.from_json({**sender, "Resource": self._queue_arn}))
        self.notifier = Notifier(
            self,
            "Notifier",
            environment={
                **environment,
                **ledger.environment,
                "DESTINATION_NAME": name,
                "DESTINATION_KIND": destination.kind,
                "QUEUE_URL": self.queue.queue_url,
                "DEAD_LETTER_QUEUE_URL": self.dead_letters.queue_url,
            },
            code=code,
            key=key,
        )
        # What a destination refuses for good goes there at once; the queue itself moves it after MAX_RECEIVES only.
        self.notifier.role.add_to_policy(
            iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[self.dead_letters.queue_arn])
        )
        self._permit_tickets(key)
        ledger.permit(self.notifier.role, destination=name)
        for variable, value in destination.bind(self.notifier.role).items():
            self.notifier.function.add_environment(variable, value)
        self.notifier.function.add_event_source(
            sources.SqsEventSource(
                self.queue,
                batch_size=BATCH_SIZE,
                report_batch_item_failures=True,
                # A burst waits in the queue; Slack takes one message a second anyway.
                max_concurrency=CONCURRENCY,
            )
        )
        self._watch(operations)
        # What `aws sqs start-message-move-task` needs to send dead letters again.
        CfnOutput(self, "QueueUrl", value=self.queue.queue_url, description=f"Findings to be sent to {name}")
        CfnOutput(self, "QueueArn", value=self._queue_arn, description=f"Findings to be sent to {name}")
        CfnOutput(self, "DeadLettersArn", value=self.dead_letters.queue_arn, description=f"Findings not sent to {name}")

    def target(self) -> events.CfnRule.TargetProperty:
        """The destination as a target of a rule, with its dead-letter queue."""
        return events.CfnRule.TargetProperty(
            id=self.name,
            arn=self._queue_arn,
            dead_letter_config=events.CfnRule.DeadLetterConfigProperty(arn=self.dead_letters.queue_arn),
        )

    def let_in_before(self, rule: events.CfnRule) -> None:
        """Have the queues let the rule in before it is made.

        A rule that exists before it may deliver loses what it matches meanwhile: EventBridge does not retry where a
        permission is missing.
        """
        rule.add_resource_dependency(self._queue_policy)
        rule.add_resource_dependency(self.dead_letters.policy)

    def _permit_tickets(self, key: kms.IKey) -> None:
        """Let the notifier put the message on its own queue that has a roll-up told when its window is over."""
        self.notifier.role.add_to_policy(iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[self._queue_arn]))
        self.notifier.role.add_to_policy(iam.PolicyStatement(actions=["kms:GenerateDataKey"], resources=[key.key_arn]))

    def _watch(self, operations: Operations) -> None:
        operations.alarm_above(
            f"{self.name}-Age",
            metric=Metric(
                namespace="AWS/SQS",
                name="ApproximateAgeOfOldestMessage",
                dimensions={"QueueName": self.queue.queue_name},
                statistic="Maximum",
            ),
            limit=LATE_SECONDS,
            says=f"A finding has waited more than eight minutes for {self.name}. "
            "Look at the function's log: the destination is down, refuses, or is too slow.",
            runbook="age",
        )
        function = {"FunctionName": self.notifier.name}
        operations.alarm_above(
            f"{self.name}-Errors",
            metric=Metric(namespace="AWS/Lambda", name="Errors", dimensions=function),
            limit=0,
            says=f"The function that sends to {self.name} fails as a whole; its log says why. Findings stay queued.",
            runbook="errors",
        )
        operations.alarm_above(
            f"{self.name}-Throttles",
            metric=Metric(namespace="AWS/Lambda", name="Throttles", dimensions=function),
            limit=0,
            says=f"Lambda throttles the function that sends to {self.name}: the account runs out of concurrency. "
            "Findings stay queued.",
            runbook="throttles",
        )
