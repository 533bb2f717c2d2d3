"""What the function has told already, and how far it has looked: one DynamoDB table."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT = timedelta(days=400)
"""How long something is remembered after it was last seen: a year, and time to come back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Keys with the time they were first seen.

    Every method raises what botocore raises: a review that has lost its memory would tell everything again each hour.
    """

    dynamodb: "DynamoDBClient"
    table: str

    def first_seen(self, key: str) -> datetime | None:
        """When the key was first remembered; None for one that is new."""
        item = self.dynamodb.get_item(TableName=self.table, Key={"Key": {"S": key}}, ConsistentRead=True).get("Item")
        return datetime.fromisoformat(item["FirstSeen"]["S"]) if item and "FirstSeen" in item else None

    def remember(self, key: str, *, at: datetime) -> None:
        """Keep the key, from now on for `KEPT`; the time of the first call stays."""
        self.dynamodb.update_item(
            TableName=self.table,
            Key={"Key": {"S": key}},
            UpdateExpression="SET FirstSeen = if_not_exists(FirstSeen, :at), ExpiresAt = :end",
            ExpressionAttributeValues={
                ":at": {"S": at.isoformat()},
                ":end": {"N": str(int((at + KEPT).timestamp()))},
            },
        )

    def forget(self, key: str, *, at: datetime) -> None:
        """Let the key be new again, if it is remembered.

        DynamoDB deletes what is left of it, since its time is over; so the function need not be allowed to delete.
        """
        if self.first_seen(key) is not None:
            self.dynamodb.update_item(
                TableName=self.table,
                Key={"Key": {"S": key}},
                UpdateExpression="SET ExpiresAt = :end REMOVE FirstSeen",
                ExpressionAttributeValues={":end": {"N": str(int(at.timestamp()))}},
            )

    def looked_until(self, region: str) -> datetime | None:
        """Until when the Region was looked at; None before the first time."""
        item = self.dynamodb.get_item(
            TableName=self.table, Key={"Key": {"S": f"looked-until/{region}"}}, ConsistentRead=True
        ).get("Item")
        return datetime.fromisoformat(item["Until"]["S"]) if item else None

    def has_looked(self, region: str, *, until: datetime) -> None:
        """Remember how far; without an end."""
        self.dynamodb.put_item(
            TableName=self.table, Item={"Key": {"S": f"looked-until/{region}"}, "Until": {"S": until.isoformat()}}
        )
