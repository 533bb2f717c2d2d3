"""CloudFormation would take the templates: cfn-lint looks inside criteria and features, where CDK does not."""

import json

import pytest
from cfnlint.api import lint
from cfnlint.config import ManualArgs

from tests.synthesis import Templates

STACKS = {
    "sandbox-Detection-eu-west-1": "eu-west-1",
    "sandbox-Detection-us-east-1": "us-east-1",
    "sandbox-Response": "eu-west-1",
    "prod-Detection-ap-east-2": "ap-east-2",
    "prod-Detection-eu-central-1": "eu-central-1",
    "prod-Detection-eu-south-2": "eu-south-2",
    "prod-CiAccess": "eu-central-1",
    "prod-Delegation": "eu-central-1",
    "prod-ManagementCiAccess": "eu-central-1",
    "prod-Organization": "eu-central-1",
    "prod-Response": "eu-central-1",
    "gov-Detection-us-gov-west-1": "us-gov-west-1",
    "gov-Response": "us-gov-west-1",
}


@pytest.mark.parametrize(("name", "region"), STACKS.items())
def test_a_template_is_clean(
    sandbox: Templates, everything: Templates, govcloud: Templates, name: str, region: str
) -> None:
    template = json.dumps((sandbox | everything | govcloud)[name])
    # W3005: CDK writes DependsOn beside references of its own.
    matches = lint(template, config=ManualArgs(regions=[region], ignore_checks=["W3005"]))
    assert [f"{match.rule.id} {match.path}: {match.message}" for match in matches] == []


def test_every_template_is_linted(sandbox: Templates, everything: Templates, govcloud: Templates) -> None:
    assert set(STACKS) == {*sandbox, *everything, *govcloud}
