"""The services of an investigation, in memory, with their rules; every call and answer fits botocore's model."""

# ruff: noqa: N803  arguments have the names that AWS gave them
import json
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

BEGAN = datetime(2026, 11, 23, 4, 20, tzinfo=UTC)
"""When the finding reaches us, in every test."""


@dataclass
class Clock:
    """One time for all; sleeping takes none of ours."""

    now: datetime = BEGAN
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        with self._lock:
            self.now += timedelta(seconds=seconds)

    def monotonic(self) -> float:
        """Seconds since long ago."""
        return self.now.timestamp()


@cache
def _model(service: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(service)


class Modelled:
    """A client in the shape of boto3's: takes what the service's model takes, and answers in its shape."""

    def __init__(self, service: str, fake: object) -> None:
        self._operations = {xform_name(name): name for name in _model(service).operation_names}
        self._service, self._fake = service, fake

    def __getattr__(self, name: str) -> Any:
        """The operation, as boto3 calls it."""
        if name not in self._operations or not hasattr(self._fake, name):
            raise AttributeError(name)
        operation = _model(self._service).operation_model(self._operations[name])

        def call(**parameters: Any) -> Any:
            _insist(parameters, operation.input_shape, name)
            answer = getattr(self._fake, name)(**parameters)
            _insist(answer, operation.output_shape, name)
            return answer

        return call


def _insist(value: Any, shape: Any, name: str) -> None:
    report = ParamValidator().validate(value, shape)
    assert not report.has_errors(), f"{name}: {report.generate_report()}"


def refusal(operation: str, code: str) -> ClientError:
    """An error of AWS's; its message repeats what was sent, as some do."""
    return ClientError({"Error": {"Code": code, "Message": "<script>alert(1)</script>"}}, operation)


@dataclass
class FakeDetective:
    """Detective of one Region: at most one graph, its members, and investigations that take their time.

    Attributes:
        ends: The status in which investigations end, and after how many minutes.
        busy: Calls that are refused with TooManyRequestsException, from now on.
        refuses: An error for every call.
    """

    clock: Clock
    region: str
    account: str
    has_graph: bool = True
    members: dict[str, dict[str, str]] = field(default_factory=dict)
    ends: str = "SUCCESSFUL"
    takes_minutes: float = 3
    severity: str = "HIGH"
    indicators: list[dict[str, Any]] = field(default_factory=list)
    busy: int = 0
    refuses: str = ""
    started: list[dict[str, Any]] = field(default_factory=list)

    @property
    def arn(self) -> str:
        """The graph's."""
        return f"arn:aws:detective:{self.region}:{self.account}:graph:{'a1' * 16}"

    def list_graphs(self, **_: Any) -> dict[str, Any]:
        """An empty page may come with a token."""
        self._may_refuse("ListGraphs")
        return {"GraphList": [{"Arn": self.arn}] if self.has_graph else []}

    def get_members(self, *, GraphArn: str, AccountIds: list[str]) -> dict[str, Any]:
        """Those that there are; the others are unprocessed."""
        self._may_refuse("GetMembers")
        known = [{"AccountId": one, **self.members[one]} for one in AccountIds if one in self.members]
        unknown = [{"AccountId": one, "Reason": "not a member"} for one in AccountIds if one not in self.members]
        return {"MemberDetails": known, "UnprocessedAccounts": unknown}

    def start_investigation(
        self, *, GraphArn: str, EntityArn: str, ScopeStartTime: datetime, ScopeEndTime: datetime
    ) -> dict[str, Any]:
        """Of a role or a user, over three hours to thirty days that are over."""
        self._may_refuse("StartInvestigation")
        scope = ScopeEndTime - ScopeStartTime
        entity = EntityArn.split(":", 5)
        if (
            not timedelta(hours=3) <= scope <= timedelta(days=30)
            or ScopeEndTime > self.clock.now
            or not entity[5].startswith(("role/", "user/"))
        ):
            raise refusal("StartInvestigation", "ValidationException")
        if GraphArn != self.arn:
            raise refusal("StartInvestigation", "ResourceNotFoundException")
        self.started.append({"entity": EntityArn, "scope": scope, "at": self.clock.now})
        return {"InvestigationId": f"{len(self.started):021}"}

    def get_investigation(self, *, GraphArn: str, InvestigationId: str) -> dict[str, Any]:
        """RUNNING until its time has come."""
        self._may_refuse("GetInvestigation")
        started = self.started[int(InvestigationId) - 1]
        over = self.clock.now >= started["at"] + timedelta(minutes=self.takes_minutes)
        return {
            "GraphArn": GraphArn,
            "InvestigationId": InvestigationId,
            "EntityArn": started["entity"],
            "Status": self.ends if over else "RUNNING",
            **({"Severity": self.severity} if over and self.ends == "SUCCESSFUL" else {}),
        }

    def list_indicators(
        self, *, GraphArn: str, InvestigationId: str, MaxResults: int = 100, NextToken: str = "0"
    ) -> dict[str, Any]:
        """A page of at most a hundred."""
        self._may_refuse("ListIndicators")
        assert MaxResults <= 100
        first = int(NextToken)
        # A full page in the middle of the pages, so that whoever reads one only is found out.
        page = self.indicators[first : first + min(MaxResults, 3)]
        last = first + len(page)
        more = {"NextToken": str(last)} if last < len(self.indicators) else {}
        return {"GraphArn": GraphArn, "InvestigationId": InvestigationId, "Indicators": page, **more}

    def _may_refuse(self, operation: str) -> None:
        if self.busy > 0:
            self.busy -= 1
            raise refusal(operation, "TooManyRequestsException")
        if self.refuses:
            raise refusal(operation, self.refuses)


@dataclass
class FakeCloudTrail:
    """The event history of one Region and account: newest first, fifty a page, two calls a second, and late.

    Attributes:
        busy: Calls that are throttled although nobody was too fast: other people call too.
    """

    clock: Clock
    events: list[tuple[dict[str, Any], datetime]] = field(default_factory=list)
    busy: int = 0
    refuses: str = ""
    calls: list[datetime] = field(default_factory=list)
    refused: int = 0

    def plant(self, event: dict[str, Any], *, visible: datetime) -> None:
        """Keep an event, which shows from a moment on."""
        self.events.append((event, visible))

    def lookup_events(
        self,
        *,
        LookupAttributes: list[dict[str, str]],
        StartTime: datetime,
        EndTime: datetime,
        MaxResults: int = 50,
        NextToken: str = "0",
    ) -> dict[str, Any]:
        """A page of what shows by now."""
        if self.refuses:
            raise refusal("LookupEvents", self.refuses)
        now = self.clock.now
        if self.busy > 0 or sum(now - one < timedelta(seconds=1) for one in self.calls) >= 2:
            self.busy = max(self.busy - 1, 0)
            self.refused += 1
            raise refusal("LookupEvents", "ThrottlingException")
        self.calls.append(now)
        (asked,) = LookupAttributes
        attribute, value = asked["AttributeKey"], asked["AttributeValue"]
        if attribute not in {"AccessKeyId", "ReadOnly", "EventName"}:
            raise refusal("LookupEvents", "InvalidLookupAttributesException")
        if StartTime > EndTime:
            raise refusal("LookupEvents", "InvalidTimeRangeException")
        shown = sorted(
            (
                event
                for event, visible in self.events
                if visible <= now
                and _found(event)[attribute] == value
                and StartTime <= datetime.fromisoformat(event["eventTime"]) <= EndTime
                and StartTime >= now - timedelta(days=91)
            ),
            key=lambda event: str(event["eventTime"]),
            reverse=True,
        )
        first = int(NextToken)
        page = shown[first : first + min(MaxResults, 50)]
        last = first + len(page)
        more = {"NextToken": str(last)} if last < len(shown) else {}
        return {"Events": [_found(event) for event in page], **more}


def _found(event: dict[str, Any]) -> dict[str, Any]:
    return {
        "EventId": event["eventID"],
        "EventName": event["eventName"],
        "ReadOnly": str(event.get("readOnly", "")).lower(),
        "AccessKeyId": event["userIdentity"]["accessKeyId"],
        "EventTime": datetime.fromisoformat(event["eventTime"]),
        "EventSource": event["eventSource"],
        "Resources": [],
        "CloudTrailEvent": json.dumps(event),
    }


_NUMBER = Counter[str]()


def call(
    api: str,
    *,
    address: str,
    at: datetime,
    key: str,
    read_only: bool = True,
    error: str = "",
    agent: str = "Boto3/1.40.0",
    **members: Any,
) -> dict[str, Any]:
    """A management event as CloudTrail records it."""
    service, _, name = api.partition(":")
    _NUMBER[api] += 1
    return {
        "eventVersion": "1.11",
        "userIdentity": {"type": "AssumedRole", "accessKeyId": key},
        "eventTime": at.isoformat().replace("+00:00", "Z"),
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "sourceIPAddress": address,
        "userAgent": agent,
        "readOnly": read_only,
        "eventID": f"{api}-{_NUMBER[api]}",
        **({"errorCode": error} if error else {}),
        **members,
    }


@dataclass
class FakeAccount:
    """Account Management of one account: its Regions, a few a page.

    Attributes:
        states: Of Regions; every other one is enabled by default, and not in it.
        asked: When the list was asked for.
    """

    clock: Clock
    states: dict[str, str] = field(default_factory=dict)
    refuses: str = ""
    asked: list[datetime] = field(default_factory=list)

    def list_regions(self, *, MaxResults: int, NextToken: str = "0") -> dict[str, Any]:
        """A page of at most fifty; fewer, so that whoever reads one only is found out."""
        assert MaxResults <= 50
        if self.refuses:
            raise refusal("ListRegions", self.refuses)
        first = int(NextToken)
        if not first:
            self.asked.append(self.clock.now)
        listed = [{"RegionName": name, "RegionOptStatus": state} for name, state in self.states.items()]
        more = {"NextToken": str(first + 5)} if first + 5 < len(listed) else {}
        return {"Regions": listed[first : first + 5], **more}


@dataclass
class FakeIam:
    """IAM of one account.

    Attributes:
        attached: Managed policies of the role, or the user, that is asked about; `group_attached` those of its groups.
        inline: The same of inline policies.
        keys: A user's long-term keys and their state.
    """

    roles: dict[str, dict[str, Any]] = field(default_factory=dict)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: dict[str, dict[str, str]] = field(default_factory=dict)
    group_attached: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    attached: dict[str, str] = field(default_factory=dict)
    inline: dict[str, str] = field(default_factory=dict)
    refuses: set[str] = field(default_factory=set)
    busy: int = 0
    calls: list[str] = field(default_factory=list)

    def get_role(self, *, RoleName: str) -> dict[str, Any]:
        """With its path."""
        self._may_refuse("GetRole")
        if RoleName not in self.roles:
            raise refusal("GetRole", "NoSuchEntity")
        return {"Role": self.roles[RoleName]}

    def get_user(self, *, UserName: str) -> dict[str, Any]:
        """With its path."""
        self._may_refuse("GetUser")
        if UserName not in self.users:
            raise refusal("GetUser", "NoSuchEntity")
        return {"User": self.users[UserName]}

    def list_attached_user_policies(self, *, UserName: str, Marker: str = "0") -> dict[str, Any]:
        """One a page."""
        self._may_refuse("ListAttachedUserPolicies")
        assert UserName in self.users
        return self._attached(self.attached, Marker)

    def list_user_policies(self, *, UserName: str) -> dict[str, Any]:
        """All at once."""
        self._may_refuse("ListUserPolicies")
        assert UserName in self.users
        return {"PolicyNames": list(self.inline), "IsTruncated": False}

    def get_user_policy(self, *, UserName: str, PolicyName: str) -> dict[str, Any]:
        """What it says."""
        self._may_refuse("GetUserPolicy")
        return {"UserName": UserName, "PolicyName": PolicyName, "PolicyDocument": self.inline[PolicyName]}

    def list_groups_for_user(self, *, UserName: str, Marker: str = "0") -> dict[str, Any]:
        """One a page."""
        self._may_refuse("ListGroupsForUser")
        assert UserName in self.users
        names, first = list(self.groups), int(Marker)
        page = [
            {
                "Path": "/",
                "GroupName": one,
                "GroupId": "A" * 16,
                "Arn": f"arn:aws:iam::1:group/{one}",
                "CreateDate": BEGAN,
            }
            for one in names[first : first + 1]
        ]
        more = first + 1 < len(names)
        return {"Groups": page, "IsTruncated": more, **({"Marker": str(first + 1)} if more else {})}

    def list_attached_group_policies(self, *, GroupName: str, Marker: str = "0") -> dict[str, Any]:
        """Every group has the same ones."""
        self._may_refuse("ListAttachedGroupPolicies")
        assert GroupName in self.groups
        return self._attached(self.group_attached, Marker)

    def list_group_policies(self, *, GroupName: str) -> dict[str, Any]:
        """All at once."""
        self._may_refuse("ListGroupPolicies")
        return {"PolicyNames": list(self.groups[GroupName]), "IsTruncated": False}

    def get_group_policy(self, *, GroupName: str, PolicyName: str) -> dict[str, Any]:
        """What it says."""
        self._may_refuse("GetGroupPolicy")
        document = self.groups[GroupName][PolicyName]
        return {"GroupName": GroupName, "PolicyName": PolicyName, "PolicyDocument": document}

    def list_access_keys(self, *, UserName: str) -> dict[str, Any]:
        """All at once: a user has two at most."""
        self._may_refuse("ListAccessKeys")
        keys = [
            {"UserName": UserName, "AccessKeyId": one, "Status": status, "CreateDate": BEGAN}
            for one, status in self.keys.items()
        ]
        return {"AccessKeyMetadata": keys, "IsTruncated": False}

    def list_attached_role_policies(self, *, RoleName: str, Marker: str = "0") -> dict[str, Any]:
        """One a page."""
        self._may_refuse("ListAttachedRolePolicies")
        assert RoleName in self.roles
        return self._attached(self.attached, Marker)

    @staticmethod
    def _attached(policies: dict[str, str], marker: str) -> dict[str, Any]:
        names = list(policies)
        first = int(marker)
        page = [{"PolicyName": one, "PolicyArn": f"arn:aws:iam::aws:policy/{one}"} for one in names[first : first + 1]]
        more = first + 1 < len(names)
        return {"AttachedPolicies": page, "IsTruncated": more, **({"Marker": str(first + 1)} if more else {})}

    def list_role_policies(self, *, RoleName: str) -> dict[str, Any]:
        """All at once."""
        self._may_refuse("ListRolePolicies")
        return {"PolicyNames": list(self.inline), "IsTruncated": False}

    def get_policy(self, *, PolicyArn: str) -> dict[str, Any]:
        """Which version counts."""
        self._may_refuse("GetPolicy")
        return {"Policy": {"Arn": PolicyArn, "DefaultVersionId": "v7"}}

    def get_policy_version(self, *, PolicyArn: str, VersionId: str) -> dict[str, Any]:
        """What it says; botocore has decoded it."""
        self._may_refuse("GetPolicyVersion")
        assert VersionId == "v7"
        return {"PolicyVersion": {"Document": (self.attached | self.group_attached)[PolicyArn.rpartition("/")[2]]}}

    def get_role_policy(self, *, RoleName: str, PolicyName: str) -> dict[str, Any]:
        """What it says."""
        self._may_refuse("GetRolePolicy")
        return {"RoleName": RoleName, "PolicyName": PolicyName, "PolicyDocument": self.inline[PolicyName]}

    def _may_refuse(self, operation: str) -> None:
        self.calls.append(operation)
        if self.busy > 0:
            self.busy -= 1
            raise refusal(operation, "Throttling")
        if operation in self.refuses:
            raise refusal(operation, "AccessDenied")


@dataclass
class FakeGuardDuty:
    """GuardDuty's investigations, as in the preview: for a detector, and ten a day."""

    clock: Clock
    used: list[datetime] = field(default_factory=list)
    ends: str = "COMPLETED"
    error: str = ""
    prompts: list[str] = field(default_factory=list)

    def list_detectors(self) -> dict[str, Any]:
        """The one there is."""
        return {"DetectorIds": ["12abc34d567e8fa901bc2d34e56789f0"]}

    def list_investigations(self, *, DetectorId: str, MaxResults: int, NextToken: str = "0") -> dict[str, Any]:
        """A page of at most fifty."""
        assert MaxResults <= 50
        first = int(NextToken)
        page = self.used[first : first + MaxResults]
        last = first + len(page)
        more = {"NextToken": str(last)} if last < len(self.used) else {}
        return {"Investigations": [{"InvestigationId": "ab", "StartTime": one} for one in page], **more}

    def create_investigation(self, *, DetectorId: str, TriggerPrompt: str) -> dict[str, Any]:
        """Within the quota."""
        self.prompts.append(TriggerPrompt)
        self.used.append(self.clock.now)
        assert sum(one > self.clock.now - timedelta(days=1) for one in self.used) <= 10
        return {"InvestigationId": "ab12"}

    def get_investigation(self, *, DetectorId: str, InvestigationId: str) -> dict[str, Any]:
        """Over after two minutes."""
        over = self.clock.now >= self.used[-1] + timedelta(minutes=2)
        said = {"RiskLevel": "High", "Confidence": "Medium", "Risk": "Likely stolen", "Summary": "A summary"}
        return {
            "Investigation": {
                "InvestigationId": InvestigationId,
                "Status": self.ends if over else "RUNNING",
                "TriggerPrompt": self.prompts[-1],
                "TriggeredBy": "us",
                **(said if over and self.ends == "COMPLETED" else {}),
                **({"Error": self.error} if over and self.ends == "FAILED" else {}),
            }
        }


@dataclass
class FakeEvents:
    """The findings bus."""

    taken: list[dict[str, Any]] = field(default_factory=list)
    refuses: bool = False

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:
        """A refused entry does not make the call fail (EventBridge API reference)."""
        if self.refuses:
            return {"FailedEntryCount": len(Entries), "Entries": [{"ErrorCode": "InternalFailure"} for _ in Entries]}
        for entry in Entries:
            assert len(json.dumps(entry)) < 256 * 1024
            self.taken.append(entry)
        return {"FailedEntryCount": 0, "Entries": [{"EventId": "1"} for _ in Entries]}
