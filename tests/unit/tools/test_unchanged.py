"""Whether a deployment would find anything to do, without asking for more than to read."""

import json
import shutil
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from tests.deployments import EVERYTHING
from tests.synthesis import synthesize
from tools.unchanged import main

NAME = "prod-Delegation"
ID = f"arn:aws:cloudformation:eu-central-1:999988887777:stack/{NAME}/0a1b2c3d-0000-11ef-8000-0a1b2c3d4e5f"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("everything")
    synthesize(EVERYTHING, outdir=made, checked=False)
    return made


def template(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / f"{NAME}.template.json").read_text(encoding="utf-8"))
    return found


def tags(folder: Path) -> list[dict[str, str]]:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    found = manifest["artifacts"][NAME]["properties"]["tags"]
    assert found
    return [{"Key": key, "Value": value} for key, value in found.items()]


def look(folder: Path, *, body: str, **live: Any) -> int:
    """Of a stack that is live with this template."""
    client = boto3.client("cloudformation", "eu-central-1", aws_access_key_id="test", aws_secret_access_key="test")
    described = {
        "StackName": NAME, "StackId": ID, "StackStatus": "UPDATE_COMPLETE", "CreationTime": "2026-11-23T04:20:00Z",
        "Tags": tags(folder),
    } | live  # fmt: skip
    with Stubber(client) as stub:
        stub.add_response("describe_stacks", {"Stacks": [described]}, {"StackName": NAME})
        stub.add_response("get_template", {"TemplateBody": body}, {"StackName": NAME, "TemplateStage": "Original"})

        def client_of(service: str, region: str) -> Any:
            assert (service, region) == ("cloudformation", "eu-central-1")
            return client

        return main(["--app", str(folder), "--stack", NAME], client_of=client_of)


def test_the_same_template_and_tags_are_unchanged(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reordered = json.dumps(dict(reversed(template(folder).items())))
    assert look(folder, body=reordered, Tags=tags(folder)[::-1]) == 0
    assert capsys.readouterr().out == f"{NAME}: live as it is here\n"


@pytest.mark.parametrize("status", ["UPDATE_ROLLBACK_COMPLETE", "UPDATE_IN_PROGRESS", "REVIEW_IN_PROGRESS"])
def test_what_did_not_end_well_has_to_be_deployed_again(
    folder: Path, status: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert look(folder, body=json.dumps(template(folder)), StackStatus=status) == 1
    assert capsys.readouterr().out == f"{NAME}: is {status}\n"


def test_any_difference_counts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = template(folder)
    next(iter(other["Resources"].values()))["DeletionPolicy"] = "Retain"
    assert look(folder, body=json.dumps(other)) == 1
    assert look(folder, body="Resources:\n  A: !Ref B\n") == 1
    assert look(folder, body=json.dumps(template(folder)), Tags=tags(folder)[1:]) == 1
    said = capsys.readouterr().out
    assert said == f"{NAME}: its template differs\n" * 2 + f"{NAME}: its tags differ\n"


def test_a_stack_of_the_same_name_elsewhere_is_another(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert look(folder, body=json.dumps(template(folder)), StackId=ID.replace("999988887777", "111122223333")) == 1
    assert "is of the account 999988887777, and the credentials are of 111122223333" in capsys.readouterr().out


def test_a_deployment_that_names_no_account_is_that_of_the_credentials(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    manifest = tmp_path / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("aws://999988887777/", "aws://unknown-account/"))
    assert look(tmp_path, body=json.dumps(template(folder))) == 0
    assert capsys.readouterr().out == f"{NAME}: live as it is here\n"


def refused(folder: Path, code: str, message: str) -> int:
    client = boto3.client("cloudformation", "eu-central-1", aws_access_key_id="test", aws_secret_access_key="test")
    with Stubber(client) as stub:
        stub.add_client_error("describe_stacks", code, message)
        return main(["--app", str(folder), "--stack", NAME], client_of=lambda _service, _region: client)


def test_what_is_not_deployed_is_not_unchanged(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(folder, "ValidationError", f"Stack with id {NAME} does not exist") == 1
    assert capsys.readouterr().out == f"{NAME}: is not deployed\n"


def test_whoever_may_not_look_is_told_so_and_nothing_counts_as_unchanged(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(folder, "AccessDenied", "no") == 2
    assert capsys.readouterr().err == (
        "unchanged: not allowed: DescribeStacks: AccessDenied: no; docs/permissions.md has what each step needs\n"
    )


def test_a_cloudformation_that_is_busy_sends_nobody_to_the_credentials(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(folder, "Throttling", "Rate exceeded") == 2
    assert capsys.readouterr().err == (
        "unchanged: AWS did not do it: DescribeStacks: Throttling: Rate exceeded; try again in a few minutes\n"
    )


def test_a_stack_that_is_not_there_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--app", str(folder), "--stack", "prod-Delegate"]) == 2
    assert "unchanged: --stack: no stack 'prod-Delegate'; known: prod-" in capsys.readouterr().err
