"""What was remembered is known at once: a schedule that EventBridge repeats must not tell it again."""

from datetime import UTC, datetime

import boto3
from botocore.stub import Stubber

from suppression_review.memory import Memory
from tests.unit.suppression_review.world import HOME, TABLE

AT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def test_every_look_sees_the_last_write() -> None:
    """DynamoDB shows an older item otherwise, for a moment (DynamoDB developer guide, read consistency)."""
    client = boto3.client("dynamodb", HOME)
    memory = Memory(dynamodb=client, table=TABLE)
    with Stubber(client) as stub:
        for key, item in (("pair/x", {"FirstSeen": {"S": AT.isoformat()}}), (f"looked-until/{HOME}", {})):
            stub.add_response(
                "get_item",
                {"Item": item} if item else {},
                {"TableName": TABLE, "Key": {"Key": {"S": key}}, "ConsistentRead": True},
            )
        assert memory.first_seen("pair/x") == AT
        assert memory.looked_until(HOME) is None
        stub.assert_no_pending_responses()
