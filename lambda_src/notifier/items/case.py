"""What makes two messages one case: the same leaked credentials, or the same finding."""

import hashlib
import re

from notifier.items.item import Item
from shared.forms import ACCOUNT

LIMIT = 255
"""Longest key, in characters; PagerDuty's `dedup_key` takes no more (PagerDuty Events API v2)."""

_BETWEEN = "|"
# None of them, and no account, matches the sign between the parts, so two cases never share a key; and none matches a
# web address.
_TYPE = re.compile(r"[A-Za-z0-9]{1,30}:[A-Za-z0-9]{1,30}/[A-Za-z0-9._!&-]{1,100}")
_ACCESS_KEY = re.compile(r"[A-Z0-9]{16,64}")
_FINDING = re.compile(r"[A-Za-z0-9-]{1,64}")

LEAKED_KEYS = (
    "CredentialAccess:IAMUser/CompromisedCredentials",
    "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration",
    "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration",
)
"""Beginnings of the types that say of a key itself that strangers have it: whichever Region and finding names it, it is
one thing to do. Findings of any other type are about what was done with a key, each to something else: three buckets
that one key opened are three things to do. A contract test holds that the investigation reads the same."""


def case_of(item: Item) -> str:
    """The key of the case that a message belongs to: ASCII, at most `LIMIT` characters, the same on every delivery.

    A leaked access key (`LEAKED_KEYS`) is one case wherever it is seen: account, finding type and key, because a
    global call is detected once for each Region. Everything else is a case for each finding, by account and finding
    id; a notice is one by its kind and what it is about. What has neither, or has one that GuardDuty would not write,
    is told apart by a digest. A report is of the case of its finding; a watched call is one by itself.
    """
    if item.kind == "finding":
        key = item.access_key.access_key_id if item.access_key else None
        return _of_finding(item.account, item.type, key, item.finding_id, item.arn, item.title)
    if item.kind == "report":
        return _of_finding(item.account, item.type, item.access_key, item.finding_id, "", "")
    if item.kind == "unrecognised":
        return _digest("unrecognised", item.raw)
    if item.kind == "notice":
        # A notice of GuardDuty's says what tells it apart; of ours its words do.
        about = (item.topic, *(item.key or (item.subject,)), item.account, item.region, item.finding_id)
        return _digest("notice", *(part or "" for part in about))
    if item.kind == "heartbeat":
        return _digest("heartbeat", item.region or "", item.beat)
    # CloudTrail names each call; two rules may bring the same one.
    return _digest("call", item.account or "", item.region or "", item.event_id or item.api)


def _of_finding(
    account: str | None, finding_type: str | None, key: str | None, finding_id: str | None, *beyond: str | None
) -> str:
    parts = [part or "" for part in (account, finding_type, key, finding_id, *beyond)]
    account, finding_type, key, finding_id = parts[:4]
    leaked = finding_type.startswith(LEAKED_KEYS) and _TYPE.fullmatch(finding_type) and _ACCESS_KEY.fullmatch(key)
    if leaked and ACCOUNT.fullmatch(account):
        return _BETWEEN.join((account, finding_type, key))
    if ACCOUNT.fullmatch(account) and _FINDING.fullmatch(finding_id):
        return _BETWEEN.join((account, finding_id))
    return _digest("finding", *parts)


def _digest(*parts: str) -> str:
    # Lengths before the texts: no other row of parts makes the same bytes.
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return f"sha256{_BETWEEN}{hashlib.sha256(text.encode('utf-8', 'backslashreplace')).hexdigest()}"
