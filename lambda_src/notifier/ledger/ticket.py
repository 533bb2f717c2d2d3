"""A message of the notifier to itself: a roll-up is due."""

import json
from typing import NamedTuple

from notifier.items.detail_types import OURS
from notifier.items.wire import block, decode, text

DETAIL_TYPE = "Roll-up"

_ACCOUNT, _TYPE = 16, 120


class Ticket(NamedTuple):
    """Which roll-up is due, and what can be said of it if the table has lost it.

    Attributes:
        key: Where the roll-up lies in the table.
        account: Whose findings.
        type: Of which type.
        began: When its window began, in epoch seconds.
    """

    key: str
    account: str
    type: str
    began: float

    @classmethod
    def of(cls, body: object) -> "Ticket | None":
        """The ticket in a queue message; None if it is anything else."""
        if not isinstance(body, str) or DETAIL_TYPE not in body:
            return None
        try:
            event = block(decode(body))
        except ValueError:
            return None
        detail = block(event, "detail")
        key, began = detail.get("key"), detail.get("began")
        if (event.get("source"), event.get("detail-type")) != (OURS, DETAIL_TYPE) or not isinstance(key, str):
            return None
        return cls(
            key=key,
            account=(text(detail.get("account")) or "")[:_ACCOUNT],
            type=(text(detail.get("type")) or "")[:_TYPE],
            began=float(began) if isinstance(began, (int, float)) else 0.0,
        )

    def body(self) -> str:
        """The message."""
        detail = {"key": self.key, "account": self.account, "type": self.type, "began": self.began}
        return json.dumps({"source": OURS, "detail-type": DETAIL_TYPE, "detail": detail})
