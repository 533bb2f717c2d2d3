"""The example of an organization, in every Region with GuardDuty."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from cfnlint.api import lint
from cfnlint.config import ManualArgs

from infra.config import GUARDDUTY_REGIONS, load, region_facts
from tests.synthesis import Template, Templates, synthesize

WITHOUT_A_TABLE = {"me-south-1": "eu-south-1"}
"""Regions that cfn-lint 1.58.0 knows no resource types of, and another with the same services."""

HOME = "eu-west-1"
COMMERCIAL = [name for name in GUARDDUTY_REGIONS if region_facts(name).partition == "aws"]


@pytest.fixture(scope="module")
def organization(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The templates of `config/organization.yaml`, rule packs in force."""
    loaded = load(project / "config" / "organization.yaml", today=date(2026, 11, 23))
    return synthesize(loaded.deployment, outdir=tmp_path_factory.mktemp("organization"))


def mistakes(template: Template, region: str) -> list[str]:
    # W3005: CDK writes DependsOn beside references of its own.
    matches = lint(json.dumps(template), config=ManualArgs(regions=[region], ignore_checks=["W3005"]))
    return [f"{match.rule.id} {match.path}: {match.message}" for match in matches]


def kinds(template: Template) -> Mapping[str, int]:
    types = [resource["Type"] for resource in template["Resources"].values()]
    return {one: types.count(one) for one in sorted(set(types)) if one.startswith("Custom::")}


def test_every_region_is_one_template_beside_three(organization: Templates) -> None:
    assert set(organization) == {
        *(f"org-Detection-{region}" for region in COMMERCIAL),
        "org-Delegation",
        "org-Organization",
        "org-Response",
    }
    assert kinds(organization["org-Delegation"]) == {
        "Custom::DetectiveDelegation": 21,
        "Custom::GuardDutyDelegation": 34,
    }
    assert kinds(organization["org-Organization"]) == {
        "Custom::DetectiveOrganization": 21,
        "Custom::GuardDutyOrganization": 34,
    }


@pytest.mark.parametrize("region", COMMERCIAL)
def test_the_template_of_a_region_is_clean_there(organization: Templates, region: str) -> None:
    assert mistakes(organization[f"org-Detection-{region}"], WITHOUT_A_TABLE.get(region, region)) == []


@pytest.mark.parametrize("name", ["org-Delegation", "org-Organization", "org-Response"])
def test_the_templates_of_the_home_region_are_clean(organization: Templates, name: str) -> None:
    assert mistakes(organization[name], HOME) == []


def test_templates_of_regions_are_small(organization: Templates) -> None:
    sizes = {name: len(json.dumps(one)) for name, one in organization.items() if "-Detection-" in name}
    assert max(sizes.values()) < 51_200, "CloudFormation takes them without an upload"
