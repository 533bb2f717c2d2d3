"""The table behind the ledger: texts with a version, in DynamoDB."""

import os
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from notifier.aws_client import aws_client
from notifier.faults import code_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CONNECT, _READ, _ATTEMPTS = 1.0, 1.5, 2
# A table of the same Region answers in milliseconds; one that does not must not cost the message its time.
_CONFIG = Config(
    connect_timeout=_CONNECT, read_timeout=_READ, retries={"total_max_attempts": _ATTEMPTS, "mode": "standard"}
)
SECONDS = _ATTEMPTS * (_CONNECT + _READ) + 1
"""Longest that one call takes, the pause between two attempts included."""

_CHANGED = "ConditionalCheckFailedException"


class TableFailed(Exception):
    """The table did not answer as it should; the text says why, in one word."""


class Changed(Exception):
    """Somebody else wrote first."""


class Entry(NamedTuple):
    """What lies under a key.

    Attributes:
        text: What was written.
        version: Counts the writes; 0 for a key under which nothing lies.
    """

    text: str
    version: int


EMPTY = Entry("", 0)


class Table(Protocol):
    """Texts by key. Every read sees all writes before it."""

    def read(self, key: str) -> Entry:
        """What lies under the key.

        Raises:
            TableFailed: nobody knows.
        """
        ...

    def write(self, key: str, text: str, *, after: Entry, expires: float) -> Entry:
        """Put a text in the place of what was read.

        Args:
            key: Where.
            text: What.
            after: What was read there, or written by oneself.
            expires: When it may be forgotten, in epoch seconds.

        Raises:
            Changed: something else lies there now; nothing was written.
            TableFailed: it may be written or not.
        """
        ...


class DynamoTable:
    """The table, in DynamoDB."""

    def __init__(self, name: str) -> None:
        self._name = name

    def read(self, key: str) -> Entry:
        """See `Table`."""
        try:
            item = self._client.get_item(TableName=self._name, Key={"Key": {"S": key}}, ConsistentRead=True).get("Item")
        except (ClientError, BotoCoreError) as error:
            raise TableFailed(code_of(error)) from None
        return _entry(item) if item else EMPTY

    def write(self, key: str, text: str, *, after: Entry, expires: float) -> Entry:
        """See `Table`."""
        entry, write = Entry(text, after.version + 1), os.urandom(8).hex()
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(Version)"}
        if after.version:
            condition = {
                "ConditionExpression": "Version = :before",
                "ExpressionAttributeValues": {":before": {"N": str(after.version)}},
            }
        try:
            self._client.put_item(
                TableName=self._name,
                Item={
                    "Key": {"S": key},
                    "Version": {"N": str(entry.version)},
                    "State": {"S": text},
                    "ExpiresAt": {"N": str(int(expires))},
                    "Write": {"S": write},
                },
                # DynamoDB API reference, PutItem: what lies there, when the condition is not met.
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **condition,
            )
        except (ClientError, BotoCoreError) as error:
            if code_of(error) != _CHANGED:
                raise TableFailed(code_of(error)) from None
            if not _is_of(write, error):
                raise Changed from None
        return entry

    @cached_property
    def _client(self) -> "DynamoDBClient":
        # On first use: an invocation that only finds samples or a closed destination never needs it.
        return aws_client("dynamodb", config=_CONFIG)


def _is_of(write: str, error: ClientError | BotoCoreError) -> bool:
    """Whether what lies there instead is this very write: its answer was lost, and the client tried again.

    The text does not tell it: two functions that count a message of the same minute write the same.
    """
    there = error.response.get("Item") if isinstance(error, ClientError) else None
    return isinstance(there, dict) and there.get("Write") == {"S": write}


def _entry(item: Mapping[str, Any]) -> Entry:
    try:
        return Entry(item["State"]["S"], int(item["Version"]["N"]))
    except (KeyError, TypeError, ValueError):
        raise TableFailed("UnreadableItem") from None
