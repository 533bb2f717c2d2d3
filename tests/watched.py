"""CloudTrail's events of watched calls, written by us: each on a resource of the sandbox, and on a neighbour's."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from infra.constructs import watched_calls as calls_
from infra.constructs.watched_calls import ALL, Calls

BOTOCORE = {"states": "stepfunctions", "monitoring": "cloudwatch"}
"""CloudTrail's names of services that botocore calls otherwise."""

ACCOUNT = "123456789012"
REGION = "eu-west-1"

PERSON: dict[str, Any] = {
    "type": "AssumedRole",
    "principalId": "AROAEXAMPLEEXAMPLEEX:alice",
    "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/Admin/alice",
    "accountId": ACCOUNT,
    "accessKeyId": "ASIAEXAMPLEEXAMPLE12",
    "sessionContext": {
        "sessionIssuer": {
            "type": "Role",
            "principalId": "AROAEXAMPLEEXAMPLEEX",
            "arn": f"arn:aws:iam::{ACCOUNT}:role/people/Admin",
            "accountId": ACCOUNT,
            "userName": "Admin",
        },
        "attributes": {"creationDate": "2026-11-23T04:00:00Z", "mfaAuthenticated": "true"},
    },
}
"""Somebody in a role, by hand."""


def role_session(role: str, session: str, *, account: str = ACCOUNT, **members: Any) -> dict[str, Any]:
    """The identity of a role session."""
    issuer = {**PERSON["sessionContext"]["sessionIssuer"], "arn": f"arn:aws:iam::{account}:role/{role}"}
    return {
        **PERSON,
        "arn": f"arn:aws:sts::{account}:assumed-role/{role}/{session}",
        "accountId": account,
        "sessionContext": {"sessionIssuer": {**issuer, "userName": role}},
        **members,
    }


PIPELINE = role_session(f"cdk-hnb659fds-deploy-role-{ACCOUNT}-{REGION}", "detection-stack-4711")
"""The deploy role in the session of this project's workflow."""

CLOUDFORMATION = role_session(
    f"cdk-hnb659fds-cfn-exec-role-{ACCOUNT}-{REGION}", "AWSCloudFormation", invokedBy="cloudformation.amazonaws.com"
)
"""CloudFormation, at work for whoever set it to work."""


def call(
    service: str,
    name: str,
    request: dict[str, Any] | None = None,
    *,
    identity: dict[str, Any] = PERSON,
    event_id: str = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
    region: str = REGION,
    **detail: Any,
) -> dict[str, Any]:
    """The EventBridge event of a call."""
    return {
        "version": "0",
        "id": "7bf73129-1428-4cd3-a780-95db273d1602",
        "detail-type": "AWS API Call via CloudTrail",
        "source": f"aws.{service}",
        "account": ACCOUNT,
        "time": "2026-11-23T04:15:02Z",
        "region": region,
        "resources": [],
        "detail": {
            "eventVersion": "1.11",
            "userIdentity": identity,
            "eventTime": "2026-11-23T04:15:00Z",
            "eventSource": f"{service}.amazonaws.com",
            "eventName": name,
            "awsRegion": region,
            "sourceIPAddress": "203.0.113.9",
            "userAgent": "aws-cli/2.31.0",
            "requestParameters": request,
            "responseElements": None,
            "eventID": event_id,
            "readOnly": False,
            "eventType": "AwsApiCall",
            "managementEvent": True,
            "recipientAccountId": ACCOUNT,
            **detail,
        },
    }


_ARN = f"arn:aws:{{}}:{REGION}:{ACCOUNT}"
_OURS = "sandbox-Response-TosecuritymailThing1D8D5F89-A7C133F15863"
_DETECTION = "sandbox-Detection-eu-west-1-ForwarderUndelivered-A7C133F15863"
_THEIRS = "shop-Response-Orders-B7C133F15863"

HUB, REGIONAL = "hub", "region"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a call changes, as its event names it.

    Attributes:
        where: Which rules take it.
        ours: Names of ours.
        theirs: A name of somebody else's in the same account.
    """

    where: str
    ours: tuple[Any, ...]
    theirs: Any


def _url(name: str) -> str:
    return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}"


NAMED: dict[str, tuple[Named, ...]] = {
    "RULES": (
        Named(where=REGIONAL, ours=("sandbox-forwarder", "sandbox-watch-1", "sandbox-watch-hub-2"), theirs="nightly"),
        Named(where=HUB, ours=("sandbox-Response-SuppressionReviewHourly-1A2B",), theirs="sandbox-nightly"),
    ),
    "TARGETS": (
        Named(where=REGIONAL, ours=("sandbox-forwarder", "sandbox-watch-3"), theirs="forwarder"),
        Named(where=HUB, ours=("sandbox-Response-SuppressionReviewHourly-1A2B",), theirs="sandbox-nightly"),
    ),
    "ON_THE_BUS": (
        Named(
            where=HUB,
            ours=("sandbox-findings", f"{_ARN.format('events')}:event-bus/sandbox-findings"),
            theirs="orders",
        ),
    ),
    "BUS": (Named(where=HUB, ours=("sandbox-findings",), theirs="sandbox-findings-2"),),
    "SCHEDULE": (Named(where=REGIONAL, ours=("sandbox-heartbeat",), theirs="sandbox-nightly"),),
    "QUEUES": (
        Named(where=HUB, ours=(_url(_OURS),), theirs=_url(_THEIRS)),
        Named(where=REGIONAL, ours=(_url(_DETECTION),), theirs=_url(_THEIRS)),
    ),
    "MOVED": (
        Named(where=HUB, ours=(f"{_ARN.format('sqs')}:{_OURS}",), theirs=f"{_ARN.format('sqs')}:{_THEIRS}"),
        Named(where=REGIONAL, ours=(f"{_ARN.format('sqs')}:{_DETECTION}",), theirs=f"{_ARN.format('sqs')}:{_THEIRS}"),
    ),
    "TOPICS": (
        Named(where=HUB, ours=(f"{_ARN.format('sns')}:{_OURS}",), theirs=f"{_ARN.format('sns')}:{_THEIRS}"),
        Named(where=REGIONAL, ours=(f"{_ARN.format('sns')}:{_DETECTION}",), theirs=f"{_ARN.format('sns')}:{_THEIRS}"),
    ),
    "SUBSCRIPTIONS": (
        Named(where=HUB, ours=(f"{_ARN.format('sns')}:{_OURS}:0a1b",), theirs=f"{_ARN.format('sns')}:{_THEIRS}:0a1b"),
    ),
    "DATA_PROTECTION": (
        Named(where=HUB, ours=(f"{_ARN.format('sns')}:{_OURS}",), theirs=f"{_ARN.format('sns')}:{_THEIRS}"),
    ),
    "FUNCTIONS": (Named(where=HUB, ours=(_OURS, f"{_ARN.format('lambda')}:function:{_OURS}"), theirs=_THEIRS),),
    "URLS": (Named(where=HUB, ours=(_OURS, f"{_ARN.format('lambda')}:function:{_OURS}"), theirs=_THEIRS),),
    "FUNCTION_POLICIES": (
        Named(
            where=HUB,
            ours=(f"{_ARN.format('lambda')}:function:{_OURS}",),
            theirs=f"{_ARN.format('lambda')}:function:{_THEIRS}",
        ),
    ),
    "READERS": (Named(where=HUB, ours=(f"{_ARN.format('sqs')}:{_OURS}",), theirs=f"{_ARN.format('sqs')}:{_THEIRS}"),),
    "MAPPINGS": (
        Named(
            where=HUB,
            ours=(f"{_ARN.format('lambda')}:function:{_OURS}",),
            theirs=f"{_ARN.format('lambda')}:function:{_THEIRS}",
        ),
    ),
    "STATE_MACHINES": (
        Named(
            where=HUB,
            ours=(f"{_ARN.format('states')}:stateMachine:sandbox-investigation",),
            theirs=f"{_ARN.format('states')}:stateMachine:{_THEIRS}",
        ),
    ),
    "EXECUTIONS": (
        Named(
            where=HUB,
            ours=(f"{_ARN.format('states')}:execution:sandbox-investigation:0a1b",),
            theirs=f"{_ARN.format('states')}:execution:{_THEIRS}:0a1b",
        ),
    ),
    "TABLES": (Named(where=HUB, ours=(_OURS, f"{_ARN.format('dynamodb')}:table/{_OURS}"), theirs=_THEIRS),),
    "TABLE_POLICIES": (
        Named(
            where=HUB, ours=(f"{_ARN.format('dynamodb')}:table/{_OURS}",), theirs=f"{_ARN.format('dynamodb')}:table/x"
        ),
    ),
    "ALARM": (
        Named(where=HUB, ours=(_OURS,), theirs=_THEIRS),
        Named(where=REGIONAL, ours=(_DETECTION,), theirs=_THEIRS),
    ),
    "ALARMS": (Named(where=HUB, ours=([_OURS], [_THEIRS, _OURS]), theirs=[_THEIRS]),),
    "MUTED": (Named(where=HUB, ours=([_OURS],), theirs=[_THEIRS]),),
    "LOGS": (Named(where=HUB, ours=(_OURS,), theirs=f"/aws/lambda/{_THEIRS}"),),
    "SECRETS": (
        Named(
            where=HUB,
            ours=(
                "detection/slack-webhook",
                f"{_ARN.format('secretsmanager')}:secret:detection/slack-webhook",
                f"{_ARN.format('secretsmanager')}:secret:detection/slack-webhook-AbCdEf",
            ),
            theirs="detection/slack",
        ),
    ),
    "ROLES": (
        Named(where=REGIONAL, ours=("sandbox-Response-TosecuritymailNotifierRole-1A2B",), theirs="shop-Response-Role"),
    ),
    "STACKS": (
        Named(
            where=HUB,
            ours=("sandbox-Response", f"{_ARN.format('cloudformation')}:stack/sandbox-Response/0a1b"),
            theirs="shop-Response",
        ),
        Named(where=REGIONAL, ours=("sandbox-Detection-eu-west-1",), theirs="shop-Detection-eu-west-1"),
    ),
}
"""By the name of the calls; those without a field, of the key, of the boundary and of the trusted list's file are
elsewhere."""


def field_of(calls: Calls, value: object) -> dict[str, Any]:
    """The members of `detail` that name the resource."""
    detail: dict[str, Any] = {}
    place = detail
    *parents, last = calls.field.split(".")
    for parent in parents:
        place = place.setdefault(parent, {})
    place[last] = value
    return detail


def written(calls: Calls, name: str) -> tuple[str, ...]:
    """The name as CloudTrail writes it; both forms where nobody knows for certain."""
    dated = f"{name}20150331v2"
    return (name, dated) if calls.dated is None else (dated,) if calls.dated else (name,)


def name_of(calls: Calls) -> str:
    """What the module calls them."""
    return next(name for name, value in vars(calls_).items() if value is calls)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """An event, and which rules have to take it.

    Attributes:
        where: `hub` or `region`; None for a neighbour that no rule may take.
    """

    id: str
    where: str | None
    event: dict[str, Any]


def samples() -> Iterator[Sample]:
    """Each call on each resource of ours, and on a neighbour's."""
    for calls in ALL:
        for name in (form for one in calls.names for form in written(calls, one)):
            label = f"{calls.service}-{name}"
            if not calls.field:
                event = call(calls.service, name, {"detectorId": "12abc34d567e8fa901bc2d34e56789f0"})
                yield Sample(id=label, where=REGIONAL, event=event)
            for named in NAMED.get(name_of(calls), ()):
                for number, ours in enumerate(named.ours, start=1):
                    event = call(calls.service, name, {}, **field_of(calls, ours))
                    yield Sample(id=f"{label}-{named.where}-{number}", where=named.where, event=event)
                theirs = call(calls.service, name, {}, **field_of(calls, named.theirs))
                yield Sample(id=f"{label}-{named.where}-neighbour", where=None, event=theirs)
