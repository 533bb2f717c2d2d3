"""The unmodified app deploys, and what is deployed is what was synthesized."""

import pytest

from tests.e2e.conftest import DeployedStack
from tools.matching.deployed_filters import deployed_filters

pytestmark = pytest.mark.e2e


def test_every_stack_is_complete(stack: DeployedStack) -> None:
    statuses = {
        description["StackName"]: description["StackStatus"]
        for region in stack.setting.deployment.regions
        for description in stack.aws.client("cloudformation", region).describe_stacks()["Stacks"]
        if description["StackName"] != "CDKToolkit"
    }
    name = stack.setting.deployment.name
    assert statuses == {
        f"{name}-Response": "CREATE_COMPLETE",
        **{f"{name}-Detection-{region}": "CREATE_COMPLETE" for region in stack.setting.deployment.regions},
    }


def test_the_deployed_filters_are_the_synthesized_ones(stack: DeployedStack) -> None:
    for region in stack.setting.deployment.regions:
        synthesized = stack.resources(f"{stack.setting.deployment.name}-Detection-{region}", "AWS::GuardDuty::Filter")
        deployed = deployed_filters(stack.aws.client("guardduty", region))
        assert synthesized, f"no filter in the template of {region}"
        assert {(f.name, f.action, f.rank): f.criterion for f in deployed} == {
            (f["Name"], f["Action"], f.get("Rank", 1)): f["FindingCriteria"]["Criterion"] for f in synthesized
        }


def test_the_detector_has_every_feature_as_the_template_states_it(stack: DeployedStack) -> None:
    for region in stack.setting.deployment.regions:
        (template,) = stack.resources(f"{stack.setting.deployment.name}-Detection-{region}", "AWS::GuardDuty::Detector")
        guardduty = stack.aws.client("guardduty", region)
        (detector_id,) = guardduty.list_detectors()["DetectorIds"]
        detector = guardduty.get_detector(DetectorId=detector_id)
        # These three come with every detector and cannot be configured.
        foundational = {"CLOUD_TRAIL", "DNS_LOGS", "FLOW_LOGS"}
        deployed = {f["Name"]: f["Status"] for f in detector["Features"] if f["Name"] not in foundational}
        stated = {feature["Name"]: feature["Status"] for feature in template["Features"]}
        assert deployed.items() >= stated.items()
        # RUNTIME_MONITORING replaces the one that is left out; a plan that nobody states would be on by default.
        assert {name for name in deployed if name not in stated} <= {"EKS_RUNTIME_MONITORING"}
        assert detector["FindingPublishingFrequency"] == template["FindingPublishingFrequency"]


def test_nothing_differs_after_the_deployment(stack: DeployedStack) -> None:
    # The assembly that was deployed: that synthesis repeats itself is for other tests.
    output = stack.cdk.run("diff", "--all", "--fail", "--app", str(stack.templates))
    assert "Number of stacks with differences: 0" in output
