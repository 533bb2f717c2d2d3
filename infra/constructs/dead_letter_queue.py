"""Where messages wait that could not be delivered."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.constructs.operations import Metric, Operations


def dead_letter_queue(
    scope: Construct, id_: str, *, label: str, says: str, runbook: str, operations: Operations
) -> sqs.Queue:
    """A queue that keeps messages for 14 days, outlives its stack, and raises an alarm with the first one.

    Encrypted with the key that SQS owns: what could not be delivered because of a customer managed key must still
    find a place.

    Args:
        scope: Where it belongs.
        id_: Unique in the scope.
        label: What a person calls it.
        says: What it means that something is in it and what to do, for the person who gets the alarm.
        runbook: The section of the runbook that goes on from there.
        operations: Who is told.
    """
    queue = sqs.Queue(
        scope,
        id_,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        # The longest there is. A message's age counts from when it was first queued, elsewhere included.
        retention_period=Duration.days(14),
        removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    )
    for rule in ("AwsSolutions-SQS3", "Serverless-SQSRedrivePolicy"):
        acknowledge(queue, rule=rule, reason="Is itself a dead-letter queue.")
    operations.alarm_above(
        f"{label}-{id_}",
        metric=Metric(
            namespace="AWS/SQS",
            name="ApproximateNumberOfMessagesVisible",
            dimensions={"QueueName": queue.queue_name},
            statistic="Maximum",
        ),
        limit=0,
        says=says,
        runbook=runbook,
    )
    return queue
