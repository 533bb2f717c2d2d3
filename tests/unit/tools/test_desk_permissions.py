"""The policies that docs/permissions.md gives to doctor and adopt are what they ask: no less, no more."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deployments import SANDBOX_DATA
from tests.page_policies import actions
from tests.unit.tools.live_account import ACCOUNT, MANAGEMENT, LiveAccount, RefusedError, detector
from tools.adopt.__main__ import main as adopt
from tools.doctor.__main__ import main as doctor

REGIONS = ("eu-west-1", "us-east-1")
TODAY = date(2026, 11, 23)


@pytest.fixture
def live(tmp_path: Path) -> LiveAccount:
    made = LiveAccount(*REGIONS)
    for region in made.regions.values():
        region.detectors["1" * 32] = detector(FindingPublishingFrequency="SIX_HOURS")
    data: dict[str, Any] = json.loads(json.dumps(SANDBOX_DATA, default=str))
    data |= {"account": ACCOUNT, "organization": {"management_account": MANAGEMENT}, "egress": []}
    # A list of either kind.
    data["trusted_list"] = [
        {
            "name": "pentest", "cidrs": ["8.8.8.8"], "owner": "red-team", "reason": "Yearly pentest",
            "expires": date(2027, 6, 30),
        }
    ]  # fmt: skip
    data["region_overrides"] = {"us-east-1": {"trusted_entity_set": False}}
    (tmp_path / "stack.yaml").write_text(yaml.safe_dump(data))
    return made


def test_the_security_account_needs_what_the_policy_allows(live: LiveAccount, tmp_path: Path) -> None:
    template: dict[str, Any] = {"Resources": {}}
    live.regions["eu-west-1"].stacks["sandbox-Detection-eu-west-1"] = ("UPDATE_COMPLETE", {"D": "1" * 32}, template)
    doctor(["stack", "--folder", str(tmp_path), "--write"], client_of=live.client_of, today=TODAY)
    adopt(["stack", "--folder", str(tmp_path), "--to", str(tmp_path / "to")], client_of=live.client_of, today=TODAY)
    assert live.actions == actions("DoctorAndAdopt")


def test_the_management_account_needs_what_the_policy_allows(live: LiveAccount, tmp_path: Path) -> None:
    live.account = MANAGEMENT
    # nothing else is even tried there
    for region in live.regions.values():
        region.refusals |= {"ListDetectors": RefusedError("AccessDeniedException"), "ListGraphs": RefusedError("x")}
    assert doctor(["stack", "--folder", str(tmp_path)], client_of=live.client_of, today=TODAY) == 0
    assert live.actions == actions("DoctorOfTheOrganization")
