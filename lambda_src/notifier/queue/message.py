"""One message as the queue hands it to the function."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from notifier.items.wire import count


class QueueMessage(NamedTuple):
    """What is needed to deliver a message, to put it off, and to name it.

    Attributes:
        body: What somebody put on the queue, whatever that is.
        message_id: Names it in the answer; None if it has none.
        receipt: What the queue wants to see to do something with it; None if it did not come from a queue.
        receives: How often it has been received, this time included.
    """

    body: object
    message_id: str | None = None
    receipt: str | None = None
    receives: int = 1

    @classmethod
    def of(cls, record: object) -> "QueueMessage":
        """The message in one record of an event; a record of any other shape is a message without a name."""
        if not isinstance(record, Mapping):
            return cls(body=json.dumps(record))
        attributes = record.get("attributes")
        receives = attributes.get("ApproximateReceiveCount") if isinstance(attributes, Mapping) else None
        return cls(
            body=record.get("body"),
            message_id=_name(record.get("messageId")),
            receipt=_name(record.get("receiptHandle")),
            receives=count(receives) or 1,
        )

    @property
    def text(self) -> str:
        """The body as it came, to be put on a queue again."""
        return self.body if isinstance(self.body, str) and self.body else json.dumps(self.body)


def _name(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
