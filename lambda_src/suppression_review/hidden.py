"""A finding that was archived: what a reader of the review wants to know of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from suppression_review.filters import EgressFilter

Block = Mapping[str, object]
UNKNOWN = "unknown"

SENT_WITHIN = timedelta(minutes=5)
"""How long GuardDuty takes to send what it found (GuardDuty user guide, findings with EventBridge): a filter that is
made meanwhile may still archive it. Shorter than anybody's way from a message to a filter, and longer than times are
rounded by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenFinding:
    """An archived finding of a type that our filters hide.

    Attributes:
        entry: The egress entry whose filter hides it; None if something else archived it, a person for example, or it
            was archived before there was a filter.
        role_id: What identifies the role for good: the `AROA…` id, or its name where there is none.
        count: How often GuardDuty saw it; details are those of the last time (GuardDuty user guide, aggregation).
    """

    entry: str | None
    region: str
    finding_id: str
    type: str
    account: str
    role: str
    role_id: str
    function: str | None
    access_key: str | None
    address: str
    first: datetime | None
    last: datetime | None
    count: int

    @property
    def pair(self) -> tuple[str, str, str]:
        """Egress entry, account and role: what is told once."""
        return (self.entry or "", self.account, self.role_id)


def hidden_finding(finding: Block, *, region: str, filters: Sequence[EgressFilter]) -> HiddenFinding:
    """What `GetFindings` tells of one archived finding, and the entry that hides it."""
    resource, service = _block(finding, "Resource"), _block(finding, "Service")
    key = _block(resource, "AccessKeyDetails")
    caller = _block(service, "Action", "AwsApiCallAction", "RemoteIpDetails")
    principal = _text(key, "PrincipalId") or ""
    role = _text(key, "UserName") or principal or UNKNOWN
    last = _moment(service, "EventLastSeen")
    found = _moment(finding, "UpdatedAt") or last
    matching = (one.entry for one in filters if one.hides and one.matches(finding))
    return HiddenFinding(
        entry=next((entry for entry in matching if _was_there(entry, filters, at=found)), None),
        region=region,
        finding_id=_text(finding, "Id") or UNKNOWN,
        type=_text(finding, "Type") or UNKNOWN,
        account=_text(finding, "AccountId") or UNKNOWN,
        role=role,
        role_id=principal.partition(":")[0] or role,
        function=_text(_block(resource, "LambdaDetails"), "FunctionName"),
        access_key=_text(key, "AccessKeyId"),
        address=_text(caller, "IpAddressV4") or _text(caller, "IpAddressV6") or UNKNOWN,
        first=_moment(service, "EventFirstSeen"),
        last=last,
        count=count if isinstance(count := service.get("Count"), int) and count > 0 else 1,
    )


def _was_there(entry: str, filters: Sequence[EgressFilter], *, at: datetime | None) -> bool:
    """Whether the entry had a filter in the Region before GuardDuty would have sent the finding.

    Args:
        entry: Its name.
        filters: Those of the Region. The oldest one of the entry counts: when addresses are added they may move to a
            new one, and of what the old one has hidden nobody would be told.
        at: When GuardDuty last updated the finding with new activity, some time after the activity itself (GuardDuty
            user guide, finding details). Where a time is not known, the filter was there: rather told than not.
    """
    made = [one.created for one in filters if one.entry == entry]
    known = [moment for moment in made if moment is not None]
    if at is None or len(known) < len(made):
        return True
    return at + SENT_WITHIN >= min(known)


def _block(value: object, *path: str) -> Block:
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _text(block: Block, name: str) -> str | None:
    value = block.get(name)
    return value if isinstance(value, str) and value else None


def _moment(block: Block, name: str) -> datetime | None:
    try:
        parsed = datetime.fromisoformat(_text(block, name) or "")
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
