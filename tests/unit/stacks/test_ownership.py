"""Where somebody else switches GuardDuty or Detective on, the stack touches neither and uses what was found."""

from pathlib import Path

import pytest

from infra.config import Deployment
from tests.deployments import EVERYTHING_DATA, FOUND, deployment
from tests.synthesis import Template, Templates, functions, only, properties, resources, strings, synthesize

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
