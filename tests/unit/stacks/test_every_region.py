"""The example of an organization, in every Region with GuardDuty."""

import json
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from cfnlint.api import lint
from cfnlint.config import ManualArgs
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from infra.config import GUARDDUTY_REGIONS, load, region_facts
from tests.synthesis import Template, Templates, functions, properties, synthesize

WITHOUT_A_TABLE = {"me-south-1": "eu-south-1"}
"""Regions that cfn-lint 1.58.0 knows no resource types of, and another with the same services."""

HOME = "eu-west-1"
COMMERCIAL = [name for name in GUARDDUTY_REGIONS if region_facts(name).partition == "aws"]


@pytest.fixture(scope="module")
def organization(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The templates of `config/organization.yaml`, rule packs in force."""
    loaded = load(project / "config" / "organization.yaml", today=date(2026, 11, 23))
    return synthesize(loaded.deployment, outdir=tmp_path_factory.mktemp("organization"))


def of_regions(project: Path, outdir: Path, *regions: str) -> Templates:
    """The example in some Regions."""
    outdir.mkdir()
    file = outdir / "some.yaml"
    text = (project / "config" / "organization.yaml").read_text(encoding="utf-8")
    assert text.count("\nregions: all\n") == 1
    file.write_text(text.replace("\nregions: all\n", f"\nregions: [{', '.join(regions)}]\n"), encoding="utf-8")
    return synthesize(load(file, today=date(2026, 11, 23)).deployment, outdir=outdir / "out", checked=False)


def variant(project: Path, outdir: Path, *, home: str) -> Templates:
    """The example in another partition, in all its Regions."""
    file = outdir / "variant.yaml"
    text = (project / "config" / "organization.yaml").read_text(encoding="utf-8")
    assert text.count("home_region: eu-west-1\n") == 1
    file.write_text(text.replace("home_region: eu-west-1\n", f"home_region: {home}\nhub: regional\n"), encoding="utf-8")
    return synthesize(load(file, today=date(2026, 11, 23)).deployment, outdir=outdir / "out")


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


def schemas(template: Template, region: str) -> str:
    """What cfn-lint knows in a Region of the types of a template."""
    types = sorted({resource["Type"] for resource in template["Resources"].values()})
    known = [PROVIDER_SCHEMA_MANAGER.get_resource_schema(region, one).schema for one in types]
    return json.dumps(known, sort_keys=True)


def alike(organization: Templates) -> dict[tuple[str, str], list[str]]:
    """The Regions whose templates differ by their name alone, and that cfn-lint would judge alike."""
    groups: dict[tuple[str, str], list[str]] = {}
    for region in COMMERCIAL:
        template = organization[f"org-Detection-{region}"]
        text = json.dumps(template, sort_keys=True).replace(region, "<Region>")
        groups.setdefault((text, schemas(template, WITHOUT_A_TABLE.get(region, region))), []).append(region)
    return groups


def test_the_template_of_every_region_is_clean_there(organization: Templates) -> None:
    """One Region of those that are alike; each with EVERY_REGION (`make every-region`), which takes a minute."""
    groups = alike(organization)
    assert sorted(region for regions in groups.values() for region in regions) == sorted(COMMERCIAL)
    chosen = COMMERCIAL if "EVERY_REGION" in os.environ else [regions[0] for regions in groups.values()]
    assert len(chosen) >= 4, "the home Region, one with Detective, one without, one without a plan"
    found = {
        region: mistakes(organization[f"org-Detection-{region}"], WITHOUT_A_TABLE.get(region, region))
        for region in chosen
    }
    assert {region: wrong for region, wrong in found.items() if wrong} == {}


def test_functions_leave_json_lines_to_lambda(organization: Templates) -> None:
    for template in organization.values():
        for function in properties(template, "AWS::Lambda::Function"):
            assert function["LoggingConfig"]["LogFormat"] == "JSON"
            assert function["LoggingConfig"]["ApplicationLogLevel"] == "INFO"
            assert function["Architectures"] == ["arm64"]
            assert "LOG_LINES" not in function.get("Environment", {}).get("Variables", {})


@pytest.mark.parametrize("name", ["org-Delegation", "org-Organization", "org-Response"])
def test_the_templates_of_the_home_region_are_clean(organization: Templates, name: str) -> None:
    assert mistakes(organization[name], HOME) == []


@pytest.mark.parametrize(
    ("home", "other", "graphs", "suffix"),
    [
        pytest.param("us-gov-west-1", "us-gov-east-1", 1, "amazonaws.com", id="govcloud"),
        pytest.param("cn-north-1", "cn-northwest-1", 0, "amazonaws.com.cn", id="china"),
    ],
)
def test_where_events_stay_in_their_region_each_has_a_hub(
    project: Path, tmp_path: Path, home: str, other: str, graphs: int, suffix: str
) -> None:
    templates = variant(project, tmp_path, home=home)
    responses = {home: "org-Response", other: f"org-Response-{other}"}
    where = {name: region for region, name in responses.items()}
    where |= {f"org-Detection-{region}": region for region in (home, other)}
    where |= {"org-Delegation": home, "org-Organization": home}
    assert set(templates) == set(where)
    for region in (home, other):
        detection = templates[f"org-Detection-{region}"]
        for rule in properties(detection, "AWS::Events::Rule"):
            assert f":events:{region}:" in str(rule["Targets"]), "never to another Region"
        assert len(properties(detection, "AWS::Detective::Graph")) == graphs
        (review,) = functions(templates[responses[region]], "suppression_review").values()
        assert review["Properties"]["Environment"]["Variables"]["REGIONS"] == region
        for stack in (responses[region], "org-Delegation", "org-Organization"):
            for function in properties(templates[stack], "AWS::Lambda::Function"):
                assert set(function["LoggingConfig"]) == {"LogGroup"}, "no JSON log format outside partition aws"
                assert function["Environment"]["Variables"]["LOG_LINES"] == "JSON"
                assert function["Architectures"] == ["x86_64"]
        (key,) = properties(templates[responses[region]], "AWS::KMS::Key")
        assert key["KeyPolicy"]["Statement"][-1]["Principal"] == {"Service": f"logs.{region}.{suffix}"}
    assert [mistakes(templates[name], region) for name, region in where.items()] == [[]] * len(where)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["artifacts"]
    for region in (home, other):
        needed = {one for one in manifest[f"org-Detection-{region}"]["dependencies"] if "Response" in one}
        assert {one for one in needed if not one.endswith(".assets")} == {responses[region]}


def test_templates_of_regions_are_small(organization: Templates) -> None:
    sizes = {name: len(json.dumps(one)) for name, one in organization.items() if "-Detection-" in name}
    assert max(sizes.values()) < 51_200, "CloudFormation takes them without an upload"


def test_a_region_more_is_one_word_and_one_small_template(project: Path, tmp_path: Path) -> None:
    two = of_regions(project, tmp_path / "two", HOME, "us-east-1")
    three = of_regions(project, tmp_path / "three", HOME, "us-east-1", "eu-south-2")
    assert set(three) - set(two) == {"org-Detection-eu-south-2"}
    differing = {name for name in two if two[name] != three[name]}
    assert differing == {"org-Delegation", "org-Organization", "org-Response"}
    touched = {
        (name, one["Type"])
        for name in differing
        for id_, one in three[name]["Resources"].items()
        if two[name]["Resources"].get(id_) != one
    }
    assert touched == {
        ("org-Delegation", "AWS::IAM::Policy"),
        ("org-Delegation", "Custom::GuardDutyDelegation"),
        ("org-Organization", "AWS::IAM::Policy"),
        ("org-Organization", "Custom::GuardDutyOrganization"),
        # The heartbeat of the Region.
        ("org-Response", "AWS::CloudWatch::Alarm"),
        ("org-Response", "AWS::CloudWatch::Dashboard"),
        ("org-Response", "AWS::IAM::Policy"),
        ("org-Response", "AWS::Lambda::Function"),
    }
