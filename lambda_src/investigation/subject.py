"""What a finding is about: the key, its role, the address that GuardDuty saw."""

import hashlib
import json
import re
from datetime import datetime, timedelta

from investigation.documents import Subject
from investigation.wire import Block, block, text
from shared.forms import ACCOUNT

# The same three as in `notifier.items.case`; contract tests compare them and what comes of them.
_TYPE = re.compile(r"[A-Za-z0-9]{1,30}:[A-Za-z0-9]{1,30}/[A-Za-z0-9._!&-]{1,100}")
_ACCESS_KEY = re.compile(r"[A-Z0-9]{16,64}")
LEAKED_KEYS = (
    "CredentialAccess:IAMUser/CompromisedCredentials",
    "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration",
    "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration",
)
"""Beginnings of the types that say of a key that strangers have it; one key is one case then."""

_OF_WORKLOADS = tuple(kind for kind in LEAKED_KEYS if kind.endswith("CredentialExfiltration"))

_ADDRESS = 64
IAM_USER = "an IAM user"
_USERS = {"IAMUser": IAM_USER, "FederatedUser": "a federated user", "Root": "the root user"}
_LONG_TERM = "AKIA"


def subject_of(event: Block) -> Subject:
    """The subject in an EventBridge event of GuardDuty; never raises, whatever is missing."""
    detail = block(event.get("detail"))
    key = block(detail, "resource", "accessKeyDetails")
    call = block(detail, "service", "action", "awsApiCallAction")
    remote = block(call, "remoteIpDetails")
    service = block(detail, "service")
    severity = detail.get("severity")
    return Subject(
        finding_id=text(detail.get("id")),
        type=text(detail.get("type")),
        account=text(detail.get("accountId")),
        severity=severity if isinstance(severity, (int, float, str)) else None,
        region=text(event.get("region")),
        call_region=text(detail.get("region")),
        partition=text(detail.get("partition")) or "aws",
        access_key=text(key.get("accessKeyId")),
        principal_id=text(key.get("principalId")),
        user_name=text(key.get("userName")),
        user_type=text(key.get("userType")),
        role_arn=text(block(detail, "resource", "lambdaDetails").get("role")),
        addresses=[one for version in "46" if (one := text(remote.get(f"ipAddressV{version}"), limit=_ADDRESS))],
        remote_account=_account(text(block(call, "remoteAccountDetails").get("accountId"))),
        first_seen=text(service.get("eventFirstSeen")),
        last_seen=text(service.get("eventLastSeen")),
    )


def _account(given: str) -> str:
    return given if ACCOUNT.fullmatch(given) else ""


def user_of(subject: Subject) -> str:
    """Which user the key is of, in words; empty for a role's.

    The names are those of `userType` (GuardDuty API reference, AccessKeyDetails); only users have long-term keys.
    """
    known = _USERS.get(subject["user_type"], "")
    return known or (IAM_USER if subject["access_key"].startswith(_LONG_TERM) else "")


def is_of_workload(subject: Subject) -> bool:
    """Whether AWS hands the key to a function, task or instance, so that calls from AWS are likely its own.

    CompromisedCredentials is about any key (GuardDuty user guide, IAM finding types).
    """
    return subject["type"].startswith(_OF_WORKLOADS) and not user_of(subject)


def is_inside_aws(subject: Subject) -> bool:
    """Whether GuardDuty saw the use on AWS, by another account's workload."""
    return subject["type"].endswith(".InsideAWS")


def is_sample(event: Block) -> bool:
    """Whether somebody asked GuardDuty for the finding: nothing happened, so there is nothing to look into."""
    detail = block(event.get("detail"))
    info = block(detail, "service").get("additionalInfo")
    members = block(info)
    inner = members.get("value")
    if isinstance(inner, str):
        try:
            inner = json.loads(inner)
        except (ValueError, RecursionError):
            inner = None
    if _is_true(block(inner).get("sample")):
        return True
    return _is_true(members.get("sample")) or text(detail.get("title")).upper().startswith("[SAMPLE]")


def _is_true(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")


def case_of(subject: Subject) -> tuple[str, ...]:
    """What makes two findings one case: account, type and leaked key; a global call is found once in each Region.

    Of any other type, or without a key that GuardDuty would write, each finding is a case.
    """
    account, kind, key = subject["account"], subject["type"], subject["access_key"]
    leaked = kind.startswith(LEAKED_KEYS) and _TYPE.fullmatch(kind) and _ACCESS_KEY.fullmatch(key)
    if leaked and ACCOUNT.fullmatch(account):
        return account, kind, key
    return account, kind, key, subject["finding_id"]


def execution_name(subject: Subject, *, now: datetime, window: timedelta) -> str:
    """The name of the execution: the same for every finding of a case within a window of time.

    A name cannot be used twice within 90 days (Step Functions API reference, StartExecution), so Step Functions
    itself keeps a repeat from starting another one, whoever delivers it and however often.
    """
    case = json.dumps(case_of(subject)).encode()
    number = int(now.timestamp() // window.total_seconds())
    return f"{hashlib.sha256(case).hexdigest()[:40]}-{int(window.total_seconds())}-{number}"
