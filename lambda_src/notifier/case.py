"""What makes two messages one case: the same credentials in the same kind of trouble, or the same finding."""

import hashlib
import re
from collections.abc import Iterator

from notifier.event import Item, Unrecognised
from notifier.heartbeat import Heartbeat
from notifier.notice import Notice
from notifier.report import Report
from notifier.watched_call import WatchedCall

LIMIT = 255
"""Longest key, in characters; PagerDuty's `dedup_key` takes no more (PagerDuty Events API v2)."""

_BETWEEN = "|"
# None of them matches the sign between the parts, so two cases never share a key; and none matches a web address.
_ACCOUNT = re.compile(r"\d{12}", re.ASCII)
_TYPE = re.compile(r"[A-Za-z0-9]{1,30}:[A-Za-z0-9]{1,30}/[A-Za-z0-9._!&-]{1,100}")
_ACCESS_KEY = re.compile(r"[A-Z0-9]{16,64}")
_FINDING = re.compile(r"[A-Za-z0-9-]{1,64}")


def case_of(item: Item) -> str:
    """The key of the case that a message belongs to: ASCII, at most `LIMIT` characters, the same on every delivery.

    A leaked access key is one case wherever it is seen: account, finding type and key, because a global call is
    detected once for each Region. Everything else is a case for each finding, by account and finding id; a notice
    is one by its kind and what it is about. What has neither, or has one that GuardDuty would not write, is told
    apart by a digest. A report is of the case of its finding; a watched call is one by itself.
    """
    if isinstance(item, (Unrecognised, Notice, Heartbeat, WatchedCall)):
        return _digest(*_told_apart(item))
    account, kind = item.account or "", item.type or ""
    if isinstance(item, Report):
        key, arn, title = item.access_key or "", "", ""
    else:
        key = (item.access_key.access_key_id if item.access_key else None) or ""
        arn, title = item.arn or "", item.title or ""
    if _ACCOUNT.fullmatch(account) and _TYPE.fullmatch(kind) and _ACCESS_KEY.fullmatch(key):
        return _BETWEEN.join((account, kind, key))
    if _ACCOUNT.fullmatch(account) and _FINDING.fullmatch(item.finding_id or ""):
        return _BETWEEN.join((account, item.finding_id or ""))
    return _digest("finding", account, kind, key, item.finding_id or "", arn, title)


def _told_apart(item: Unrecognised | Notice | Heartbeat | WatchedCall) -> Iterator[str]:
    if isinstance(item, Unrecognised):
        yield from ("unrecognised", item.raw)
    elif isinstance(item, Notice):
        # A notice of GuardDuty's says what tells it apart; of ours its words do.
        about = (item.kind, *(item.key or (item.subject,)), item.account, item.region, item.finding_id)
        yield from ("notice", *(part or "" for part in about))
    elif isinstance(item, Heartbeat):
        yield from ("heartbeat", item.region or "", item.beat)
    else:
        # CloudTrail names each call; two rules may bring the same one.
        yield from ("call", item.account or "", item.region or "", item.event_id or item.api)


def _digest(*parts: str) -> str:
    # Lengths before the texts: no other row of parts makes the same bytes.
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return f"sha256{_BETWEEN}{hashlib.sha256(text.encode('utf-8', 'backslashreplace')).hexdigest()}"
