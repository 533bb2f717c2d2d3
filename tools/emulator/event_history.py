"""CloudTrail's event history of any number of accounts and Regions: what a test or a demo says was called."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from tools.emulator.account_region import AccountRegion

PAGE = 50
"""Most events of one page (botocore cloudtrail 1.44.5, LookupEvents)."""

Call = Mapping[str, object]
"""An event as CloudTrail records it."""


class EventHistory:
    """Answers LookupEvents by access key, newest first."""

    def __init__(self) -> None:
        self._calls: dict[AccountRegion, list[Call]] = {}

    def keep(self, place: AccountRegion, calls: Sequence[Call]) -> None:
        """Let these calls have been made."""
        self._calls.setdefault(place, []).extend(calls)

    def lookup(self, place: AccountRegion, request: Mapping[str, object]) -> dict[str, object]:
        """One page, as the API answers: the event itself is JSON in `CloudTrailEvent`, as text of the caller's."""
        attributes = request.get("LookupAttributes")
        wanted = attributes[0].get("AttributeValue") if isinstance(attributes, list) and attributes else None
        found = sorted(
            (one for one in self._calls.get(place, ()) if _key(one) == wanted),
            key=lambda one: str(one.get("eventTime")),
            reverse=True,
        )
        first = int(str(request.get("NextToken") or 0))
        page = found[first : first + PAGE]
        answer: dict[str, object] = {
            "Events": [
                {
                    "EventId": one.get("eventID"),
                    "EventName": one.get("eventName"),
                    "EventTime": datetime.fromisoformat(str(one.get("eventTime"))).timestamp(),
                    "EventSource": one.get("eventSource"),
                    "CloudTrailEvent": json.dumps(one),
                }
                for one in page
            ]
        }
        if first + PAGE < len(found):
            answer["NextToken"] = str(first + PAGE)
        return answer


def _key(call: Call) -> object:
    identity = call.get("userIdentity")
    return identity.get("accessKeyId") if isinstance(identity, Mapping) else None
