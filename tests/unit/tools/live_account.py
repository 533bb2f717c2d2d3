"""Accounts in memory behind botocore's own clients: what is asked and answered is held to the service models."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import EndpointConnectionError
from botocore.model import OperationModel
from botocore.validate import validate_parameters

ACCOUNT = "111122223333"
MANAGEMENT = "999988887777"

Answer = Mapping[str, Any]


class RefusedError(Exception):
    """What a service answers instead: a code and its own words."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.text = text


def detector(**changes: Any) -> dict[str, Any]:
    """A detector as GetDetector gives it, with the plans that the sandbox switches on."""
    on = {"S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "EBS_MALWARE_PROTECTION", "RDS_LOGIN_EVENTS", "LAMBDA_NETWORK_LOGS"}
    names = ("AI_ANALYST", "AI_PROTECTION", *sorted(on))
    agents = ("EKS_ADDON_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EC2_AGENT_MANAGEMENT")
    off = [{"Name": agent, "Status": "DISABLED"} for agent in agents]
    features: list[dict[str, Any]] = [
        {"Name": "CLOUD_TRAIL", "Status": "ENABLED"},
        {"Name": "RUNTIME_MONITORING", "Status": "DISABLED", "AdditionalConfiguration": off},
        *({"Name": name, "Status": "ENABLED" if name in on else "DISABLED"} for name in names),
    ]
    return {
        "Status": "ENABLED",
        "ServiceRole": "role",
        "FindingPublishingFrequency": "FIFTEEN_MINUTES",
        "Features": features,
    } | changes


@dataclass(kw_only=True)
class Region:
    """What one Region of the account has; changed by a test before it looks.

    Attributes:
        detectors: GetDetector's answer by id.
        stacks: By name, the status, the physical ids by logical id, and the template.
        selectors: Event selectors of every trail but those in `selectors_of`.
        written: How templates are written: JSON, or YAML where `cdk import` was last.
        refusals: What an operation answers instead, such as `ListGraphs`.
    """

    opt_in: str = "opt-in-not-required"
    bootstrap: str | None = "30"
    detectors: dict[str, dict[str, Any]] = field(default_factory=dict)
    filters: list[str] = field(default_factory=list)
    ip_sets: list[str] = field(default_factory=list)
    entity_sets: list[str] = field(default_factory=list)
    exports: list[dict[str, str]] = field(default_factory=list)
    graphs: list[str] = field(default_factory=list)
    buses: list[str] = field(default_factory=list)
    stacks: dict[str, tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=dict)
    written: Callable[[dict[str, Any]], str] = json.dumps
    secrets: dict[str, dict[str, Any]] = field(default_factory=lambda: {"detection/slack-webhook": {}})
    logging: bool = True
    selectors: dict[str, Any] = field(default_factory=lambda: {"EventSelectors": [{"IncludeManagementEvents": True}]})
    trails: list[str] = field(default_factory=lambda: ["org-trail"])
    trails_from: tuple[str, str] | None = None
    """Region and account that the trails were made in; None for this Region of the account itself."""
    selectors_of: dict[str, dict[str, Any]] = field(default_factory=dict)
    guardduty_administrators: dict[str, str] = field(default_factory=dict)
    detective_administrators: list[str] = field(default_factory=list)
    refusals: dict[str, Exception] = field(default_factory=dict)


class LiveAccount:
    """One account with some Regions, and the organization that it manages.

    Attributes:
        asked: Every operation that was called, with its Region: reading must stay reading.
        actions: The permissions that were needed for it.
        accounts: Those of the organization, as ListAccounts gives them.
        account_tags: Tags of each, by its id.
        parents: The organizational unit that an account or a unit is in; none for the root.
        units: Their names, by id.
    """

    def __init__(self, *names: str, account: str = ACCOUNT) -> None:
        self.account = account
        self.regions = {name: Region() for name in names}
        self.trusted: set[str] = set()
        self.registered: list[str] = []
        self.feature_set = "ALL"
        self.accounts: list[dict[str, Any]] = []
        self.account_tags: dict[str, dict[str, str]] = {}
        self.parents: dict[str, str] = {}
        self.units: dict[str, str] = {}
        self.asked: list[tuple[str, str]] = []
        self.actions: set[str] = set()

    def client_of(self, service: str, region: str) -> Any:
        """One of botocore's clients; they are slow to make, so that all accounts share them, one after another."""
        with _LOCK:
            if (service, region) not in _CLIENTS:
                _CLIENTS[service, region] = _client(service, region)
            _ANSWERING[service, region] = self
            return _CLIENTS[service, region]

    def answer(self, model: OperationModel, region: str, asked: Mapping[str, Any]) -> tuple[int, Answer]:
        """Status and content of an answer."""
        self.asked.append((region, model.name))
        self.actions.add(_ACTIONS.get(name := f"{model.service_model.service_name}:{model.name}", name))
        try:
            reply = self._answer(region, f"{model.service_model.service_name}:{model.name}", asked)
        except RefusedError as refused:
            return 400, {"Error": {"Code": refused.code, "Message": refused.text}}
        if model.output_shape is not None:
            validate_parameters(reply, model.output_shape)
        return 200, reply

    def _answer(self, name: str, call: str, asked: Mapping[str, Any]) -> Answer:
        region, operation = self.regions[name], call.partition(":")[2]
        if operation in region.refusals:
            raise region.refusals[operation]
        if call == "detective:ListOrganizationAdminAccounts":
            return {"Administrators": [{"AccountId": one} for one in region.detective_administrators]}
        answers: dict[str, Callable[[Region, Mapping[str, Any]], Answer]] = {
            "GetCallerIdentity": lambda _r, _a: {"Account": self.account},
            "DescribeRegions": lambda _r, _a: {
                "Regions": [{"RegionName": one, "OptInStatus": r.opt_in} for one, r in self.regions.items()]
            },
            "DescribeOrganization": lambda _r, _a: {
                "Organization": {"Id": "o-example123", "FeatureSet": self.feature_set}
            },
            "ListAWSServiceAccessForOrganization": lambda _r, _a: {
                "EnabledServicePrincipals": [{"ServicePrincipal": one} for one in sorted(self.trusted)]
            },
            "ListAccounts": lambda _r, a: _page("Accounts", self.accounts, a),
            "ListTagsForResource": lambda _r, a: _page(
                "Tags",
                [{"Key": key, "Value": value} for key, value in self.account_tags.get(a["ResourceId"], {}).items()],
                a,
            ),
            "ListParents": lambda _r, a: {
                "Parents": [{"Id": self.parents.get(a["ChildId"], "r-ab12")} | _type(self.parents.get(a["ChildId"]))]
            },
            "DescribeOrganizationalUnit": lambda _r, a: {
                "OrganizationalUnit": {
                    "Id": a["OrganizationalUnitId"],
                    "Name": self.units[a["OrganizationalUnitId"]],
                }
            },
            "ListDelegatedAdministrators": lambda _r, _a: {
                "DelegatedAdministrators": [{"Id": one} for one in self.registered]
            },
            "GetParameter": _parameter,
            "DescribeStacks": _stack,
            "ListStackResources": _resources,
            "DescribeStackResources": _owner,
            "DescribeEventBus": _bus,
            "GetTemplate": lambda r, a: {"TemplateBody": r.written(r.stacks[a["StackName"]][2])},
            "ListDetectors": lambda r, _a: {"DetectorIds": list(r.detectors)},
            "GetDetector": lambda r, a: r.detectors[a["DetectorId"]],
            "ListIPSets": lambda r, _a: {"IpSetIds": r.ip_sets},
            "ListTrustedEntitySets": lambda r, _a: {"TrustedEntitySetIds": r.entity_sets},
            "ListFilters": lambda r, _a: {"FilterNames": r.filters},
            "ListPublishingDestinations": lambda r, _a: {"Destinations": r.exports},
            "ListGraphs": lambda r, _a: {"GraphList": [{"Arn": arn} for arn in r.graphs]},
            "DescribeSecret": _secret,
            "DescribeTrails": lambda r, _a: {
                "trailList": [_trail(one, *(r.trails_from or (name, self.account))) for one in r.trails]
            },
            "GetTrailStatus": lambda r, _a: {"IsLogging": r.logging},
            "GetEventSelectors": lambda r, a: r.selectors_of.get(a["TrailName"].rpartition("/")[2], r.selectors),
            "ListOrganizationAdminAccounts": lambda r, _a: {
                "AdminAccounts": [
                    {"AdminAccountId": one, "AdminStatus": status} for one, status in r.guardduty_administrators.items()
                ]
            },
        }
        return answers[operation](region, asked)


def _trail(name: str, region: str, account: str) -> dict[str, str]:
    return {"Name": name, "HomeRegion": region, "TrailARN": f"arn:aws:cloudtrail:{region}:{account}:trail/{name}"}


_ACTIONS = {"detective:ListOrganizationAdminAccounts": "detective:ListOrganizationAdminAccount"}
"""Permissions that are not named as their operation (service authorization reference, Detective)."""

_SESSION = boto3.session.Session()
_LOCK = Lock()
_CLIENTS: dict[tuple[str, str], Any] = {}
_ANSWERING: dict[tuple[str, str], LiveAccount] = {}


def _client(service: str, region: str) -> Any:
    client = _SESSION.client(service, region, aws_access_key_id="testing", aws_secret_access_key="testing")  # type: ignore[call-overload]

    def remember(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["asked"] = dict(params)

    def reply(model: OperationModel, context: dict[str, Any], **_: Any) -> tuple[AWSResponse, Answer]:
        status, answer = _ANSWERING[service, region].answer(model, region, context["asked"])
        return AWSResponse("", status, HTTPHeaders(), None), {**answer, "ResponseMetadata": {}}

    client.meta.events.register("provide-client-params.*.*", remember)
    client.meta.events.register("before-call.*.*", reply)
    return client


def unreachable(region: str) -> Exception:
    """No connection to a service there."""
    return EndpointConnectionError(endpoint_url=f"https://guardduty.{region}.amazonaws.com")


def _parameter(region: Region, asked: Mapping[str, Any]) -> Answer:
    if region.bootstrap is None:
        raise RefusedError("ParameterNotFound")
    return {"Parameter": {"Name": asked["Name"], "Value": region.bootstrap}}


def _page(key: str, items: Sequence[Mapping[str, Any]], asked: Mapping[str, Any]) -> Answer:
    """Two at a time."""
    start = int(asked.get("NextToken", 0))
    page: dict[str, Any] = {key: items[start : start + 2]}
    return page | ({"NextToken": str(start + 2)} if start + 2 < len(items) else {})


def _type(parent: str | None) -> dict[str, str]:
    return {"Type": "ORGANIZATIONAL_UNIT" if parent else "ROOT"}


def _bus(region: Region, asked: Mapping[str, Any]) -> Answer:
    if asked["Name"] not in region.buses:
        raise RefusedError("ResourceNotFoundException", f"Event bus {asked['Name']} does not exist.")
    return {"Name": asked["Name"]}


def _stack(region: Region, asked: Mapping[str, Any]) -> Answer:
    name = asked["StackName"]
    if name not in region.stacks:
        raise RefusedError("ValidationError", f"Stack with id {name} does not exist")
    return {
        "Stacks": [{"StackName": name, "CreationTime": "2026-11-23T00:00:00Z", "StackStatus": region.stacks[name][0]}]
    }


def _resources(region: Region, asked: Mapping[str, Any]) -> Answer:
    return {
        "StackResourceSummaries": [
            {
                "LogicalResourceId": logical_id,
                "PhysicalResourceId": physical_id,
                "ResourceType": "AWS::GuardDuty::Filter",
                "LastUpdatedTimestamp": "2026-11-23T00:00:00Z",
                "ResourceStatus": "CREATE_COMPLETE",
            }
            for logical_id, physical_id in region.stacks[asked["StackName"]][1].items()
        ]
    }


def _owner(region: Region, asked: Mapping[str, Any]) -> Answer:
    physical_id = asked["PhysicalResourceId"]
    for name, (_, names, _) in region.stacks.items():
        for logical_id, one in names.items():
            if one == physical_id:
                found = {
                    "StackName": name,
                    "LogicalResourceId": logical_id,
                    "ResourceType": "AWS::GuardDuty::Detector",
                    "Timestamp": "2026-11-23T00:00:00Z",
                    "ResourceStatus": "CREATE_COMPLETE",
                }
                return {"StackResources": [found]}
    raise RefusedError("ValidationError", f"Stack for {physical_id} does not exist")


def _secret(region: Region, asked: Mapping[str, Any]) -> Answer:
    if asked["SecretId"] not in region.secrets:
        raise RefusedError("ResourceNotFoundException")
    return {"Name": asked["SecretId"]} | region.secrets[asked["SecretId"]]
