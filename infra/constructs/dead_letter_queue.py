"""Where messages wait that could not be delivered."""

from collections.abc import Sequence

from aws_cdk import RemovalPolicy
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.acknowledge import acknowledge_all
from infra.constructs.operations import Metric, Operations
from infra.constructs.policy import Statement, deny_without_tls, policy_document

# The longest there is. A message's age counts from when it was first queued, elsewhere included.
_KEPT_SECONDS = 14 * 86_400


class DeadLetterQueue(Construct):
    """A queue that keeps messages for 14 days, outlives its stack, and raises an alarm with the first one.

    Encrypted with the key that SQS owns: what could not be delivered because of a customer managed key must still
    find a place. Made of the lowest level, because every Region has one (docs/decisions/0034).

    Attributes:
        queue_arn: Token for its ARN.
        queue_name: Token for its name, as its metrics know it.
        queue_url: Token for its URL.
        policy: What lets the senders in; a rule that exists before it loses what it cannot deliver.

    Args:
        label: What a person calls it.
        says: What it means that something is in it and what to do, for the person who gets the alarm.
        runbook: The section of the runbook that goes on from there.
        operations: Who is told.
        senders: Services that may put messages on it: statements without their resource, which is the queue. Roles
            of the account need no statement here.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        label: str,
        says: str,
        runbook: str,
        operations: Operations,
        senders: Sequence[Statement] = (),
    ) -> None:
        super().__init__(scope, id_)
        queue = sqs.CfnQueue(self, "Resource", message_retention_period=_KEPT_SECONDS, sqs_managed_sse_enabled=True)
        queue.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
        self.queue_arn = queue.attr_arn
        self.queue_name = queue.attr_queue_name
        self.queue_url = queue.ref
        # The path that CDK's own queue would have.
        self.policy = sqs.CfnQueuePolicy(
            Construct(self, "Policy"), "Resource", queues=[self.queue_url], policy_document=self._document(senders)
        )
        why = "Is itself a dead-letter queue."
        acknowledge_all(self, {"AwsSolutions-SQS3": why, "Serverless-SQSRedrivePolicy": why})
        operations.alarm_above(
            f"{label}-{id_}",
            metric=Metric(
                namespace="AWS/SQS",
                name="ApproximateNumberOfMessagesVisible",
                dimensions={"QueueName": self.queue_name},
                statistic="Maximum",
            ),
            limit=0,
            says=says,
            runbook=runbook,
        )

    def let_in(self, *senders: Statement) -> None:
        """State all senders anew, where the queue has to be made before there is anything to say of them."""
        self.policy.policy_document = self._document(senders)

    def as_queue(self) -> sqs.IQueue:
        """The same queue for CDK's own constructs, which ask for one of theirs."""
        return sqs.Queue.from_queue_arn(self, "AsQueue", self.queue_arn)

    def _document(self, senders: Sequence[Statement]) -> dict[str, object]:
        return policy_document(
            deny_without_tls(action="sqs:*", resource=self.queue_arn, everyone={"AWS": "*"}),
            *({**sender, "Resource": self.queue_arn} for sender in senders),
        )
