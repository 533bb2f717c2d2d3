"""Delegation and Organization: in which account, in which order, with which permissions."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from tests.deployments import EVERYTHING_DATA, deployment
from tests.synthesis import Template, Templates, only, properties, resources, synthesize
from tests.unit.stacks.test_permissions import statements
from tools.templates.policy_statements import as_list

DELEGATION, ORGANIZATION = "prod-Delegation", "prod-Organization"
TYPES = {
    DELEGATION: ("Custom::GuardDutyDelegation", "Custom::DetectiveDelegation"),
    ORGANIZATION: ("Custom::GuardDutyOrganization", "Custom::DetectiveOrganization"),
}


def changed(tmp_path: Path, *, organization: dict[str, Any] | None = None, **other: Any) -> Templates:
    """The deployment that uses every key, with a few of them changed."""
    data = {**copy.deepcopy(EVERYTHING_DATA), **other}
    data["organization"].update(organization or {})
    return synthesize(deployment(data), outdir=tmp_path, checked=False)


def in_regions(template: Template, type_: str) -> dict[str, Template]:
    """The properties of the custom resources of a type, by Region, in the order of the template."""
    return {one["Region"]: one for one in properties(template, type_)}


def actions(template: Template) -> set[str]:
    return {str(action) for _, statement in statements(template) for action in as_list(statement["Action"])}


def conditions(template: Template, action: str) -> list[object]:
    return [one.get("Condition") for _, one in statements(template) if action in as_list(one["Action"])]


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    outdir = tmp_path_factory.mktemp("manifest")
    synthesize(deployment(EVERYTHING_DATA), outdir=outdir, checked=False)
    found: dict[str, Any] = json.loads((outdir / "manifest.json").read_text(encoding="utf-8"))["artifacts"]
    return found


def test_delegation_is_in_the_management_account_and_besides_only_who_may_deploy_it(manifest: dict[str, Any]) -> None:
    where = {
        name: artifact["environment"]
        for name, artifact in manifest.items()
        if artifact["type"] == "aws:cloudformation:stack"
    }
    assert {name for name, place in where.items() if place != f"aws://111122223333/{place.split('/')[-1]}"} == {
        DELEGATION,
        "prod-ManagementCiAccess",
    }
    assert where[DELEGATION] == "aws://999988887777/eu-central-1"
    assert where[ORGANIZATION] == "aws://111122223333/eu-central-1"


def test_detection_is_deployed_before_delegation_and_that_before_enrolment(manifest: dict[str, Any]) -> None:
    """The other way round GuardDuty makes a detector of its own, and CloudFormation cannot make one any more."""
    detections = {name for name in manifest if name.startswith("prod-Detection-") and "assets" not in name}
    assert len(detections) == 3
    assert detections <= set(manifest[DELEGATION]["dependencies"])
    assert DELEGATION in manifest[ORGANIZATION]["dependencies"]
    for detection in detections:
        assert not {DELEGATION, ORGANIZATION} & set(manifest[detection]["dependencies"])


def test_one_resource_for_each_region_and_service(everything: Templates) -> None:
    for name, (guardduty, detective) in TYPES.items():
        assert list(in_regions(everything[name], guardduty)) == ["eu-central-1", "eu-south-2", "ap-east-2"]
        assert list(in_regions(everything[name], detective)) == ["eu-central-1"], "the others have no Detective"


def test_the_home_region_comes_first_and_the_others_a_few_at_a_time(tmp_path: Path) -> None:
    regions = [
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
        "eu-west-1",
        "eu-west-2",
        "eu-central-1",
        "sa-east-1",
    ]
    templates = changed(tmp_path, regions=regions, region_overrides={})
    for name, types in TYPES.items():
        for type_ in types:
            made = resources(templates[name], type_)
            region = {id_: one["Properties"]["Region"] for id_, one in made.items()}
            before = {
                region[id_]: [region[one] for one in made[id_].get("DependsOn", []) if one in made] for id_ in made
            }
            assert before == {
                "eu-central-1": [],
                "us-east-1": ["eu-central-1"],
                "us-east-2": ["eu-central-1"],
                "us-west-1": ["eu-central-1"],
                "us-west-2": ["eu-central-1"],
                "eu-west-1": ["us-east-1"],
                "eu-west-2": ["us-east-2"],
                "sa-east-1": ["us-west-1"],
            }


def test_the_security_account_is_appointed(everything: Templates) -> None:
    for type_ in TYPES[DELEGATION]:
        for one in in_regions(everything[DELEGATION], type_).values():
            assert (one["Administrator"], one["RemoveOnDelete"]) == ("111122223333", "false")


def test_every_plan_of_the_region_is_stated(everything: Templates) -> None:
    found = in_regions(everything[ORGANIZATION], "Custom::GuardDutyOrganization")
    on = {"S3_DATA_EVENTS", "RUNTIME_MONITORING"}
    off = {"AI_PROTECTION", "EBS_MALWARE_PROTECTION", "EKS_AUDIT_LOGS", "LAMBDA_NETWORK_LOGS"}
    assert {region: (set(one["MemberFeatures"]), set(one["OtherFeatures"])) for region, one in found.items()} == {
        "eu-central-1": (on, {*off, "RDS_LOGIN_EVENTS"}),
        "eu-south-2": (on, {*off, "RDS_LOGIN_EVENTS"} - {"AI_PROTECTION"}),
        "ap-east-2": (on, off),
    }
    for one in found.values():
        assert one["Agents"] == ["ECS_FARGATE_AGENT_MANAGEMENT", "EC2_AGENT_MANAGEMENT"]
        assert one["OtherAgents"] == ["EKS_ADDON_MANAGEMENT"]


def test_enrolment_is_as_configured_for_each_service(everything: Templates) -> None:
    template = everything[ORGANIZATION]
    assert {one["Enroll"] for one in properties(template, "Custom::GuardDutyOrganization")} == {"all"}
    assert only(properties(template, "Custom::DetectiveOrganization"))["Enroll"] == "new"


def test_an_opt_in_region_is_said_to_be_one(everything: Templates) -> None:
    found = in_regions(everything[ORGANIZATION], "Custom::GuardDutyOrganization")
    assert {region: one.get("OptIn") for region, one in found.items()} == {
        "eu-central-1": None,
        "eu-south-2": "true",
        "ap-east-2": "true",
    }


def test_who_is_left_out_is_told_in_every_organization(tmp_path: Path) -> None:
    def alarms(**changes: Any) -> set[str]:
        template = changed(tmp_path / str(len(changes)), region_overrides={}, **changes)[ORGANIZATION]
        return {str(one["MetricName"]) for one in properties(template, "AWS::CloudWatch::Alarm")} & {left_out, silent}

    left_out, silent = "LeftOutAccounts", "SilentAccounts"
    nowhere = {"detective": {"enabled": False}, "organization": {"detective_enroll": None}}
    assert alarms(regions=["eu-central-1"]) == {left_out, silent}
    assert alarms(regions=["eu-central-1", "ap-east-2"], **nowhere) == {left_out}
    assert alarms(regions=["eu-central-1"], **nowhere, watch={"enabled": False}) == {left_out}


def test_only_who_has_volumes_scanned_may_make_and_see_the_role_for_it(everything: Templates, tmp_path: Path) -> None:
    def seen(template: Template) -> set[tuple[str, str]]:
        return {
            (str(action), json.dumps(statement["Resource"]))
            for _, statement in statements(template)
            for action in as_list(statement["Action"])
            if str(action).startswith("iam:")
        }

    assert seen(everything[ORGANIZATION]) == set()
    features = {"features": ["EBS_MALWARE_PROTECTION"]}
    scanning = changed(tmp_path, guardduty=features, organization={"member_features": None}, investigation={})
    found = seen(scanning[ORGANIZATION])
    assert {action for action, _ in found} == {"iam:CreateServiceLinkedRole", "iam:GetRole"}
    for _, role in found:
        assert "/malware-protection.guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDutyMalwareProtection" in role
    (limits,) = conditions(scanning[ORGANIZATION], "iam:CreateServiceLinkedRole")
    assert limits == {"StringEquals": {"iam:AWSServiceName": "malware-protection.guardduty.amazonaws.com"}}


def test_other_tags_have_automatic_enrolment_looked_at_again(everything: Templates, tmp_path: Path) -> None:
    """CloudFormation updates the graph, and may state its default with the tags."""
    was = only(properties(everything[ORGANIZATION], "Custom::DetectiveOrganization"))["GraphTags"]
    now = changed(tmp_path, tags={"team": "detection"})[ORGANIZATION]
    assert only(properties(now, "Custom::DetectiveOrganization"))["GraphTags"] != was


def test_nothing_may_be_removed_unless_the_configuration_says_so(everything: Templates, tmp_path: Path) -> None:
    removing = changed(tmp_path, organization={"remove_on_delete": True})
    assert actions(removing[DELEGATION]) - actions(everything[DELEGATION]) == {
        "guardduty:DisableOrganizationAdminAccount"
    }
    assert actions(removing[ORGANIZATION]) == actions(everything[ORGANIZATION])
    # A Region that is taken out is no longer in the conditions when its resource goes.
    assert None in conditions(removing[DELEGATION], "guardduty:DisableOrganizationAdminAccount")
    assert None in conditions(removing[ORGANIZATION], "guardduty:UpdateOrganizationConfiguration")
    for template, types in ((removing[name], types) for name, types in TYPES.items()):
        assert {one["RemoveOnDelete"] for type_ in types for one in properties(template, type_)} == {"true"}


def test_no_function_may_delete_a_graph_a_detector_or_a_member(everything: Templates, tmp_path: Path) -> None:
    """To remove Detective's administrator deletes the graph (botocore detective 1.44.5)."""
    for templates in (everything, changed(tmp_path, organization={"remove_on_delete": True})):
        for name in TYPES:
            forbidden = ("Delete", "Disassociate", "detective:Disable", "StopMonitoring")
            assert not [one for one in actions(templates[name]) if any(word in one for word in forbidden)]


@pytest.mark.parametrize(
    ("guardduty", "trusted"),
    [
        pytest.param(["EBS_MALWARE_PROTECTION"], True, id="scans-volumes"),
        pytest.param(["S3_DATA_EVENTS"], False, id="scans-none"),
    ],
)
def test_malware_protection_is_trusted_only_where_it_is_used(
    tmp_path: Path, guardduty: list[str], *, trusted: bool
) -> None:
    templates = changed(
        tmp_path, guardduty={"features": guardduty}, organization={"member_features": None}, investigation={}
    )
    template = templates[DELEGATION]
    asked = {one["MalwareProtection"] for one in properties(template, "Custom::GuardDutyDelegation")}
    assert asked == {str(trusted).lower()}
    (limits,) = conditions(template, "organizations:EnableAWSServiceAccess")
    assert ("malware-protection.guardduty.amazonaws.com" in str(limits)) == trusted


def test_without_detective_nothing_speaks_of_it(tmp_path: Path) -> None:
    templates = changed(tmp_path, detective={"enabled": False}, organization={"detective_enroll": None})
    for name in TYPES:
        text = json.dumps({key: value for key, value in templates[name]["Resources"].items() if "Detective" in key})
        assert text == "{}"
        assert not [action for action in actions(templates[name]) if action.startswith("detective:")]


def test_without_an_organization_there_is_neither_stack(sandbox: Templates) -> None:
    assert not [name for name in sandbox if "Delegation" in name or "Organization" in name]


def test_a_region_more_is_one_word_and_one_small_template(tmp_path: Path) -> None:
    one = changed(tmp_path / "1", regions=["eu-central-1", "eu-west-1"], region_overrides={})
    two = changed(tmp_path / "2", regions=["eu-central-1", "eu-west-1", "us-east-1"], region_overrides={})
    assert set(two) - set(one) == {"prod-Detection-us-east-1"}
    for name, types in TYPES.items():
        before, after = one[name]["Resources"], two[name]["Resources"]
        new = {id_: resource["Type"] for id_, resource in after.items() if id_ not in before}
        assert sorted(new.values()) == sorted(types)
        # Nothing that was there changes but the Regions that the role may work in.
        assert {after[id_]["Type"] for id_ in before if after[id_] != before[id_]} == {"AWS::IAM::Policy"}
    assert one["prod-Detection-eu-west-1"] == two["prod-Detection-eu-west-1"]
    assert len(json.dumps(two["prod-Detection-us-east-1"])) < 51_200, "a template that needs no upload"
    assert "AWS::Lambda::Function" not in {one["Type"] for one in two["prod-Detection-us-east-1"]["Resources"].values()}
