"""What was there before is imported by the real CLI, keeps its identity, and is then deployed over."""

import json
import shlex
from pathlib import Path
from threading import Lock
from typing import Any

import pytest
import yaml

from infra.config import load
from tests.deployments import SANDBOX_DATA, TODAY
from tests.e2e.conftest import DeployedStack
from tests.synthesis import synthesize
from tools.adopt.__main__ import main
from tools.doctor.__main__ import main as doctor

pytestmark = pytest.mark.e2e

NAME, REGION = "adopted", "ca-central-1"
STACK = f"{NAME}-Detection-{REGION}"
BEFORE = {
    "Resources": {
        "D": {
            "Type": "AWS::GuardDuty::Detector",
            "DeletionPolicy": "Retain",
            "Properties": {"Enable": True, "FindingPublishingFrequency": "SIX_HOURS"},
        },
        "G": {"Type": "AWS::Detective::Graph", "DeletionPolicy": "Retain"},
    }
}


class Place:
    """The Region, with a configuration for it."""

    def __init__(self, stack: DeployedStack, folder: Path) -> None:
        self.aws, self.cdk, self.folder = stack.aws, stack.cdk, folder
        self._lock = Lock()
        data = json.loads(json.dumps(SANDBOX_DATA, default=str)) | {
            "name": NAME,
            "account": stack.setting.account,
            "home_region": REGION,
            "regions": [REGION],
            "egress": [],
            "destinations": SANDBOX_DATA["destinations"][:1],
            "routes": [],
        }
        (folder / f"{NAME}.yaml").write_text(yaml.safe_dump(data))

    def client(self, service: str, region: str) -> Any:
        with self._lock:
            return self.aws.any_client(service, region)

    def make_before(self) -> None:
        """Leave a detector and a graph behind, as an older stack does that was deleted."""
        cloudformation = self.client("cloudformation", REGION)
        cloudformation.create_stack(StackName="older", TemplateBody=json.dumps(BEFORE))
        cloudformation.get_waiter("stack_create_complete").wait(StackName="older", WaiterConfig={"Delay": 1})
        cloudformation.delete_stack(StackName="older")
        cloudformation.get_waiter("stack_delete_complete").wait(StackName="older", WaiterConfig={"Delay": 1})

    def detector(self) -> tuple[str, dict[str, Any]]:
        guardduty = self.client("guardduty", REGION)
        (found,) = guardduty.list_detectors()["DetectorIds"]
        return found, guardduty.get_detector(DetectorId=found)

    def resources(self) -> dict[str, str]:
        listed = self.client("cloudformation", REGION).list_stack_resources(StackName=STACK)["StackResourceSummaries"]
        return {one["ResourceType"]: one["PhysicalResourceId"] for one in listed}


def test_what_was_there_is_imported_as_it_is_and_then_deployed_over(
    stack: DeployedStack, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = Place(stack, tmp_path)
    place.make_before()
    before, was = place.detector()
    (graph,) = [one["Arn"] for one in place.client("detective", REGION).list_graphs()["GraphList"]]
    place.cdk.run("bootstrap", f"aws://{stack.setting.account}/{REGION}", "--app", "")

    arguments = [NAME, "--folder", str(tmp_path)]
    assert main([*arguments, "--to", str(tmp_path / "to")], client_of=place.client, today=TODAY) == 0
    printed = capsys.readouterr().out
    (command,) = [line.strip() for line in printed.splitlines() if "npx cdk import" in line]
    place.cdk.run(*shlex.split(command)[2:])

    assert place.resources() == {"AWS::GuardDuty::Detector": before, "AWS::Detective::Graph": graph}
    assert place.detector()[1]["FindingPublishingFrequency"] == was["FindingPublishingFrequency"] == "SIX_HOURS"

    # The CDK CLI sends the template of an import as YAML.
    doctor([*arguments, "--json"], client_of=place.client, today=TODAY)
    told = {one["area"]: one["detail"] for one in json.loads(capsys.readouterr().out)}
    assert "publishing frequency will be set to FIFTEEN_MINUTES (is SIX_HOURS)" in told["detector"]

    synthesize(load(tmp_path / f"{NAME}.yaml", today=TODAY).deployment, outdir=tmp_path / "out", checked=False)
    place.cdk.run("deploy", "--all", "--require-approval", "never", "--app", str(tmp_path / "out"))

    after, now = place.detector()
    assert (after, now["FindingPublishingFrequency"]) == (before, "FIFTEEN_MINUTES")
    assert place.resources().items() >= {"AWS::GuardDuty::Detector": before, "AWS::Detective::Graph": graph}.items()
    assert main([*arguments, "--to", str(tmp_path / "to")], client_of=place.client, today=TODAY) == 0
    assert capsys.readouterr().out.endswith("\nnothing is to import\n")

    doctor([*arguments, "--json"], client_of=place.client, today=TODAY)
    told = {one["area"]: (one["state"], one["detail"]) for one in json.loads(capsys.readouterr().out)}
    assert told["detector"] == ("ok", "already is as configured")
    assert told["graph"] == ("ok", "already is this stack's")
    assert told["bootstrap"][0] == "ok"
