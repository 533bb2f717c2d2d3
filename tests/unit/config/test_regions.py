"""The table of Regions."""

import json
from pathlib import Path

import cfnlint
import pytest
from aws_cdk.region_info import RegionInfo
from botocore.model import StringShape
from botocore.session import Session

from infra.config import FEATURES, GUARDDUTY_REGIONS, region_facts

PARTITIONS = ("aws", "aws-us-gov", "aws-cn")


@pytest.mark.parametrize("partition", PARTITIONS)
def test_guardduty_is_where_the_endpoint_data_has_it(partition: str) -> None:
    known = set(Session().get_available_regions("guardduty", partition))
    assert {name for name in GUARDDUTY_REGIONS if region_facts(name).partition == partition} == known


@pytest.mark.parametrize("partition", PARTITIONS)
def test_detective_is_where_the_endpoint_data_has_it(partition: str) -> None:
    known = set(Session().get_available_regions("detective", partition))
    ours = {name for name in GUARDDUTY_REGIONS if region_facts(name).partition == partition}
    assert {name for name in ours if region_facts(name).detective} == known & ours


def test_opt_in_agrees_with_the_cdk() -> None:
    for info in RegionInfo.regions:
        if info.name in GUARDDUTY_REGIONS and region_facts(info.name).partition == "aws":
            assert region_facts(info.name).opt_in == info.is_opt_in_region, info.name


def test_partition_agrees_with_the_cdk() -> None:
    for info in RegionInfo.regions:
        if info.name in GUARDDUTY_REGIONS and info.partition:
            assert region_facts(info.name).partition == info.partition, info.name


def test_thirteen_commercial_regions_have_no_detective() -> None:
    commercial = [region_facts(name) for name in GUARDDUTY_REGIONS if region_facts(name).partition == "aws"]
    assert (len(commercial), sum(not facts.detective for facts in commercial)) == (34, 13)


@pytest.mark.parametrize(
    ("region", "missing"),
    [
        pytest.param("eu-west-1", [], id="offers-everything"),
        pytest.param("ap-east-2", ["AI_ANALYST", "RDS_LOGIN_EVENTS"], id="has-no-rds-plan"),
        pytest.param("us-gov-west-1", ["AI_ANALYST", "AI_PROTECTION"], id="outside-the-commercial-partition"),
        pytest.param("cn-north-1", ["AI_ANALYST", "AI_PROTECTION", "RUNTIME_MONITORING"], id="china"),
    ],
)
def test_features_are_those_of_the_region(region: str, missing: list[str]) -> None:
    assert [feature for feature in FEATURES if feature not in region_facts(region).features] == missing


def test_trusted_entity_sets_are_where_cloudformation_has_them() -> None:
    tables = Path(cfnlint.__file__).parent / "data" / "schemas" / "providers"
    for name in GUARDDUTY_REGIONS:
        table = tables / f"{name}.json"
        # cfn-lint has no table of me-south-1, and those of other partitions look like copies of us-east-1.
        if region_facts(name).partition in PARTITIONS and table.exists():
            types = json.loads(table.read_text(encoding="utf-8"))
            assert region_facts(name).trusted_entity_set == ("AWS::GuardDuty::TrustedEntitySet" in types), name
            assert "AWS::GuardDuty::IPSet" in types, name


def test_features_are_those_cloudformation_knows() -> None:
    """All but EKS_RUNTIME_MONITORING, which RUNTIME_MONITORING excludes."""
    shape = Session().get_service_model("guardduty").shape_for("DetectorFeature")
    assert isinstance(shape, StringShape)
    assert {*FEATURES, "EKS_RUNTIME_MONITORING"} == set(shape.enum)


def test_fails_for_a_region_without_guardduty() -> None:
    with pytest.raises(ValueError, match=r"^must be a Region with GuardDuty, got 'moon-1'; the table is of 2026-11$"):
        region_facts("moon-1")
