"""Taking the stacks away, handing detectors over, switching off: what stays, and what a deployment says afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.deployments import SANDBOX_DATA, deployment
from tests.synthesis import synthesize
from tools.emulator.cdk_cli import CdkCli, CdkError
from tools.emulator.process import Emulator

pytestmark = pytest.mark.e2e

HOME = "eu-west-1"
RESPONSE, DETECTION = "sandbox-Response", f"sandbox-Detection-{HOME}"
FILTER = "sandbox-frankfurt-dc-01"

IN_THE_WAY = "a detector already exists for the current account"
"""Met before the graph, which is made after the detector."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account with the sandbox in it, and nothing of any other test."""

    aws: Emulator
    id: str
    cdk: CdkCli
    assembly: Path

    def client(self, service: str) -> Any:
        return self.aws.any_client(service, HOME, account=self.id)

    def run(self, *arguments: str) -> str:
        return self.cdk.run(*arguments, "--app", str(self.assembly))

    def deploy(self, *stacks: str) -> str:
        return self.run("deploy", *(stacks or ("--all",)), "--exclusively", "--require-approval", "never")

    def protection(self) -> tuple[str, dict[str, Any], str]:
        """The detector, what GuardDuty says of it, and the graph."""
        guardduty = self.client("guardduty")
        (detector,) = guardduty.list_detectors()["DetectorIds"]
        described = guardduty.get_detector(DetectorId=detector)
        stated = {key: described[key] for key in ("Status", "FindingPublishingFrequency", "Features")}
        (graph,) = self.client("detective").list_graphs()["GraphList"]
        return detector, stated, graph["Arn"]

    def filters(self) -> list[str]:
        """The names of all filters."""
        guardduty = self.client("guardduty")
        (detector,) = guardduty.list_detectors()["DetectorIds"]
        names: list[str] = guardduty.list_filters(DetectorId=detector)["FilterNames"]
        return names

    def records(self) -> dict[str, Any]:
        """What the Response stack keeps."""
        logs, tables = self.client("logs"), self.client("dynamodb")
        keys = [one["KeyId"] for one in self.client("kms").list_keys()["Keys"]]
        return {
            "buses": {one["Name"] for one in self.client("events").list_event_buses()["EventBuses"]},
            "archives": [one["ArchiveName"] for one in self.client("events").list_archives()["Archives"]],
            "tables": {name: tables.scan(TableName=name)["Items"] for name in tables.list_tables()["TableNames"]},
            "logs": sorted(one["logGroupName"] for one in logs.describe_log_groups()["logGroups"]),
            "keys": [self.client("kms").describe_key(KeyId=one)["KeyMetadata"]["KeyState"] for one in keys],
        }

    def queues(self) -> list[str]:
        """The names of all queues of the home Region."""
        urls = self.client("sqs").list_queues().get("QueueUrls", [])
        return sorted(url.rpartition("/")[2] for url in urls)


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """One embedded AWS for all accounts of this module."""
    with Emulator(log=tmp_path_factory.mktemp("teardown") / "emulator.log") as aws:
        yield aws


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The templates of the sandbox, in its home Region alone."""
    outdir = tmp_path_factory.mktemp("assembly")
    synthesize(deployment(SANDBOX_DATA | {"regions": [HOME]}), outdir=outdir, checked=False)
    return outdir


NUMBERS = count(600000000001)


@pytest.fixture
def account(emulator: Emulator, assembly: Path, tmp_path: Path) -> Account:
    """An account of its own, with the sandbox deployed and a case in its ledger."""
    id_ = str(next(NUMBERS))
    cdk = CdkCli(
        environment=emulator.environment(account=id_),
        log=tmp_path / "cdk.log",
        outdir=tmp_path / "unused",
        context={},
    )
    cdk.run("bootstrap", f"aws://{id_}/{HOME}", "--app", "")
    made = Account(aws=emulator, id=id_, cdk=cdk, assembly=assembly)
    made.deploy()
    (ledger,) = [one for one in made.client("dynamodb").list_tables()["TableNames"] if "Ledger" in one]
    told = {"Key": {"S": "security-slack/case/1"}, "Expires": {"N": "4102444800"}}
    made.client("dynamodb").put_item(TableName=ledger, Item=told)
    return made


def test_without_the_stacks_protection_and_records_are_as_before(account: Account) -> None:
    protection, records, queues = account.protection(), account.records(), account.queues()
    assert account.filters() == [FILTER]
    account.run("destroy", "--all", "--force")
    assert account.protection() == protection
    assert protection[1]["Status"] == "ENABLED"
    assert account.records() == records
    assert any(items for items in records["tables"].values()), "a case was in the ledger"
    assert records["keys"] == ["Enabled"]
    # What is suppressed comes again, and what waited in a queue is gone: the dead letters are not.
    assert account.filters() == []
    kept = account.queues()
    assert set(kept) < set(queues)
    assert kept
    assert all("DeadLetters" in name or "Undelivered" in name for name in kept)


def test_a_deployment_on_top_of_what_stayed_says_what_is_in_the_way_and_breaks_nothing(account: Account) -> None:
    account.run("destroy", "--all", "--force")
    protection, records = account.protection(), account.records()
    with pytest.raises(CdkError, match="EventBus already exists: sandbox-findings"):
        account.deploy(RESPONSE)
    with pytest.raises(CdkError, match=IN_THE_WAY):
        account.deploy(DETECTION)
    assert (account.protection(), account.records()) == (protection, records)


def test_what_is_switched_off_on_purpose_can_be_deployed_anew(account: Account) -> None:
    """The commands of docs/teardown.md, "Switch protection off"."""
    account.run("destroy", "--all", "--force")
    detector, _, graph = before = account.protection()
    account.client("detective").delete_graph(GraphArn=graph)
    account.client("guardduty").delete_detector(DetectorId=detector)
    events = account.client("events")
    for archive in events.list_archives()["Archives"]:
        events.delete_archive(ArchiveName=archive["ArchiveName"])
    events.delete_event_bus(Name="sandbox-findings")
    account.deploy()
    after = account.protection()
    assert (after[0] != before[0], after[1] == before[1], after[2] != before[2]) == (True, True, True)
    assert account.filters() == [FILTER]


def test_a_detector_and_its_graph_can_be_handed_over(account: Account) -> None:
    protection = account.protection()
    account.run("orphan", "--unstable=orphan", f"{DETECTION}/GuardDuty", f"{DETECTION}/Detective", "--yes")
    left = account.client("cloudformation").describe_stack_resources(StackName=DETECTION)["StackResources"]
    types = {one["ResourceType"] for one in left if one["ResourceStatus"] != "DELETE_COMPLETE"}
    assert not types & {"AWS::GuardDuty::Detector", "AWS::Detective::Graph"}
    assert "AWS::GuardDuty::Filter" in types, "what the stack does with the detector goes on"
    assert account.protection() == protection
    assert account.filters() == [FILTER]
    # The configuration still says that the stack makes them: until it says otherwise nothing may be deployed there.
    with pytest.raises(CdkError, match=IN_THE_WAY):
        account.deploy(DETECTION)
    assert account.protection() == protection
    account.run("destroy", DETECTION, "--exclusively", "--force")
    assert account.protection() == protection
