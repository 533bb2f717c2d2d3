"""What CloudFormation may do is what the templates need: every type of ours, and no other."""

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from infra.config import Deployment
from tests.deployments import EVERYTHING, GOVCLOUD, SANDBOX, SANDBOX_DATA, deployment
from tests.synthesis import Template, Templates
from tools.execution_policy.__main__ import main, text
from tools.execution_policy.named import Names, policy_of_names
from tools.execution_policy.needs import needed
from tools.execution_policy.places import MANAGEMENT, PLACES, SECURITY, Place
from tools.execution_policy.policy import MOST_CHARACTERS, policy
from tools.execution_policy.unused import UNUSED, Unused
from tools.templates.policy_statements import as_list

each_place = pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)


@pytest.fixture(name="templates")
def fixture_templates(sandbox: Templates, everything: Templates, govcloud: Templates) -> Mapping[str, Templates]:
    """Those that the pipeline deploys to each account; its own roles are a person's to deploy."""
    every = {
        name: template for name, template in (sandbox | everything | govcloud).items() if not name.endswith("CiAccess")
    }
    management = {name: template for name, template in every.items() if name.endswith("-Delegation")}
    assert management
    return {
        MANAGEMENT.name: management,
        SECURITY.name: {name: template for name, template in every.items() if name not in management},
    }


def made(templates: Templates, type_: str) -> list[Template]:
    found = [one for template in templates.values() for one in template["Resources"].values() if one["Type"] == type_]
    return [one.get("Properties", {}) for one in found]


def statements(place: Place, effect: str, *, of: Deployment = SANDBOX) -> list[dict[str, Any]]:
    """Of both halves."""
    halves: Any = policy(place), policy_of_names(place, Names.of(of))
    return [one for half in halves for one in half["Statement"] if one["Effect"] == effect]


def covered(statement: dict[str, Any], arn: str) -> bool:
    return any(fnmatchcase(arn, str(pattern)) for pattern in as_list(statement["Resource"]))


def allowed_in(place: Place) -> set[str]:
    return {str(action) for one in statements(place, "Allow") for action in as_list(one["Action"])}


@each_place
def test_the_types_are_those_of_the_templates(templates: Mapping[str, Templates], place: Place) -> None:
    types = {one["Type"] for template in templates[place.name].values() for one in template["Resources"].values()}
    assert {type_ for type_ in types if not type_.startswith("Custom::")} == set(place.types)


@pytest.mark.parametrize(
    ("place", "type_"),
    [(place, type_) for place in PLACES for type_ in place.types],
    ids=lambda one: getattr(one, "name", one),
)
def test_every_type_has_what_its_handlers_need(place: Place, type_: str) -> None:
    handlers = PROVIDER_SCHEMA_MANAGER.get_resource_schema("eu-west-1", type_).schema["handlers"]
    asked = {one for name in set(handlers) - {"list"} for one in handlers[name]["permissions"]}
    left_out = [action for one in UNUSED if one.type == type_ for action in one.actions]
    for action in asked - allowed_in(place):
        assert any(fnmatchcase(action, pattern) for pattern in left_out), action


@each_place
def test_nothing_is_allowed_that_no_type_needs(place: Place) -> None:
    asked = {action for type_ in place.types for action in needed(type_)}
    allowed = allowed_in(place)
    assert allowed - asked == {"lambda:InvokeFunction", "ssm:GetParameters", "iam:PassRole"} - asked
    assert not [action for action in allowed if "*" in action]


def test_the_management_account_lets_it_touch_no_detection() -> None:
    services = {action.partition(":")[0] for action in allowed_in(MANAGEMENT)}
    assert not services & {"detective", "events", "guardduty", "kms", "scheduler", "states"}


@pytest.mark.parametrize("unused", UNUSED, ids=lambda one: f"{one.type} {one.properties}")
def test_what_is_left_out_is_for_what_no_template_sets(unused: Unused, templates: Mapping[str, Templates]) -> None:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("eu-west-1", unused.type).schema
    assert set(unused.properties) <= set(schema["properties"]), "a property that there is"
    for every in templates.values():
        for properties in made(every, unused.type):
            assert not set(unused.properties) & set(properties)
    named = {one for handler in schema["handlers"].values() for one in handler["permissions"]}
    for pattern in unused.actions:
        assert any(fnmatchcase(one, pattern) for one in named), f"{pattern} leaves out nothing"
    assert bool(unused.properties) != bool(unused.reason)


@each_place
def test_a_role_is_passed_to_the_services_that_take_ours_only(templates: Mapping[str, Templates], place: Place) -> None:
    takers = {
        trust["Principal"]["Service"]
        for role in made(templates[place.name], "AWS::IAM::Role")
        for trust in role["AssumeRolePolicyDocument"]["Statement"]
    }
    (passing,) = (one for one in statements(place, "Allow") if one["Action"] == "iam:PassRole")
    assert set(passing["Condition"]["StringEquals"]["iam:PassedToService"]) == takers


@each_place
def test_the_pipelines_own_roles_and_those_of_bootstrap_cannot_be_changed(place: Place) -> None:
    denied = next(one for one in statements(place, "Deny") if one["Sid"] == "NeverThePipelineItself")
    assert denied["Action"] == "iam:*"
    for role in (
        "arn:aws:iam::111122223333:role/detection-stack-ci/prod-CiAccess-GitHubDeploy",
        f"arn:aws:iam::111122223333:role{EVERYTHING.role_path}detection-stack-ci/prod-CiAccess-GitHubDeploy",
        "arn:aws:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1",
    ):
        assert any(fnmatchcase(role, pattern) for pattern in denied["Resource"]), role
    ours = "arn:aws:iam::111122223333:role/prod-Response-NotifierRole"
    assert not any(fnmatchcase(ours, pattern) for pattern in denied["Resource"])


@each_place
def test_each_half_fits_in_one_managed_policy(place: Place) -> None:
    longest = Names(
        partition="aws-us-gov",
        beginnings=("x" * 24, "y" * 29),
        path=f"/{'z' * 510}/",
        boundary=f"arn:aws-us-gov:iam::111122223333:policy/{'b' * 640}",
    )
    for half in (policy(place), policy_of_names(place, longest)):
        assert len(json.dumps(half, separators=(",", ":"))) <= MOST_CHARACTERS


@pytest.mark.parametrize(
    ("made_of", "of"),
    [("sandbox", SANDBOX), ("everything", EVERYTHING), ("govcloud", GOVCLOUD)],
)
def test_every_role_and_function_of_ours_can_be_made_and_nobody_elses_can_be_touched(
    made_of: str, of: Deployment, request: pytest.FixtureRequest
) -> None:
    """A name that CloudFormation chooses begins with the stack's, and may be cut."""
    names, seen = Names.of(of), set()
    for stack, template in request.getfixturevalue(made_of).items():
        if stack.endswith("CiAccess"):
            continue
        for logical, one in template["Resources"].items():
            properties = one.get("Properties", {})
            if one["Type"] == "AWS::IAM::Role":
                name = properties.get("RoleName", f"{stack[:24]}-{logical[:24]}-1A2B3C")
                arn = f"arn:{names.partition}:iam::111122223333:role{properties.get('Path', '/')}{name}"
                assert any(fnmatchcase(arn, pattern) for pattern in names.roles), arn
                seen.add("role")
            elif one["Type"] == "AWS::Lambda::Function":
                assert "FunctionName" not in properties
                arn = f"arn:{names.partition}:lambda:eu-west-1:111122223333:function:{stack[:24]}-{logical[:24]}-1A2B"
                assert any(fnmatchcase(arn, pattern) for pattern in names.functions), arn
                seen.add("function")
    assert seen == {"role", "function"}
    for foreign in ("OrganizationAccountAccessRole", "admin", "other-stack-Role"):
        assert not any(fnmatchcase(f"arn:aws:iam::111122223333:role/{foreign}", pattern) for pattern in names.roles)


@each_place
def test_nothing_that_changes_a_role_or_a_function_is_allowed_beyond_our_names(place: Place) -> None:
    foreign_role = "arn:aws:iam::111122223333:role/OrganizationAccountAccessRole"
    foreign_function = "arn:aws:lambda:eu-west-1:111122223333:function:billing"
    for one in statements(place, "Allow"):
        actions = set(map(str, as_list(one["Action"])))
        if covered(one, foreign_role):
            assert not {action for action in actions if action.startswith("iam:")}
        if covered(one, foreign_function):
            assert not {"lambda:AddPermission", "lambda:UpdateFunctionCode", "lambda:InvokeFunction"} & actions


@each_place
@pytest.mark.parametrize(
    ("named", "arn"),
    [
        ("deploy-boundary", "arn:aws:iam::*:policy/deploy-boundary"),
        ("arn:aws:iam::aws:policy/PowerUserAccess", "arn:aws:iam::aws:policy/PowerUserAccess"),
    ],
)
def test_with_a_boundary_nothing_is_given_to_a_role_without_it_and_nobody_takes_it_away(
    place: Place, named: str, arn: str
) -> None:
    bounded = deployment({**SANDBOX_DATA, "permissions_boundary": named})
    giving = {"iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"}
    allowed = [one for one in statements(place, "Allow", of=bounded) if giving & set(as_list(one["Action"]))]
    assert [one.get("Condition") for one in allowed] == [{"ArnLike": {"iam:PermissionsBoundary": arn}}]
    assert set(allowed[0]["Action"]) == giving
    denied = {str(action) for one in statements(place, "Deny", of=bounded) for action in as_list(one["Action"])}
    assert "iam:DeleteRolePermissionsBoundary" in denied
    assert not any(
        "iam:DeleteRolePermissionsBoundary" in as_list(one["Action"]) for one in statements(place, "Allow", of=bounded)
    )


def test_where_a_list_is_an_ip_set_guardduty_may_let_itself_read_it() -> None:
    path = "aws-service-role/guardduty.amazonaws.com"
    role = f"arn:aws-us-gov:iam::111122223333:role/{path}/AWSServiceRoleForAmazonGuardDuty"
    giving = [
        one
        for one in statements(SECURITY, "Allow", of=GOVCLOUD)
        if covered(one, role) and "iam:PutRolePolicy" in as_list(one["Action"])
    ]
    assert [one["Action"] for one in giving] == [["iam:DeleteRolePolicy", "iam:PutRolePolicy"]]
    assert not any(
        one["Sid"] == "GuardDutyReadsTheTrustedList" for one in statements(SECURITY, "Allow") if "Sid" in one
    )


def test_the_half_of_a_deployment_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["management", "--names", "organization"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert {one["Sid"] for one in printed["Statement"]} == {"OurFunctions", "OurRoles", "OurRolesToTheirServices"}
    assert main(["--names", "nowhere"]) == 2
    assert "known: organization, sandbox" in capsys.readouterr().err


def test_the_files_are_current() -> None:
    assert main(["--check"]) == 0


@each_place
def test_one_of_them_can_be_printed(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([place.name]) == 0
    assert capsys.readouterr().out == text(place) == place.file.read_text(encoding="utf-8")
