"""What CloudFormation may do is what the templates need: every type of ours, and no other."""

import json
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from tests.deployments import EVERYTHING
from tests.synthesis import Template, Templates
from tools import execution_policy
from tools.policy_statements import as_list


@pytest.fixture(name="templates")
def fixture_templates(sandbox: Templates, everything: Templates, govcloud: Templates) -> Templates:
    """Those that the pipeline deploys; its own roles are a person's to deploy."""
    every = sandbox | everything | govcloud
    return {name: template for name, template in every.items() if not name.endswith("CiAccess")}


def made(templates: Templates, type_: str) -> list[Template]:
    found = [one for template in templates.values() for one in template["Resources"].values() if one["Type"] == type_]
    return [one.get("Properties", {}) for one in found]


def statements(effect: str) -> list[dict[str, Any]]:
    document: Any = execution_policy.policy()
    return [one for one in document["Statement"] if one["Effect"] == effect]


def test_the_types_are_those_of_the_templates(templates: Templates) -> None:
    types = {resource["Type"] for template in templates.values() for resource in template["Resources"].values()}
    known = {*execution_policy.TYPES, *execution_policy.OPT_IN_TYPES}
    assert {type_ for type_ in types if not type_.startswith("Custom::")} == known


def test_what_is_opted_in_is_in_the_page_on_permissions(project: Path) -> None:
    page = (project / "docs" / "permissions.md").read_text(encoding="utf-8")
    for type_ in execution_policy.OPT_IN_TYPES:
        for action in execution_policy.needed(type_) - {"iam:PassRole"}:
            assert action.partition(":")[2] in page, action


@pytest.mark.parametrize("type_", execution_policy.TYPES)
def test_every_type_has_what_its_handlers_need(type_: str) -> None:
    handlers = PROVIDER_SCHEMA_MANAGER.get_resource_schema("eu-west-1", type_).schema["handlers"]
    needed = {one for name in set(handlers) - {"list"} for one in handlers[name]["permissions"]}
    allowed = {action for one in statements("Allow") for action in as_list(one["Action"])}
    left_out = [action for one in execution_policy.UNUSED if one.type == type_ for action in one.actions]
    for action in needed - allowed:
        assert any(fnmatchcase(action, pattern) for pattern in left_out), action


def test_nothing_is_allowed_that_no_type_needs() -> None:
    needed = {action for type_ in execution_policy.TYPES for action in execution_policy.needed(type_)}
    allowed = {action for one in statements("Allow") for action in as_list(one["Action"])}
    assert allowed - needed == {"lambda:InvokeFunction", "ssm:GetParameters", "iam:PassRole"} - needed
    assert not [action for action in allowed if "*" in str(action)]


@pytest.mark.parametrize("unused", execution_policy.UNUSED, ids=lambda one: f"{one.type} {one.properties}")
def test_what_is_left_out_is_for_what_no_template_sets(unused: execution_policy.Unused, templates: Templates) -> None:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("eu-west-1", unused.type).schema
    assert set(unused.properties) <= set(schema["properties"]), "a property that there is"
    for properties in made(templates, unused.type):
        assert not set(unused.properties) & set(properties)
    named = {one for handler in schema["handlers"].values() for one in handler["permissions"]}
    for pattern in unused.actions:
        assert any(fnmatchcase(one, pattern) for one in named), f"{pattern} leaves out nothing"
    assert bool(unused.properties) != bool(unused.reason)


def test_a_role_is_passed_to_the_services_that_take_ours_only(templates: Templates) -> None:
    takers = {
        trust["Principal"]["Service"]
        for role in made(templates, "AWS::IAM::Role")
        for trust in role["AssumeRolePolicyDocument"]["Statement"]
    }
    (passing,) = (one for one in statements("Allow") if one["Action"] == "iam:PassRole")
    assert set(passing["Condition"]["StringEquals"]["iam:PassedToService"]) == takers


def test_the_pipelines_own_roles_and_those_of_bootstrap_cannot_be_changed() -> None:
    (denied,) = statements("Deny")
    assert denied["Action"] == "iam:*"
    for role in (
        "arn:aws:iam::111122223333:role/detection-stack-ci/prod-CiAccess-GitHubDeploy",
        f"arn:aws:iam::111122223333:role{EVERYTHING.role_path}detection-stack-ci/prod-CiAccess-GitHubDeploy",
        "arn:aws:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1",
    ):
        assert any(fnmatchcase(role, pattern) for pattern in denied["Resource"]), role
    ours = "arn:aws:iam::111122223333:role/prod-Response-NotifierRole"
    assert not any(fnmatchcase(ours, pattern) for pattern in denied["Resource"])


def test_it_fits_in_one_managed_policy() -> None:
    size = len(json.dumps(execution_policy.policy(), separators=(",", ":")))
    assert size <= execution_policy.MOST_CHARACTERS


def test_the_file_is_current() -> None:
    assert execution_policy.main(["--check"]) == 0
