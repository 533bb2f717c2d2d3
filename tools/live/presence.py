"""Whether a resource is there, for calls that ask about one."""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

_GONE = frozenset({"ResourceNotFoundException", "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"})
"""Of EventBridge and Lambda, and of SQS by its older name, which its JSON protocol still gives (botocore 1.44.5)."""


def if_there(call: Callable[..., Mapping[str, Any]], **given: object) -> Mapping[str, Any] | None:
    """What AWS says of one resource; None if there is none of that name, so that the others are still looked at."""
    try:
        return call(**given)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _GONE:
            raise
        return None
