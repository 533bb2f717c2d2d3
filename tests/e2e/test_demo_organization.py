"""`make demo-organization` as a platform team sees it."""

import json
import re
from pathlib import Path

import pytest

from tools.demo.organization import run
from tools.demo.organization.stage import OrganizationStage
from tools.emulator.cdk_cli import CdkError
from tools.waves import Wave

pytestmark = pytest.mark.e2e


def test_an_organization_is_deployed_and_a_change_goes_wave_by_wave(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed: list[tuple[str, str]] = []
    really = OrganizationStage.deploy

    def deploy(self: OrganizationStage, assembly: object, wave: Wave) -> object:
        deployed.append((wave.name, wave.account))
        return really(self, assembly, wave)  # type: ignore[arg-type]

    monkeypatch.setattr(OrganizationStage, "deploy", deploy)
    folder = tmp_path / "demo-organization"
    assert run.main(folder=folder) == 0, capsys.readouterr().out
    said = capsys.readouterr().out
    security, management = "444455556666", "111122223333"
    assert deployed == [
        ("home", security),
        ("canary", security),
        ("rest", security),
        ("delegation", management),
        ("organization", security),
        ("home", security),
        ("canary", security),
        ("rest", security),
    ]
    assert "frankfurt-dc goes from observe to enforce: it now suppresses 16 addresses" in said
    assert "Nothing changes in org-Delegation, org-Organization" in said
    assert "permissions are not enforced while stacks are deployed" in said
    covered, changed, verified, proved = said.rstrip().splitlines()[-4:]
    assert covered == "covered:    2 accounts by 444455556666, GuardDuty in 3 Regions, Detective in 2"
    assert changed.startswith("changed:    frankfurt-dc from observe to enforce, eu-west-1 first, then")
    assert " 0 wrong, 0 unknown" in verified
    # Twice: with the first deployment and with the change; each leg of three Regions.
    assert re.fullmatch(r"proved:     \d+ legs of the way of heartbeats from eu-west-1, .*, to every notifier", proved)
    assert said.count("a heartbeat from") == 8
    stacks = json.loads((folder / "after" / "manifest.json").read_text(encoding="utf-8"))["artifacts"]
    kinds = {name.split("-")[1] for name, one in stacks.items() if one["type"] == "aws:cloudformation:stack"}
    assert kinds == {"Detection", "Response", "Delegation", "Organization"}


def test_a_wave_that_fails_is_the_last_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def deploy(_self: OrganizationStage, _assembly: object, wave: Wave) -> None:
        raise CdkError(f"cdk deploy ended with exit code 1: {wave.name}")

    monkeypatch.setattr(OrganizationStage, "deploy", deploy)
    monkeypatch.setattr(OrganizationStage, "prepare", lambda _self: None)
    assert run.main(folder=tmp_path / "demo-organization") == 1
    said = capsys.readouterr().out
    assert said.rstrip().endswith("cdk deploy ended with exit code 1: home")
    assert "Traceback" not in said
