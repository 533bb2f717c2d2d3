"""What `cdk import` is given: only what is there already, as it is, under the logical ids of the real stacks."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from tests.deployments import SANDBOX_DATA
from tests.synthesis import Template, Templates, read_templates, resources
from tests.unit.tools.live_account import ACCOUNT, LiveAccount, RefusedError, detector
from tools.adopt.__main__ import main
from tools.adopt.template import IDENTIFIER

HOME, OTHER = "eu-west-1", "us-east-1"
ID = {HOME: "12abc34d567e8fa901bc2d34e56789f0", OTHER: "0f98765e43d2cb109af8e765d43cba21"}
GRAPH = f"arn:aws:detective:{HOME}:{ACCOUNT}:graph:{'0a1b2c3d' * 4}"
STACK = {region: f"sandbox-Detection-{region}" for region in ID}

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def live() -> LiveAccount:
    """GuardDuty in both Regions, not as we would configure it, and Detective in one."""
    made = LiveAccount(HOME, OTHER)
    made.regions[HOME].detectors[ID[HOME]] = detector(FindingPublishingFrequency="SIX_HOURS")
    made.regions[HOME].graphs = [GRAPH]
    made.regions[OTHER].detectors[ID[OTHER]] = detector(
        Features=[{"Name": "S3_DATA_EVENTS", "Status": "DISABLED"}, {"Name": "FLOW_LOGS", "Status": "ENABLED"}]
    )
    return made


@pytest.fixture
def run(live: LiveAccount, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(**changes: Any) -> tuple[int, str, str]:
        data = json.loads(json.dumps(SANDBOX_DATA | {"account": ACCOUNT} | changes, default=str))
        data["egress"] = []
        (tmp_path / "stack.yaml").write_text(yaml.safe_dump(data))
        code = main(
            ["stack", "--folder", str(tmp_path), "--to", str(tmp_path / "to")],
            client_of=live.client_of,
            today=date(2026, 11, 23),
        )
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def mapping(tmp_path: Path, region: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads((tmp_path / "to" / f"{STACK[region]}.json").read_text())
    return found


def imported(tmp_path: Path, region: str) -> Template:
    return read_templates(tmp_path / "to" / "assembly")[STACK[region]]


def test_the_import_holds_detector_and_graph_alone_and_keeps_them(run: Run, tmp_path: Path) -> None:
    assert run()[0] == 0
    for region, types in (
        (HOME, ["AWS::Detective::Graph", "AWS::GuardDuty::Detector"]),
        (OTHER, ["AWS::GuardDuty::Detector"]),
    ):
        found = imported(tmp_path, region)["Resources"].values()
        assert sorted(one["Type"] for one in found) == types
        for one in found:
            # As the constructs of the Detection stack say it: nothing else may change while something is imported.
            retained = {"AWS::Detective::Graph": "Retain", "AWS::GuardDuty::Detector": "RetainExceptOnCreate"}
            assert one["DeletionPolicy"] == retained[one["Type"]]
            assert one["UpdateReplacePolicy"] == "Retain"


def test_the_mapping_names_the_logical_ids_of_the_detection_stacks(
    run: Run, tmp_path: Path, sandbox: Templates
) -> None:
    run()
    for region in (HOME, OTHER):
        real = {id_: one["Type"] for id_, one in sandbox[STACK[region]]["Resources"].items()}
        found = mapping(tmp_path, region)
        assert found.keys() == imported(tmp_path, region)["Resources"].keys()
        for logical_id, identifier in found.items():
            assert list(identifier) == [IDENTIFIER[real[logical_id]]]
    (detector_,) = resources(sandbox[STACK[HOME]], "AWS::GuardDuty::Detector")
    (graph,) = resources(sandbox[STACK[HOME]], "AWS::Detective::Graph")
    assert mapping(tmp_path, HOME) == {graph: {"Arn": GRAPH}, detector_: {"Id": ID[HOME]}}


def test_what_the_deployment_after_the_import_changes_is_said_before_it(run: Run, live: LiveAccount) -> None:
    _, out, _ = run()
    said = " ".join(out.replace("│", " ").split())
    assert "with the deployment after that: publishing frequency will be set to FIFTEEN_MINUTES (is SIX_HOURS)" in said
    assert "S3_DATA_EVENTS will be set to ENABLED (is DISABLED)" in said
    live.regions[HOME].detectors[ID[HOME]] = detector()
    live.regions[OTHER].detectors[ID[OTHER]] = detector()
    assert "with the deployment after that: nothing of it changes" in " ".join(run()[1].split())


@pytest.mark.parametrize("type_", IDENTIFIER)
def test_identifiers_are_those_of_the_cloudformation_schemas(type_: str) -> None:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(HOME, type_).schema
    assert schema["primaryIdentifier"] == [f"/properties/{IDENTIFIER[type_]}"]


def test_a_detector_is_imported_as_it_is_so_that_the_deployment_sets_what_differs(
    run: Run, live: LiveAccount, tmp_path: Path
) -> None:
    live.regions[OTHER].detectors[ID[OTHER]]["Status"] = "DISABLED"
    run()
    (home,) = resources(imported(tmp_path, HOME), "AWS::GuardDuty::Detector").values()
    assert home["Properties"]["FindingPublishingFrequency"] == "SIX_HOURS"
    assert home["Properties"]["Enable"] is True
    (other,) = resources(imported(tmp_path, OTHER), "AWS::GuardDuty::Detector").values()
    assert other["Properties"] == {
        "Enable": False,
        "FindingPublishingFrequency": "FIFTEEN_MINUTES",
        "Features": [{"Name": "S3_DATA_EVENTS", "Status": "DISABLED"}],
    }


def test_the_commands_begin_with_the_home_region_and_end_with_verify(run: Run, tmp_path: Path) -> None:
    _, out, _ = run(regions=[OTHER, HOME])
    lines = [line.strip() for line in out.partition("1. the first")[2].splitlines() if line.startswith("   ")]
    app = tmp_path / "to" / "assembly"
    assert lines == [
        f"npx cdk import {STACK[HOME]} --app {app} --resource-mapping {tmp_path / 'to' / STACK[HOME]}.json",
        f"npx cdk import {STACK[OTHER]} --app {app} --resource-mapping {tmp_path / 'to' / STACK[OTHER]}.json",
        f"npx cdk diff -c config=stack {STACK[HOME]} {STACK[OTHER]}",
        f"npx cdk deploy -c config=stack 'sandbox-Response*' {STACK[HOME]} {STACK[OTHER]}",
        "CONFIG=stack python app.py && python -m tools verify",
    ]


def test_a_stack_that_is_there_keeps_what_it_has(run: Run, live: LiveAccount) -> None:
    live.regions[OTHER].stacks[STACK[OTHER]] = ("UPDATE_COMPLETE", {"F": "sandbox-dc-01"}, {})
    _, out, _ = run()
    forced = [line for line in out.splitlines() if "cdk import" in line and line.endswith("--force")]
    assert [STACK[OTHER] in line for line in forced] == [True]


def test_what_is_ours_already_or_shall_stay_somebody_elses_is_left_alone(
    run: Run, live: LiveAccount, tmp_path: Path
) -> None:
    live.regions[HOME].stacks[STACK[HOME]] = ("UPDATE_COMPLETE", {"D": ID[HOME], "G": GRAPH}, {})
    code, out, _ = run(region_overrides={OTHER: {"guardduty_ownership": "existing"}})
    assert (code, out.endswith("\nnothing is to import\n")) == (0, True)
    assert f"already is in {STACK[HOME]}" in out
    assert "is left alone: ownership is existing" in out
    assert not (tmp_path / "to").exists()


def test_a_region_without_anything_is_left_to_the_deployment(run: Run, live: LiveAccount, tmp_path: Path) -> None:
    live.regions[OTHER].detectors.clear()
    assert run()[0] == 0
    assert sorted(file.name for file in (tmp_path / "to").iterdir()) == ["assembly", f"{STACK[HOME]}.json"]


def test_a_detector_of_another_stack_has_to_be_let_go_first(run: Run, live: LiveAccount, tmp_path: Path) -> None:
    live.regions[OTHER].stacks["older"] = ("UPDATE_COMPLETE", {"D": ID[OTHER]}, {})
    code, out, err = run()
    assert (code, "is in the stack older, and can be in one only" in out) == (1, True)
    assert err == "adopt: nothing is written: mend what is wrong or unknown above, then run it again\n"
    assert not (tmp_path / "to").exists()
    assert out.endswith(
        "\nto mend it, look at each and run:\n"
        f"  aws cloudformation describe-stack-resources --region {OTHER} --stack-name older\n"
    )


def test_a_graph_that_a_failed_first_creation_left_is_imported_once_its_stack_is_gone(
    run: Run, live: LiveAccount, tmp_path: Path
) -> None:
    live.regions[HOME].stacks[STACK[HOME]] = ("ROLLBACK_COMPLETE", {"G": GRAPH}, {})
    code, out, _ = run()
    said = " ".join(out.replace("│", " ").split())
    assert (code, f"is still listed by {STACK[HOME]}, whose creation failed and left it behind" in said) == (1, True)
    assert f"aws cloudformation delete-stack --region {HOME} --stack-name {STACK[HOME]}" in said
    del live.regions[HOME].stacks[STACK[HOME]]
    assert run()[0] == 0
    assert mapping(tmp_path, HOME).keys() >= set(resources(imported(tmp_path, HOME), "AWS::Detective::Graph"))


@pytest.mark.parametrize("operation", ["ListDetectors", "ListGraphs", "DescribeStacks", "GetDetector"])
def test_nothing_is_written_while_a_region_cannot_be_looked_at(
    run: Run, live: LiveAccount, tmp_path: Path, operation: str
) -> None:
    live.regions[OTHER].refusals[operation] = RefusedError("AccessDeniedException", "no")
    code, out, _ = run()
    assert (code, f"could not be looked at: {operation}: AccessDeniedException: no" in out) == (1, True)
    assert not (tmp_path / "to").exists()


def test_the_credentials_of_another_account_stop_everything(run: Run, live: LiveAccount) -> None:
    live.account = "444455556666"
    code, out, err = run()
    assert (code, out) == (2, "")
    assert err.startswith(f"adopt: the credentials are of account 444455556666, must be of {ACCOUNT} (security)")


def test_only_reading_calls_are_made(run: Run, live: LiveAccount) -> None:
    run()
    assert all(name.startswith(("Get", "List", "Describe")) for _, name in live.asked)
