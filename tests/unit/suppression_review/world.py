"""An account with filters and hidden findings: GuardDuty and the bus on loopback, the rest by moto, all by boto3."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from botocore.config import Config
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from infra.config import Deployment
from infra.suppression import compile_list, plan_filters
from suppression_review.memory import Memory
from suppression_review.region import Region
from suppression_review.review import Review
from suppression_review.settings import Settings
from tests.findings import leaked_lambda_credentials
from tools.emulator.account_region import AccountRegion
from tools.emulator.guardduty import GuardDuty
from tools.emulator.guardduty_lists import IP_SET, TRUSTED_ENTITY_SET

ACCOUNT = "123456789012"
HOME = "eu-west-1"
BUS = "sandbox-findings"
TABLE = "memory"
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
OWN = "198.51.100.7"
"""An address of the sandbox's egress entry."""

_ONCE = Config(retries={"total_max_attempts": 2, "mode": "standard"})


def leak(address: str = OWN, *, function: str = "payments-api", **members: Any) -> dict[str, Any]:
    """Credentials of a function used from an address; each function has a role of its own."""
    event = leaked_lambda_credentials(address=address, function=function, **members)
    key = event["detail"]["resource"]["accessKeyDetails"]
    key["principalId"] = f"AROA{function.upper().replace('-', '')}:{function}"
    return event


@dataclass(kw_only=True)
class World:
    """Everything that the review sees, with a clock that a test sets.

    Attributes:
        refusing: Regions in which GuardDuty refuses every call, with the error.
        calls: What was asked of GuardDuty, by Region.
        told: The notices of the last review.
        bus_refuses: The bus takes no event.
        bus_takes: After so many events the bus takes no more in a review; None for all.
    """

    server: HTTPServer
    settings: Settings
    now: datetime = NOW
    guardduty: GuardDuty = field(init=False)
    refusing: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    bus_refuses: bool = False
    bus_takes: int | None = None
    list_file: bytes = b""
    _taken: list[dict[str, Any]] = field(default_factory=list)
    _detectors: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.guardduty = GuardDuty(now=self._moment, read_object=lambda _account, _bucket, _key: self.list_file)
        self.server.expect_request(re.compile(".*")).respond_with_handler(self._answer)
        # A client takes longer to make than a review to run; a Region remembers what it read, a client nothing.
        self._clients = {
            region: (
                boto3.client("guardduty", region, endpoint_url=self.server.url_for(f"/{region}"), config=_ONCE),
                boto3.client("cloudwatch", region),
            )
            for region in self.settings.regions
        }
        self._events = boto3.client("events", HOME, endpoint_url=self.server.url_for("/bus"), config=_ONCE)
        self._dynamodb = boto3.client("dynamodb", HOME)
        self._dynamodb.create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "Key", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "Key", "KeyType": "HASH"}],
        )

    def deploy(self, deployment: Deployment) -> None:
        """Make the deployment's filters in each of its Regions, as its template does."""
        observing = {entry.name for entry in deployment.egress if entry.mode == "observe"}
        for region in deployment.regions:
            place = AccountRegion(ACCOUNT, region)
            if region not in self._detectors:
                self._detectors[region] = self.guardduty.create_detector(place, {"Enable": True})
            for one in plan_filters(deployment.egress, name_prefix=deployment.name_prefix):
                self.guardduty.create_filter(
                    place,
                    {
                        "DetectorId": self._detectors[region],
                        "Name": one.name,
                        "Description": one.description,
                        "Action": "NOOP" if one.entry in observing else "ARCHIVE",
                        "FindingCriteria": {"Criterion": dict(one.criterion)},
                        "Tags": [{"Key": key, "Value": value} for key, value in one.tags.items()],
                    },
                )

    def trust(self, deployment: Deployment) -> None:
        """Make the trusted list in each Region, of the newer type at home and of the older one elsewhere."""
        compiled = compile_list(deployment.trusted_list)
        assert compiled is not None
        self.list_file = compiled.text.encode()
        for region in deployment.regions:
            self.guardduty.create_list(
                AccountRegion(ACCOUNT, region),
                TRUSTED_ENTITY_SET if region == HOME else IP_SET,
                {
                    "DetectorId": self._detectors[region],
                    "Name": "sandbox-trusted",
                    "Format": "TXT",
                    "Location": "s3://bucket/key.txt",
                    "Activate": True,
                    "ExpectedBucketOwner": ACCOUNT,
                    "Tags": [{"Key": key, "Value": value} for key, value in compiled.tags.items()],
                },
            )

    def remove_filter(self, region: str, name: str) -> None:
        """Delete one filter."""
        self.guardduty.delete_filter(AccountRegion(ACCOUNT, region), self._detectors[region], name)

    def make_filter(self, region: str, name: str, *, action: str) -> None:
        """Make a filter by hand, without any tag."""
        self.guardduty.create_filter(
            AccountRegion(ACCOUNT, region),
            {
                "DetectorId": self._detectors[region],
                "Name": name,
                "Action": action,
                "FindingCriteria": {"Criterion": {"type": {"Equals": ["Recon:EC2/Portscan"]}}},
            },
        )

    def hide(self, event: Mapping[str, Any], *, region: str = HOME, at: datetime | None = None, **members: Any) -> None:
        """Let GuardDuty have archived this finding."""
        detail = dict(event["detail"]) | members
        detail["service"] = {**detail["service"], "archived": True}
        detail["updatedAt"] = (at or self.now).isoformat()
        self.guardduty.keep_finding(AccountRegion(ACCOUNT, region), detail)

    def matched(self, region: str, filter_name: str, *, at: datetime, count: int = 1) -> None:
        """Let a filter have matched, by its metric."""
        _, cloudwatch = self._clients[region]
        cloudwatch.put_metric_data(
            Namespace="AWS/GuardDuty",
            MetricData=[
                {
                    "MetricName": "FindingsMatchedByFilter",
                    "Dimensions": [{"Name": "FilterName", "Value": filter_name}],
                    "Timestamp": at,
                    "Value": count,
                }
            ],
        )

    def _moment(self) -> str:
        return self.now.isoformat()

    def later(self, **delta: float) -> None:
        """Let time pass."""
        self.now += timedelta(**delta)

    def region(self, name: str) -> Region:
        """A Region as a review sees it."""
        guardduty, cloudwatch = self._clients[name]
        return Region(
            name=name,
            guardduty=guardduty,
            cloudwatch=cloudwatch,
            name_prefix=self.settings.name_prefix,
            trusts="TrustedEntitySet" if name in self.settings.trusted_entity_sets else "IPSet",
        )

    def review(self, name: object) -> list[dict[str, Any]]:
        """Run a review; returns the notices it put on the bus."""
        try:
            Review(
                settings=self.settings,
                regions=[self.region(name) for name in self._clients],
                memory=Memory(dynamodb=self._dynamodb, table=TABLE),
                events=self._events,
                now=self.now,
            ).run(name)
        finally:
            self.told, self._taken = self._taken, []
        return self.told

    def _put(self, entries: list[dict[str, Any]]) -> Response:
        """PutEvents: one result for each entry; a refused one does not make the call fail (EventBridge API)."""
        for entry in entries:
            assert entry["EventBusName"] == BUS
            assert (entry["Source"], entry["DetailType"]) == ("detection-stack", "Suppression Notice")
            assert len(json.dumps(entry)) < 256 * 1024
        if self.bus_refuses or len(self._taken) == self.bus_takes:
            results = [{"ErrorCode": "InternalFailure", "ErrorMessage": "no"} for _ in entries]
            return _response(200, {"FailedEntryCount": len(entries), "Entries": results}, "")
        self._taken += [json.loads(entry["Detail"]) for entry in entries]
        return _response(200, {"FailedEntryCount": 0, "Entries": [{"EventId": "1"} for _ in entries]}, "")

    def _answer(self, request: Request) -> Response:
        _, region, *rest = request.path.split("/")
        if region == "bus":
            return self._put(json.loads(request.data)["Entries"])
        self.calls.append((region, "/".join(rest)))
        if code := self.refusing.get(region):
            return _response(403 if code.startswith("AccessDenied") else 429, {"__type": code, "message": "no"}, code)
        answer = self.guardduty.answer(
            AccountRegion(ACCOUNT, region),
            request.method,
            "/" + "/".join(rest),
            request.args.to_dict(),
            json.loads(request.data) if request.data else None,
        )
        return _response(answer.status, answer.body, str(answer.body.get("__type", "")))


def _response(status: int, body: Mapping[str, object], error: str) -> Response:
    headers = {"x-amzn-errortype": error} if error else {}
    return Response(json.dumps(body), status=status, content_type="application/json", headers=headers)
