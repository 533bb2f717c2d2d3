"""A pipeline may take the roles of bootstrap, or look; who may take which of its roles is exact."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from infra.config import GUARDDUTY_REGIONS, region_facts
from tests import page_policies
from tests.deployments import EVERYTHING_DATA, deployment
from tests.synthesis import Template, Templates, only, properties, resources, synthesize
from tests.unit.organization.world import World, accounts
from tests.unit.stacks.test_permissions import statements
from tests.unit.tools.test_verify_members import Setting, appointing
from tools.templates.policy_statements import as_list
from tools.verify.delegation import delegation

SECURITY, MANAGEMENT = "prod-CiAccess", "prod-ManagementCiAccess"
REPOSITORY = "repo:example@1234/detection@5678"
ISSUER = "token.actions.githubusercontent.com"
REGIONS = ["ap-east-2", "eu-central-1", "eu-south-2"]

TAKEN = {
    (SECURITY, "GitHubDeploy"): ("111122223333", ["deploy", "file-publishing", "lookup"], REGIONS),
    (SECURITY, "GitHubDiff"): ("111122223333", ["lookup"], REGIONS),
    (MANAGEMENT, "GitHubManagementDeploy"): (
        "999988887777",
        ["deploy", "file-publishing", "lookup"],
        ["eu-central-1"],
    ),
}
"""Which roles of bootstrap each role may take: account, kinds, Regions."""

ENVIRONMENTS = {
    (SECURITY, "GitHubDeploy"): ["environment:live", "environment:live-destructive"],
    (SECURITY, "GitHubDiff"): ["environment:live", "environment:live-destructive", "pull_request"],
    (SECURITY, "GitHubVerify"): ["environment:live", "environment:live-destructive", "environment:watch"],
    (SECURITY, "GitHubProve"): ["environment:live", "environment:live-destructive"],
    (MANAGEMENT, "GitHubManagementDeploy"): ["environment:root"],
    (MANAGEMENT, "GitHubManagementVerify"): ["environment:root", "environment:watch"],
}

NOT_FOR_READING = {"iam:PassRole", "kms:Decrypt"}
"""Named by schemas for reading, and not needed: nothing is handed on, and no stack of ours sets a key there."""


def changed(tmp_path: Path, ci: dict[str, Any], **other: Any) -> Templates:
    """The deployment that uses every key, with a few of them changed."""
    data = {**copy.deepcopy(EVERYTHING_DATA), **other}
    data["ci"].update(ci)
    return synthesize(deployment(data), outdir=tmp_path, checked=False)


def roles(templates: Templates) -> dict[tuple[str, str], Template]:
    return {
        (name, id_[:-8]): role["Properties"]
        for name in (SECURITY, MANAGEMENT)
        for id_, role in resources(templates[name], "AWS::IAM::Role").items()
    }


def of_role(template: Template, role: str) -> list[Template]:
    return [statement for name, statement in statements(template) if name == role]


def test_only_jobs_of_these_environments_take_each_role(everything: Templates) -> None:
    found = {}
    for key, role in roles(everything).items():
        trust = only(role["AssumeRolePolicyDocument"]["Statement"])
        assert trust["Effect"] == "Allow"
        assert trust["Action"] == "sts:AssumeRoleWithWebIdentity"
        # Equal and nothing else: no pattern, no second operator that could be met instead.
        assert set(trust["Condition"]) == {"StringEquals"}
        claims = trust["Condition"]["StringEquals"]
        assert set(claims) == {f"{ISSUER}:aud", f"{ISSUER}:sub"}
        assert claims[f"{ISSUER}:aud"] == "sts.amazonaws.com"
        subjects = [str(one) for one in as_list(claims[f"{ISSUER}:sub"])]
        assert all(one.startswith(f"{REPOSITORY}:") and "*" not in one for one in subjects)
        found[key] = [one.removeprefix(f"{REPOSITORY}:") for one in subjects]
    assert found == ENVIRONMENTS


def test_pull_requests_take_no_role_unless_said(tmp_path: Path) -> None:
    templates = changed(tmp_path, {"pull_requests": False})
    assert "pull_request" not in json.dumps([templates[SECURITY], templates[MANAGEMENT]])


def test_each_role_takes_these_roles_of_bootstrap_and_does_nothing_itself(everything: Templates) -> None:
    for (name, role), (account, kinds, regions) in TAKEN.items():
        statement = only(of_role(everything[name], role))
        assert statement["Effect"] == "Allow"
        assert statement["Action"] == "sts:AssumeRole"
        assert statement["Condition"] == {"StringLike": {"sts:RoleSessionName": "detection-stack-*"}}
        assert sorted(as_list(statement["Resource"]), key=str) == sorted(
            f"arn:aws:iam::{account}:role/cdk-hnb659fds-{kind}-role-{account}-{region}"
            for kind in kinds
            for region in regions
        )


@pytest.mark.parametrize(("name", "role"), [(SECURITY, "GitHubVerify"), (MANAGEMENT, "GitHubManagementVerify")])
def test_who_looks_can_change_nothing(everything: Templates, name: str, role: str) -> None:
    for statement in of_role(everything[name], role):
        for action in map(str, as_list(statement["Action"])):
            # DetectStackDrift begins a comparison; nothing that is deployed changes by it.
            assert re.fullmatch(r"[a-z]+:(BatchDescribe|Describe|Detect|Get|List)[A-Za-z]+", action), action
            assert action not in {"secretsmanager:GetSecretValue", "sqs:ReceiveMessage", "dynamodb:GetItem"}
        services = {str(action).partition(":")[0] for action in as_list(statement["Action"])}
        if "Condition" not in statement and services == {"cloudformation"}:
            # Whether a Region that was taken out has kept its stack; only of this deployment's.
            assert name == SECURITY
            assert statement["Action"] == "cloudformation:DescribeStacks"
            assert str(statement["Resource"]).count(":stack/prod-*/*") == 1
            continue
        if not services <= {"iam", "organizations"}:
            limits = statement["Condition"]["StringEquals"]["aws:RequestedRegion"]
            assert sorted(limits) == REGIONS


def test_who_proves_puts_heartbeats_where_findings_come_from_and_reads_notifiers_logs(everything: Templates) -> None:
    regions = ["eu-central-1", "eu-south-2", "ap-east-2"]
    where = {"StringEquals": {"aws:RequestedRegion": regions}}
    assert of_role(everything[SECURITY], "GitHubProve") == [
        {
            "Effect": "Allow",
            "Action": "events:PutEvents",
            "Resource": [f"arn:aws:events:{region}:111122223333:event-bus/default" for region in sorted(regions)],
            "Condition": {
                "ForAllValues:StringEquals": {
                    "events:source": "detection-stack",
                    "events:detail-type": "Detection Stack Heartbeat",
                },
                "Null": {"events:source": "false", "events:detail-type": "false"},
            },
        },
        {
            "Effect": "Allow",
            "Action": [
                "events:DescribeRule",
                "events:ListTargetsByRule",
                "lambda:ListFunctions",
                "sqs:GetQueueAttributes",
                "sqs:GetQueueUrl",
            ],
            "Resource": "*",
            "Condition": where,
        },
        {
            "Effect": "Allow",
            "Action": "logs:FilterLogEvents",
            "Resource": "arn:aws:logs:*:111122223333:log-group:prod-Response*",
            "Condition": where,
        },
    ]


def test_who_proves_can_make_each_call_of_the_selftest(everything: Templates) -> None:
    """docs/permissions.md names them."""
    assert page_policies.actions("Selftest") == actions(everything[SECURITY], "GitHubProve")


def actions(template: Template, role: str) -> set[str]:
    return {str(action) for one in of_role(template, role) for action in as_list(one["Action"])}


@pytest.mark.parametrize(
    ("account", "name", "role"),
    [("111122223333", SECURITY, "GitHubVerify"), ("999988887777", MANAGEMENT, "GitHubManagementVerify")],
)
def test_drift_can_read_every_resource_of_every_stack_of_the_account(
    everything: Templates, account: str, name: str, role: str
) -> None:
    """`cdk drift` asks with the role itself, and CloudFormation reads every resource with it."""
    management = {MANAGEMENT, "prod-Delegation"}
    for stack, template in everything.items():
        if (stack in management) != (account == "999988887777"):
            continue
        for type_ in {resource["Type"] for resource in template["Resources"].values()}:
            if type_.startswith("Custom::"):
                continue
            handlers = PROVIDER_SCHEMA_MANAGER.get_resource_schema("eu-west-1", type_).schema["handlers"]
            needed = {*handlers.get("read", {}).get("permissions", ())} - NOT_FOR_READING
            # Of a graph it is asked in the security account alone.
            assert needed <= actions(everything[name], role), (stack, type_)


PERMISSIONS = {"detective:ListOrganizationAdminAccounts": "detective:ListOrganizationAdminAccount"}
"""Calls whose permission has another name (service authorization reference)."""


def called(setting: Setting) -> set[str]:
    def permission(service: str, operation: str) -> str:
        name = "".join(part.capitalize() for part in operation.split("_")).replace("Aws", "AWS")
        return PERMISSIONS.get(f"{service}:{name}", f"{service}:{name}")

    return {permission(service, operation) for service, _, operation in setting.world.calls}


def test_verify_can_look_at_members_and_delegation(everything: Templates) -> None:
    setting = Setting(world=World(states=accounts(2)))
    setting.checks()
    asked = called(setting)
    assert len(asked) == 8
    assert asked <= actions(everything[SECURITY], "GitHubVerify")
    setting.world.calls.clear()
    list(delegation(appointing(setting)))
    assert len(called(setting)) == 3
    assert called(setting) <= actions(everything[MANAGEMENT], "GitHubManagementVerify")


def test_verify_can_make_each_of_its_other_calls(everything: Templates) -> None:
    """docs/permissions.md names them, and so does the role."""
    anybody = {"sts:GetCallerIdentity"}
    assert page_policies.actions("Verify") - anybody <= actions(everything[SECURITY], "GitHubVerify")
    assert page_policies.actions("VerifyTheDelegation") <= actions(everything[MANAGEMENT], "GitHubManagementVerify")


def test_without_an_organization_members_are_nobodys_to_read(tmp_path: Path) -> None:
    templates = changed(tmp_path, {"management_oidc_provider_arn": None}, organization=None, investigation={})
    assert MANAGEMENT not in templates
    found = actions(templates[SECURITY], "GitHubVerify")
    assert not [one for one in found if "Member" in one or one.startswith("organizations:List")]
    of_members = {
        "detective:ListMembers",
        "guardduty:DescribeOrganizationConfiguration",
        "guardduty:GetMemberDetectors",
        "guardduty:ListMembers",
        "organizations:ListAccounts",
    }
    assert page_policies.actions("Verify") - found == of_members | {"sts:GetCallerIdentity"}


def test_a_provider_is_made_once_and_outlives_the_stack(everything: Templates, tmp_path: Path) -> None:
    provider = only(list(resources(everything[SECURITY], "AWS::IAM::OIDCProvider").values()))
    assert provider["Properties"] == {"Url": f"https://{ISSUER}", "ClientIdList": ["sts.amazonaws.com"]}
    assert (provider["DeletionPolicy"], provider["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    # The management account has one already, and an account can have no second one.
    assert resources(everything[MANAGEMENT], "AWS::IAM::OIDCProvider") == {}
    arn = f"arn:aws:iam::111122223333:oidc-provider/{ISSUER}"
    template = changed(tmp_path, {"oidc_provider_arn": arn})[SECURITY]
    assert resources(template, "AWS::IAM::OIDCProvider") == {}
    principals = {
        json.dumps(role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"])
        for role in properties(template, "AWS::IAM::Role")
    }
    assert principals == {json.dumps({"Federated": arn})}


def test_a_provider_of_another_host_is_asked_for_its_own_claims(tmp_path: Path) -> None:
    host = "token.actions.example.ghe.com"
    arn = f"arn:aws:iam::111122223333:oidc-provider/{host}"
    for role in properties(changed(tmp_path, {"oidc_provider_arn": arn})[SECURITY], "AWS::IAM::Role"):
        claims = role["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]["StringEquals"]
        assert set(claims) == {f"{host}:aud", f"{host}:sub"}


def test_every_role_is_where_the_policy_for_cloudformation_denies_changes(everything: Templates) -> None:
    assert {role["Path"] for role in roles(everything).values()} == {"/detection/detection-stack-ci/"}


def test_a_person_deploys_it_without_bootstrap(tmp_path: Path) -> None:
    synthesize(deployment(EVERYTHING_DATA), outdir=tmp_path, checked=False)
    artifacts = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["artifacts"]
    for name, account in ((SECURITY, "111122223333"), (MANAGEMENT, "999988887777")):
        assert artifacts[name]["environment"] == f"aws://{account}/eu-central-1"
        assert not {"assumeRoleArn", "cloudFormationExecutionRoleArn"} & set(artifacts[name]["properties"])


def test_the_roles_of_every_region_fit_in_one_policy(tmp_path: Path) -> None:
    """A role holds 10,240 characters of inline policies (IAM user guide, quotas)."""
    regions = [name for name in GUARDDUTY_REGIONS if region_facts(name).partition == "aws"]
    template = changed(tmp_path, {}, regions=regions, region_overrides={})[SECURITY]
    for role in ("GitHubDeploy", "GitHubDiff", "GitHubVerify", "GitHubProve"):
        document = {"Version": "2012-10-17", "Statement": of_role(template, role)}
        for qualifier in ("hnb659fds", "abcdefghij"):
            size = len(json.dumps(document, separators=(",", ":")).replace("hnb659fds", qualifier))
            assert size <= 10_240, (role, qualifier, size)


def test_each_role_is_an_output_for_a_variable_of_the_repository(everything: Templates) -> None:
    outputs = {name for stack in (SECURITY, MANAGEMENT) for name in everything[stack]["Outputs"]}
    assert outputs == {
        "DeployRoleArn",
        "DiffRoleArn",
        "VerifyRoleArn",
        "ProveRoleArn",
        "ManagementDeployRoleArn",
        "ManagementVerifyRoleArn",
    }
