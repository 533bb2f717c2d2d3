"""A trusted list is deployed by the real CDK CLI, file and all, in both of its forms, and goes with its stack."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.deployments import SANDBOX_DATA, deployment
from tests.e2e.conftest import DeployedStack
from tests.synthesis import synthesize

pytestmark = pytest.mark.e2e

NEWER, OLDER = "eu-west-3", "eu-north-1"
"""Two Regions in which the session has deployed nothing."""

DATA = SANDBOX_DATA | {
    "name": "trusting",
    "home_region": NEWER,
    "regions": [NEWER, OLDER],
    "trusted_list": [
        {
            "name": "scanner",
            "cidrs": ["203.0.113.16/28"],
            "owner": "red-team",
            "reason": "Scans us from outside all day",
            "expires": SANDBOX_DATA["egress"][0]["expires"],
        }
    ],
    "region_overrides": {OLDER: {"trusted_entity_set": False}},
}


def trusted_lists(stack: DeployedStack, region: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Every trusted list of a Region, with its kind."""
    guardduty = stack.aws.client("guardduty", region)
    (detector,) = guardduty.list_detectors()["DetectorIds"]
    entity_sets = guardduty.list_trusted_entity_sets(DetectorId=detector)["TrustedEntitySetIds"]
    ip_sets = guardduty.list_ip_sets(DetectorId=detector)["IpSetIds"]
    return [
        *(
            ("TrustedEntitySet", guardduty.get_trusted_entity_set(DetectorId=detector, TrustedEntitySetId=one))
            for one in entity_sets
        ),
        *(("IPSet", guardduty.get_ip_set(DetectorId=detector, IpSetId=one)) for one in ip_sets),
    ]


def test_a_trusted_list_is_deployed_active_and_goes_with_its_stack(stack: DeployedStack, tmp_path: Path) -> None:
    account = stack.setting.account
    synthesize(deployment(DATA | {"account": account}), outdir=tmp_path, checked=False)
    (file,) = tmp_path.glob("asset.*.txt")
    regions = {NEWER: "TrustedEntitySet", OLDER: "IPSet"}
    stacks = [f"trusting-Detection-{region}" for region in regions]
    app = ("--app", str(tmp_path))

    stack.cdk.run("bootstrap", *(f"aws://{account}/{region}" for region in regions), "--app", "")
    stack.cdk.run("deploy", *stacks, "--exclusively", "--require-approval", "never", *app)
    for region, expected in regions.items():
        ((kind, deployed),) = trusted_lists(stack, region)
        assert (kind, deployed["Status"], deployed["ExpectedBucketOwner"]) == (expected, "ACTIVE", account)
        key = file.name.removeprefix("asset.")
        assert deployed["Location"] == f"s3://cdk-hnb659fds-assets-{account}-{region}/{key}"
        assert deployed["Tags"] == {"expires": "2027-06-30", "owner": "red-team", "trusted-entries": "scanner"}

    stack.cdk.run("destroy", *stacks, "--exclusively", "--force", *app)
    for region in regions:
        assert trusted_lists(stack, region) == [], "the detector stays, and must see again"
