"""A case in a fake AWS: everything that an investigation asks, and its workflow run from start to report."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

from infra.constructs.investigation_definition import definition
from investigation.aws import Service, _Client
from investigation.aws_networks import AwsNetworks
from investigation.history import Reader
from investigation.refused import Refusal
from investigation.settings import Settings
from investigation.subject import execution_name, subject_of
from investigation.worker import Worker
from notifier.brief import Brief
from notifier.briefs import brief_of
from notifier.briefs.surroundings import Surroundings
from notifier.items.event import read
from notifier.items.report import Report
from shared.egress import EgressRange
from tests.findings import ACCOUNT, INTERNET_ADDRESS, REGION, leaked_lambda_credentials
from tests.unit.investigation.fakes import (
    BEGAN,
    Clock,
    FakeAccount,
    FakeCloudTrail,
    FakeDetective,
    FakeEvents,
    FakeGuardDuty,
    FakeIam,
    Modelled,
    call,
)
from tests.unit.investigation.states import Machine

ROLE = "payments-api-role"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/service-role/{ROLE}"
KEY: str = leaked_lambda_credentials()["detail"]["resource"]["accessKeyDetails"]["accessKeyId"]
THIEF = INTERNET_ADDRESS
AWS_ADDRESS = "192.0.2.200"
EGRESS = "192.0.2.7"
LAG = timedelta(minutes=10)

SETTINGS = Settings(
    account=ACCOUNT,
    bus_name="sandbox-findings",
    regions=(REGION, "us-east-1"),
    detective_regions=frozenset({REGION}),
    probe_checks=30,
    guardduty_regions=frozenset(),
    egress=(EgressRange(name="frankfurt-dc", owner="network-ops", networks=(ip_network("192.0.2.0/28"),)),),
    member_role="",
    external_id="",
)


@dataclass
class World:
    """One account with a leaked key.

    Attributes:
        members: Accounts whose role lets us in.
        own: The account that we run in.
    """

    settings: Settings = SETTINGS
    clock: Clock = field(default_factory=Clock)
    event: dict[str, Any] = field(default_factory=leaked_lambda_credentials)
    trails: dict[str, FakeCloudTrail] = field(default_factory=dict)
    iam: FakeIam = field(default_factory=FakeIam)
    events: FakeEvents = field(default_factory=FakeEvents)
    members: set[str] = field(default_factory=set)
    networks: Callable[[], AwsNetworks] = lambda: AwsNetworks.of([ip_network("192.0.2.192/26")])
    machine: Machine | None = None

    def __post_init__(self) -> None:
        self.detective = FakeDetective(self.clock, region=REGION, account=self.settings.account)
        self.guardduty = FakeGuardDuty(self.clock)
        self.account = FakeAccount(self.clock)
        self.iam.roles[ROLE] = {
            "Path": "/service-role/", "RoleName": ROLE, "RoleId": "A" * 16, "Arn": ROLE_ARN, "CreateDate": BEGAN,
        }  # fmt: skip

    def trail(self, region: str) -> FakeCloudTrail:
        """The event history of a Region."""
        return self.trails.setdefault(region, FakeCloudTrail(self.clock))

    def not_enabled(self, *regions: str, state: str = "DISABLED") -> None:
        """Let the account not have enabled Regions; those do not know its credentials."""
        for region in regions:
            self.account.states[region] = state
            self.trail(region).refuses = "UnrecognizedClientException"

    def plant_user(self, name: str, *, path: str = "/") -> None:
        """Let there be an IAM user."""
        arn = f"arn:aws:iam::{self.settings.account}:user{path}{name}"
        self.iam.users[name] = {
            "Path": path, "UserName": name, "UserId": "A" * 16, "Arn": arn, "CreateDate": BEGAN,
        }  # fmt: skip

    def plant(
        self, api: str, *, address: str, minutes: float, region: str = REGION, late: timedelta = LAG, **members: Any
    ) -> None:
        """Let somebody have called, so many minutes before the finding came."""
        at = BEGAN - timedelta(minutes=minutes)
        key = self.event["detail"]["resource"]["accessKeyDetails"]["accessKeyId"]
        self.trail(region).plant(call(api, address=address, at=at, key=key, **members), visible=at + late)

    # -- Accounts, as the worker sees them

    def own(self, service: str, region: str | None = None) -> Service:
        """Ours."""
        fakes: dict[str, object] = {"detective": self.detective, "guardduty": self.guardduty, "events": self.events}
        if service in fakes:
            assert service == "events" or region == REGION
            return _Client(Modelled(service, fakes[service]))
        return self.of(self.settings.account, service, region)

    def of(self, account: str, service: str, region: str | None = None) -> Service:
        """The account's of the finding."""
        if account != self.settings.account and account not in self.members:
            raise Refusal(f"{account} is another account, and investigation.member_role is not configured")
        fakes: dict[str, object] = {"iam": self.iam, "account": self.account}
        return _Client(Modelled(service, fakes.get(service) or self.trail(region or "")))

    # -- The workflow

    def worker(self) -> Worker:
        """The function, as of now."""
        return Worker(
            settings=self.settings,
            accounts=self,
            now=self.clock.now,
            reader=Reader(
                deadline=self.clock.monotonic() + 840,
                clock=self.clock.monotonic,
                sleep=self.clock.sleep,
                jitter=lambda: 1.0,
            ),
            networks=self.networks,
        )

    def investigate(self, *, invoke: Callable[[Any], object] | None = None) -> Brief:
        """Run the workflow of the template for the finding; returns what a person is told by its one report."""
        subject = subject_of(self.event)
        self.machine = Machine(
            definition(
                function_arn="worker",
                history_wait_seconds=900,
                timeout_minutes=self.settings.probe_checks,
                ask_guardduty=bool(self.settings.guardduty_regions),
            ),
            invoke=lambda _arn, given: (invoke or (lambda given: self.worker().run(given)))(given),
            wait=self.clock.sleep,
            at_once=self._at_once,
        )
        name = execution_name(subject, now=self.clock.now, window=timedelta(hours=24))
        try:
            self.machine.run({"subject": subject}, name=name)
        finally:
            (self.entry,) = self.events.taken
        return self.follow_up

    @property
    def follow_up(self) -> Brief:
        """The brief of the report that was put on the bus."""
        event = {
            "source": self.entry["Source"],
            "detail-type": self.entry["DetailType"],
            "account": self.settings.account,
            "region": REGION,
            "detail": json.loads(self.entry["Detail"]),
        }
        (item,) = read(json.dumps(event))
        assert isinstance(item, Report)
        return brief_of(item, Surroundings(deployment="sandbox", detective={REGION}))

    def first_message(self) -> Brief:
        """The brief of the finding itself."""
        (item,) = read(json.dumps(self.event))
        return brief_of(item, Surroundings(deployment="sandbox", detective={REGION}))

    def _at_once(self, branches: list[Callable[[], Any]]) -> list[Any]:
        began, ends, results = self.clock.now, [], []
        for branch in branches:
            self.clock.now = began
            results.append(branch())
            ends.append(self.clock.now)
        self.clock.now = max(ends)
        return results


def busy_case(world: World) -> World:
    """The thief's calls beside the workload's own, of every sort."""
    for minutes in range(60, 0, -3):
        world.plant("dynamodb:DescribeTable", address=AWS_ADDRESS, minutes=minutes, agent="aws-sdk exec-env/AWS_Lambda")
    world.plant("secretsmanager:GetSecretValue", address=EGRESS, minutes=30, requestParameters={"secretId": "pay/db"})
    world.plant("kms:Decrypt", address="secretsmanager.amazonaws.com", minutes=30)
    world.plant(
        "sts:GetCallerIdentity", address="10.0.0.12", minutes=28, vpcEndpointId="vpce-1", vpcEndpointAccountId=ACCOUNT
    )
    world.plant("sts:GetCallerIdentity", address=THIEF, minutes=14, region="us-east-1", agent="aws-cli/2 Kali")
    world.plant("s3:ListBuckets", address=THIEF, minutes=12, agent="aws-cli/2 Kali")
    world.plant("iam:CreateUser", address=THIEF, minutes=8, region="us-east-1", read_only=False, error="AccessDenied")
    world.plant(
        "s3:PutBucketPolicy",
        address=THIEF,
        minutes=6,
        read_only=False,
        requestParameters={"bucketName": "customer-exports"},
    )
    return world


def facts(brief: Brief, title: str) -> dict[str, str]:
    """The lines of one section."""
    (section,) = (one for one in brief.sections if one.title == title)
    return {fact.label: fact.value for fact in section.facts}


def titles(brief: Brief) -> list[str]:
    """The sections, in their order."""
    return [one.title for one in brief.sections]


def settings(**changes: Any) -> Settings:
    """The settings with changes."""
    return replace(SETTINGS, **changes)
