"""Where messages wait that could not be delivered."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.constructs.operations import Operations


def dead_letter_queue(
    scope: Construct, id_: str, *, key: kms.IKey | None, label: str, says: str, operations: Operations
) -> sqs.Queue:
    """An encrypted queue that keeps messages for 14 days, outlives its stack, and raises an alarm with the first one.

    Args:
        scope: Where it belongs.
        id_: Unique in the scope.
        key: What it is encrypted with; None for the key that SQS owns.
        label: What a person calls it.
        says: What it means that something is in it and what to do, for the person who gets the alarm.
        operations: Who is told.
    """
    queue = sqs.Queue(
        scope,
        id_,
        encryption=sqs.QueueEncryption.SQS_MANAGED if key is None else sqs.QueueEncryption.KMS,
        encryption_master_key=key,
        enforce_ssl=True,
        # The longest there is. A message's age counts from when it was first queued, elsewhere included.
        retention_period=Duration.days(14),
        removal_policy=RemovalPolicy.RETAIN,
    )
    for rule in ("AwsSolutions-SQS3", "Serverless-SQSRedrivePolicy"):
        acknowledge(queue, rule=rule, reason="Is itself a dead-letter queue.")
    operations.alarm_above(
        f"{label}-{id_}",
        metric=queue.metric_approximate_number_of_messages_visible(period=Duration.minutes(5), statistic="Maximum"),
        limit=0,
        says=says,
    )
    return queue
