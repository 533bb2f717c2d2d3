"""A scoped entry of a synthesized Region hides the findings in its scope and none beside it."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.deployments import SANDBOX_DATA, deployment
from tests.findings import leaked_instance_credentials, leaked_lambda_credentials, leaked_task_credentials
from tests.synthesis import properties, synthesize
from tools.matching.guardduty_filters import DeployedFilter, UnverifiedFilterError, archiving_filter

ADDRESS = "192.0.2.7"
ACCOUNTS = {"accounts": ["111122223333", "777788889999"]}
FUNCTIONS = {"functions": ["payments-api", "refunds"]}
TAG = {"function_tag": {"key": "team", "value": "payments"}}
VPCS = {"vpc_ids": ["vpc-0a1b2c3d4e5f60718", "vpc-00000001"]}
SCOPES: Mapping[str, dict[str, Any]] = {
    "accounts": ACCOUNTS,
    "functions": FUNCTIONS,
    "tag": TAG,
    "vpcs": VPCS,
    "all": {**ACCOUNTS, **FUNCTIONS, **TAG, **VPCS},
}


@pytest.fixture(scope="module")
def filters(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Sequence[DeployedFilter]]:
    """The filters that a Region gets for each scope."""
    return {name: synthesized(scope, tmp_path_factory.mktemp(name)) for name, scope in SCOPES.items()}


def synthesized(scope: dict[str, Any], outdir: Path) -> list[DeployedFilter]:
    entry = {
        "name": "shared",
        "cidrs": ["192.0.2.0/25"],
        "owner": "network-ops",
        "reason": "Gateway of several teams",
        "scope": scope,
        "expires": date(2027, 6, 30),
    }
    data = SANDBOX_DATA | {"regions": ["eu-west-1"], "egress": [entry]}
    template = synthesize(deployment(data), outdir=outdir, checked=False)["sandbox-Detection-eu-west-1"]
    return [
        DeployedFilter(name=one["Name"], action=one["Action"], rank=1, criterion=one["FindingCriteria"]["Criterion"])
        for one in properties(template, "AWS::GuardDuty::Filter")
    ]


def finding(*, address: str = ADDRESS, account: str = "111122223333", **function: Any) -> dict[str, Any]:
    """Credentials of payments-api, a function with the tag and in the VPC of the scopes; or as changed."""
    detail: dict[str, Any] = leaked_lambda_credentials(address=address, account=account)["detail"]
    detail["resource"]["lambdaDetails"] |= function
    return detail


def hidden_by(filters: Mapping[str, Sequence[DeployedFilter]], detail: Mapping[str, object]) -> set[str]:
    return {name for name, deployed in filters.items() if archiving_filter(detail, deployed).archived}


EVERY = set(SCOPES)


@pytest.mark.parametrize(
    ("detail", "hidden"),
    [
        pytest.param(finding(), EVERY, id="in-every-scope"),
        pytest.param(finding(account="777788889999", functionName="refunds"), EVERY, id="another-value-of-the-scope"),
        pytest.param(finding(account="444455556666"), EVERY - {"accounts", "all"}, id="another-account"),
        pytest.param(finding(functionName="payments-api-2"), EVERY - {"functions", "all"}, id="another-function"),
        pytest.param(finding(functionName="Payments-Api"), EVERY - {"functions", "all"}, id="another-case"),
        pytest.param(finding(vpcConfig={"vpcId": "vpc-00000002"}), EVERY - {"vpcs", "all"}, id="another-vpc"),
        pytest.param(finding(vpcConfig=None), EVERY - {"vpcs", "all"}, id="no-vpc"),
        pytest.param(
            finding(tags=[{"key": "team", "value": "shop"}]), EVERY - {"tag", "all"}, id="another-value-of-the-tag"
        ),
        pytest.param(
            finding(tags=[{"key": "owner", "value": "payments"}]), EVERY - {"tag", "all"}, id="another-key-of-the-tag"
        ),
        pytest.param(finding(tags=[]), EVERY - {"tag", "all"}, id="no-tag"),
        pytest.param(
            finding(tags=[{"key": "stage", "value": "prod"}, {"key": "team", "value": "payments"}]),
            EVERY,
            id="the-tag-among-others",
        ),
        pytest.param(finding(address="192.0.2.128"), set(), id="another-address"),
        pytest.param(finding() | {"type": "Recon:IAMUser/TorIPCaller"}, set(), id="another-type"),
        pytest.param(finding() | {"resource": {"resourceType": "AccessKey"}}, {"accounts"}, id="no-function-named"),
        pytest.param(leaked_task_credentials(address=ADDRESS)["detail"], {"accounts"}, id="a-task"),
        pytest.param(leaked_instance_credentials(address=ADDRESS)["detail"], {"accounts"}, id="an-instance"),
    ],
)
def test_a_finding_is_hidden_exactly_if_it_fits_every_key_of_the_scope(
    filters: Mapping[str, Sequence[DeployedFilter]], detail: dict[str, Any], hidden: set[str]
) -> None:
    assert hidden_by(filters, detail) == hidden


def test_why_there_is_one_tag_only_and_its_value_should_be_of_its_own(
    filters: Mapping[str, Sequence[DeployedFilter]],
) -> None:
    """The key in one tag and the value in another: what docs/configuration.md warns of, and nobody can promise."""
    detail = finding(tags=[{"key": "team", "value": "shop"}, {"key": "owner", "value": "payments"}])
    with pytest.raises(UnverifiedFilterError, match=r"one and the same element of resource\.lambdaDetails\.tags"):
        hidden_by(filters, detail)


def test_a_scope_costs_no_filter(filters: Mapping[str, Sequence[DeployedFilter]]) -> None:
    assert {len(deployed) for deployed in filters.values()} == {2}
