"""Where somebody else switches GuardDuty or Detective on, the stack touches neither and uses what was found."""

from pathlib import Path

import pytest

from infra.config import Deployment
from tests.deployments import EVERYTHING_DATA, FOUND, deployment
from tests.synthesis import Template, Templates, functions, only, properties, resources, strings, synthesize
from tests.unit.stacks.test_permissions import statements
from tools.templates.policy_statements import as_list

REGIONS = ("eu-central-1", "eu-south-2", "ap-east-2")
DETECTORS = {region: str(FOUND.regions[region].detector_id) for region in REGIONS}


def owned(**changes: object) -> Deployment:
    return deployment({**EVERYTHING_DATA, **changes}).with_found(FOUND)


@pytest.fixture(scope="module")
def existing(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    made = owned(guardduty={"ownership": "existing"}, detective={"ownership": "existing"})
    return synthesize(made, outdir=tmp_path_factory.mktemp("existing"))


def without_detection(template: Template, *more: str) -> dict[str, Template]:
    """The resources that stay, their references to the detector aside."""
    gone = {"AWS::GuardDuty::Detector", "AWS::Detective::Graph", *more}
    return {id_: one for id_, one in template["Resources"].items() if one["Type"] not in gone}


def test_the_stack_makes_neither_detector_nor_graph(existing: Templates) -> None:
    for template in existing.values():
        assert not resources(template, "AWS::GuardDuty::Detector")
        assert not resources(template, "AWS::Detective::Graph")


def test_the_template_says_where_somebody_elses_graph_is_used(existing: Templates, everything: Templates) -> None:
    """Nothing else in it tells verify that there has to be one."""

    def said(templates: Templates) -> dict[str, object]:
        outputs = {region: templates[f"prod-Detection-{region}"].get("Outputs", {}) for region in REGIONS}
        return {region: one["DetectiveOwnership"] for region, one in outputs.items() if "DetectiveOwnership" in one}

    described = "Somebody else switches Detective on here; its graph is used"
    assert said(existing) == {"eu-central-1": {"Value": "existing", "Description": described}}
    assert said(everything) == {}


@pytest.mark.parametrize("region", REGIONS)
def test_filters_and_trusted_list_name_the_detector_that_was_found(existing: Templates, region: str) -> None:
    template = existing[f"prod-Detection-{region}"]
    users = [
        *properties(template, "AWS::GuardDuty::Filter"),
        *properties(template, "AWS::GuardDuty::TrustedEntitySet"),
        *properties(template, "AWS::GuardDuty::IPSet"),
    ]
    assert len(users) > 3
    assert {user["DetectorId"] for user in users} == {DETECTORS[region]}


@pytest.mark.parametrize("region", REGIONS)
def test_nothing_else_of_a_region_changes(existing: Templates, everything: Templates, region: str) -> None:
    named = ("AWS::GuardDuty::Filter", "AWS::GuardDuty::TrustedEntitySet", "AWS::GuardDuty::IPSet")
    name = f"prod-Detection-{region}"
    assert without_detection(existing[name], *named) == without_detection(everything[name], *named)
    assert set(without_detection(existing[name])) == set(without_detection(everything[name]))


def test_no_id_of_a_live_account_is_in_any_other_stack(existing: Templates) -> None:
    found = {
        (name, region)
        for name, template in existing.items()
        for region, detector in DETECTORS.items()
        if any(detector in text for text in strings(template))
    }
    assert found == {(f"prod-Detection-{region}", region) for region in REGIONS}


def test_one_region_can_be_ours_among_others(tmp_path: Path) -> None:
    templates = synthesize(
        owned(region_overrides={"eu-south-2": {"guardduty_ownership": "existing"}}), outdir=tmp_path, checked=False
    )
    made = {
        region: len(resources(templates[f"prod-Detection-{region}"], "AWS::GuardDuty::Detector")) for region in REGIONS
    }
    assert made == {"eu-central-1": 1, "eu-south-2": 0, "ap-east-2": 1}
    assert only(properties(templates["prod-Detection-ap-east-2"], "AWS::GuardDuty::Detector"))["Features"]


def test_trust_for_malware_scans_is_given_for_plans_of_ours_only(tmp_path: Path) -> None:
    """Somebody else's detector has what plans they chose, and the trust that these need from them."""
    organization = {"management_account": "999988887777", "member_features": []}
    trusted = {}
    for ownership in ("create", "existing"):
        made = owned(guardduty={"ownership": ownership}, organization=organization, investigation={})
        template = synthesize(made, outdir=tmp_path / ownership, checked=False)["prod-Delegation"]
        trusted[ownership] = any("malware-protection.guardduty" in text for text in strings(template))
    assert trusted == {"create": True, "existing": False}


GUARDDUTY, DETECTIVE = "Custom::GuardDutyOrganization", "Custom::DetectiveOrganization"
PLANS = {"MemberFeatures", "OtherFeatures", "Agents", "OtherAgents"}


def enrolment(tmp_path: Path, organization: dict[str, object], **changes: object) -> Template:
    """The Organization stack, as somebody else switches GuardDuty and Detective on, or as `changes` say."""
    theirs: dict[str, object] = {
        "guardduty": {"ownership": "existing"},
        "detective": {"ownership": "existing"},
        "investigation": {},
    }
    made = owned(**theirs | changes, organization={"management_account": "999988887777", **organization})
    return synthesize(made, outdir=tmp_path, checked=False)["prod-Organization"]


def asked(template: Template, type_: str) -> dict[str, Template]:
    return {one["Region"]: one for one in properties(template, type_)}


@pytest.mark.parametrize(
    ("organization", "changes", "guardduty", "detective"),
    [
        pytest.param({"enroll": "none"}, {}, set(), set(), id="both-left-to-others"),
        pytest.param({"enroll": "none", "detective_enroll": "new"}, {}, set(), {"eu-central-1"}, id="detective-alone"),
        pytest.param(
            {"enroll": "new", "detective_enroll": "none", "member_features": []},
            {},
            set(REGIONS),
            set(),
            id="guardduty-alone",
        ),
        pytest.param(
            {"enroll": "none"},
            {"guardduty": {}, "detective": {}},
            set(REGIONS),
            {"eu-central-1"},
            id="ours-and-nobody-enrolled",
        ),
        pytest.param(
            {"enroll": "none"},
            {"region_overrides": {"ap-east-2": {"guardduty_ownership": "create"}}},
            {"ap-east-2"},
            set(),
            id="one-region-ours",
        ),
    ],
)
def test_who_is_enrolled_is_stated_only_where_it_is_ours_or_asked_for(
    tmp_path: Path,
    organization: dict[str, object],
    changes: dict[str, object],
    guardduty: set[str],
    detective: set[str],
) -> None:
    """To state `none` would end what somebody else enrols."""
    template = enrolment(tmp_path, organization, **changes)
    assert (set(asked(template, GUARDDUTY)), set(asked(template, DETECTIVE))) == (guardduty, detective)


def test_plans_of_members_that_are_left_to_others_are_not_stated(tmp_path: Path) -> None:
    one_ours = {"region_overrides": {"ap-east-2": {"guardduty_ownership": "create"}}}
    found = asked(enrolment(tmp_path / "none", {"member_features": []}, **one_ours), GUARDDUTY)
    assert {region: PLANS & set(one) for region, one in found.items()} == {
        "eu-central-1": set(),
        "eu-south-2": set(),
        "ap-east-2": PLANS,
    }
    assert found["ap-east-2"]["MemberFeatures"] == []
    said = asked(enrolment(tmp_path / "one", {"member_features": ["S3_DATA_EVENTS"]}), GUARDDUTY)
    assert {tuple(one["MemberFeatures"]) for one in said.values()} == {("S3_DATA_EVENTS",)}
    assert all("EKS_AUDIT_LOGS" in one["OtherFeatures"] for one in said.values())


def test_what_is_no_longer_enrolled_from_here_can_still_be_removed(tmp_path: Path) -> None:
    """CloudFormation deletes what has left the template after the role has changed."""
    template = enrolment(tmp_path, {"enroll": "none", "remove_on_delete": True})
    assert {
        (str(action), str(statement.get("Condition")))
        for _, statement in statements(template)
        for action in as_list(statement["Action"])
        if str(action).startswith(("guardduty:", "detective:", "organizations:"))
    } == {
        ("organizations:ListAccounts", "None"),
        ("organizations:DescribeOrganization", "None"),
        ("guardduty:ListDetectors", "None"),
        ("guardduty:DescribeOrganizationConfiguration", "None"),
        ("guardduty:UpdateOrganizationConfiguration", "None"),
        ("detective:ListGraphs", "None"),
        ("detective:DescribeOrganizationConfiguration", "None"),
        ("detective:UpdateOrganizationConfiguration", "None"),
    }


def test_messages_lead_to_graphs_that_were_found_only(tmp_path: Path) -> None:
    none = FOUND.model_copy(update={"regions": {}})
    for found, expected in ((FOUND, "eu-central-1"), (none, "")):
        made = deployment(EVERYTHING_DATA | {"detective": {"ownership": "existing"}}).with_found(found)
        response = synthesize(made, outdir=tmp_path / expected, checked=False)["prod-Response"]
        regions = {
            one["Properties"]["Environment"]["Variables"]["DETECTIVE_REGIONS"]
            for one in functions(response, "notifier").values()
        }
        assert regions == {expected}
