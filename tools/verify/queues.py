"""What waits in the queues of the template."""

from collections.abc import Iterator

from tools.live.presence import if_there
from tools.verify.check import Check
from tools.verify.live_stack import LiveStack


def dead_letters(live: LiveStack) -> Iterator[Check]:
    """No message waits in a dead-letter queue."""
    sqs = live.client("sqs")
    for resource in live.declared("AWS::SQS::Queue"):
        if "RedrivePolicy" in resource.properties:
            continue
        url = live.physical(resource.logical_id)
        attributes = if_there(sqs.get_queue_attributes, QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
        if attributes is None:
            problem = "is gone, so what cannot be delivered is lost; deploy"
            yield live.check("dead letters", resource.label, [problem], fine="")
            continue
        waiting = int(attributes["Attributes"]["ApproximateNumberOfMessages"])
        problems = [f"{waiting} messages wait: read them, then send them again (docs/operations.md)"] if waiting else []
        # Between waves the queue's alarm tells whether the first of them came with this deployment.
        yield live.in_time("dead letters", resource.label, problems, fine="empty")
