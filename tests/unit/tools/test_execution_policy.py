"""What CloudFormation may do is what the templates need: every type of ours, and no other."""

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from importlib.resources import files
from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from infra.config import Deployment, LoadedDeployment
from tests.deployments import EVERYTHING, GOVCLOUD, SANDBOX, SANDBOX_DATA, deployment
from tests.synthesis import Template, Templates
from tools.execution_policy import __main__ as command
from tools.execution_policy.__main__ import main, text
from tools.execution_policy.named import Names, policy_of_names
from tools.execution_policy.needs import needed
from tools.execution_policy.policy import MOST_CHARACTERS, policy
from tools.execution_policy.stack_accounts import MANAGEMENT, SECURITY, STACK_ACCOUNTS, StackAccount
from tools.execution_policy.unused import UNUSED, Unused
from tools.templates.policy_statements import as_list

each_account = pytest.mark.parametrize("account", STACK_ACCOUNTS, ids=lambda account: account.name)


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


def statements(account: StackAccount, effect: str, *, of: Deployment = SANDBOX) -> list[dict[str, Any]]:
    """Of both halves."""
    halves: Any = policy(account), policy_of_names(account, Names.of(of))
    return [one for half in halves for one in half["Statement"] if one["Effect"] == effect]


def covered(statement: dict[str, Any], arn: str) -> bool:
    return any(fnmatchcase(arn, str(pattern)) for pattern in as_list(statement["Resource"]))


def allowed_in(account: StackAccount) -> set[str]:
    every = [one for of in (SANDBOX, EVERYTHING) for one in statements(account, "Allow", of=of)]
    return {str(action) for one in every for action in as_list(one["Action"])}


@each_account
def test_the_types_are_those_of_the_templates(templates: Mapping[str, Templates], account: StackAccount) -> None:
    types = {one["Type"] for template in templates[account.name].values() for one in template["Resources"].values()}
    assert {type_ for type_ in types if not type_.startswith("Custom::")} == set(account.types)


@pytest.mark.parametrize(
    ("account", "type_"),
    [(account, type_) for account in STACK_ACCOUNTS for type_ in account.types],
    ids=lambda one: getattr(one, "name", one),
)
def test_every_type_has_what_its_handlers_need(account: StackAccount, type_: str) -> None:
    handlers = PROVIDER_SCHEMA_MANAGER.get_resource_schema("eu-west-1", type_).schema["handlers"]
    asked = {one for name in set(handlers) - {"list"} for one in handlers[name]["permissions"]}
    left_out = [action for one in UNUSED if one.type == type_ for action in one.actions]
    for action in asked - allowed_in(account):
        assert any(fnmatchcase(action, pattern) for pattern in left_out), action


@each_account
def test_nothing_is_allowed_that_no_type_needs(account: StackAccount) -> None:
    asked = {action for type_ in account.types for action in needed(type_)}
    allowed = allowed_in(account)
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


@each_account
def test_a_role_is_passed_to_the_services_that_take_ours_only(
    templates: Mapping[str, Templates], account: StackAccount
) -> None:
    takers = {
        trust["Principal"]["Service"]
        for role in made(templates[account.name], "AWS::IAM::Role")
        for trust in role["AssumeRolePolicyDocument"]["Statement"]
    }
    (passing,) = (one for one in statements(account, "Allow") if one["Action"] == "iam:PassRole")
    assert set(passing["Condition"]["StringEquals"]["iam:PassedToService"]) == takers


@each_account
def test_the_pipelines_own_roles_and_those_of_bootstrap_cannot_be_changed(account: StackAccount) -> None:
    denied = next(one for one in statements(account, "Deny") if one["Sid"] == "NeverThePipelineItself")
    assert denied["Action"] == "iam:*"
    for role in (
        "arn:aws:iam::111122223333:role/detection-stack-ci/prod-CiAccess-GitHubDeploy",
        f"arn:aws:iam::111122223333:role{EVERYTHING.role_path}detection-stack-ci/prod-CiAccess-GitHubDeploy",
        "arn:aws:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1",
    ):
        assert any(fnmatchcase(role, pattern) for pattern in denied["Resource"]), role
    # A deployment may be called so too.
    for ours in ("prod-Response-NotifierRole", "cdk-guard-Response-NotifierRole"):
        assert not any(fnmatchcase(f"arn:aws:iam::111122223333:role/{ours}", pattern) for pattern in denied["Resource"])


@each_account
def test_each_half_fits_in_one_managed_policy(account: StackAccount) -> None:
    longest = Names(
        partition="aws-us-gov",
        stacks=tuple(letter * 24 for letter in "wxyz"),
        fixed=("a" * 64, "b" * 64),
        machine="m" * 80,
        stack_set="s" * 128,
        path=f"/{'p' * 62}/",
        boundary=f"arn:aws-us-gov:iam::111122223333:policy/{'b' * 128}",
    )
    for half in (policy(account), policy_of_names(account, longest)):
        assert len(json.dumps(half, separators=(",", ":"))) <= MOST_CHARACTERS


@pytest.mark.parametrize(("made_of", "of"), [("sandbox", SANDBOX), ("everything", EVERYTHING), ("govcloud", GOVCLOUD)])
def test_everything_of_ours_that_has_permissions_can_be_made(
    made_of: str, of: Deployment, request: pytest.FixtureRequest
) -> None:
    """A name that CloudFormation chooses begins with the stack's, and may be cut."""
    names, seen = Names.of(of), set()
    for stack, template in request.getfixturevalue(made_of).items():
        if stack.endswith("CiAccess"):
            continue
        for logical, one in template["Resources"].items():
            properties = one.get("Properties", {})
            chosen = f"{stack[:24]}-{logical[:24]}-1A2B3C"
            if one["Type"] == "AWS::IAM::Role":
                path = properties.get("Path", "/")
                arn = f"arn:{names.partition}:iam::111122223333:role{path}{properties.get('RoleName', chosen)}"
                patterns = names.roles
            elif one["Type"] == "AWS::Lambda::Function":
                assert "FunctionName" not in properties
                arn = f"arn:{names.partition}:lambda:eu-west-1:111122223333:function:{chosen}"
                patterns = names.functions
            elif one["Type"] == "AWS::StepFunctions::StateMachine":
                assert properties["StateMachineName"] == names.machine
                continue
            elif one["Type"] == "AWS::CloudFormation::StackSet":
                assert properties["StackSetName"] == names.stack_set
                continue
            else:
                continue
            assert any(fnmatchcase(arn, pattern) for pattern in patterns), arn
            seen.add(one["Type"])
    assert seen == {"AWS::IAM::Role", "AWS::Lambda::Function"}


@each_account
@pytest.mark.parametrize("of", [SANDBOX, EVERYTHING], ids=lambda one: one.name)
def test_nothing_that_has_permissions_is_changed_beyond_our_names(account: StackAccount, of: Deployment) -> None:
    """Neither of strangers, nor of somebody whose names begin as the deployment's do."""
    for arn, changing in (
        ("arn:aws:iam::111122223333:role/OrganizationAccountAccessRole", "iam:"),
        (f"arn:aws:iam::111122223333:role{of.role_path}{of.name}-admin", "iam:"),
        (f"arn:aws:iam::111122223333:role{of.role_path}{of.name_prefix}-admin", "iam:"),
        (f"arn:aws:lambda:eu-west-1:111122223333:function:{of.name}-payments-api", "lambda:Update"),
        (f"arn:aws:lambda:eu-west-1:111122223333:function:{of.name}-payments-api", "lambda:Put"),
        (f"arn:aws:lambda:eu-west-1:111122223333:function:{of.name}-payments-api", "lambda:InvokeFunction"),
        ("arn:aws:states:eu-west-1:111122223333:stateMachine:orders", "states:"),
        ("arn:aws:cloudformation:us-east-1:111122223333:stackset/baseline:0a1b", "cloudformation:UpdateStackSet"),
        ("arn:aws:cloudformation:us-east-1:111122223333:stackset/baseline:0a1b", "cloudformation:CreateStackInstances"),
    ):
        for one in statements(account, "Allow", of=of):
            allowed = [str(action) for action in as_list(one["Action"]) if str(action).startswith(changing)]
            if covered(one, arn):
                assert [action for action in allowed if "EventSourceMapping" not in action] == [], (arn, one)


AUTHORIZATION = json.loads(
    (files("cfnlint") / "data" / "AdditionalSpecs" / "Policies.json").read_text(encoding="utf-8")
)
"""The service authorization reference, as cfn-lint ships it: for each action the types of resources that it takes."""


@each_account
@pytest.mark.parametrize("of", [SANDBOX, EVERYTHING, GOVCLOUD], ids=lambda one: one.name)
def test_what_is_limited_to_a_resource_takes_one(account: StackAccount, of: Deployment) -> None:
    """An action that takes none is refused wherever its statement names one."""
    for one in statements(account, "Allow", of=of):
        for action in map(str, as_list(one["Action"]) if one["Resource"] != "*" else []):
            service, _, name = action.lower().partition(":")
            assert AUTHORIZATION[service]["Actions"][name].get("Resources"), (action, one["Resource"])


def test_without_a_member_role_no_stack_set_is_touched() -> None:
    for of, there in ((SANDBOX, False), (EVERYTHING, True)):
        sids = {one.get("Sid") for one in statements(MANAGEMENT, "Allow", of=of)}
        assert ("OurStackSet" in sids) is there
        allowed = {action for one in statements(MANAGEMENT, "Allow", of=of) for action in as_list(one["Action"])}
        assert ("cloudformation:CreateStackInstances" in allowed) is there


@each_account
@pytest.mark.parametrize(
    ("named", "arn"),
    [
        ("deploy-boundary", "arn:aws:iam::*:policy/deploy-boundary"),
        ("arn:aws:iam::aws:policy/PowerUserAccess", "arn:aws:iam::aws:policy/PowerUserAccess"),
    ],
)
def test_with_a_boundary_nothing_is_given_to_a_role_without_it_and_nobody_takes_it_away(
    account: StackAccount, named: str, arn: str
) -> None:
    bounded = deployment({**SANDBOX_DATA, "permissions_boundary": named})
    giving = {"iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"}
    allowed = [one for one in statements(account, "Allow", of=bounded) if giving & set(as_list(one["Action"]))]
    assert [one.get("Condition") for one in allowed] == [{"ArnLike": {"iam:PermissionsBoundary": arn}}]
    assert set(allowed[0]["Action"]) == giving
    denied = {str(action) for one in statements(account, "Deny", of=bounded) for action in as_list(one["Action"])}
    assert "iam:DeleteRolePermissionsBoundary" in denied
    assert not any(
        "iam:DeleteRolePermissionsBoundary" in as_list(one["Action"])
        for one in statements(account, "Allow", of=bounded)
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


def test_names_that_are_too_long_for_one_policy_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    path = f"/{'p' * 510}/"
    loaded = LoadedDeployment(
        deployment=deployment({**SANDBOX_DATA, "role_path": path}), expired=(), expired_trust=(), warnings=()
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "load", lambda *_args, **_more: loaded)
        assert main(["--names", "sandbox"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)
    assert "characters, and a managed policy takes 6144: shorten role_path, or part it in two" in printed.err


def test_the_half_of_a_deployment_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["management", "--names", "organization"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert {one["Sid"] for one in printed["Statement"]} == {"OurFunctions", "OurRoles", "OurRolesToTheirServices"}
    assert main(["management", "--names=organization"]) == 0
    assert json.loads(capsys.readouterr().out) == printed
    assert main(["--names", "nowhere"]) == 2
    assert "no configuration 'nowhere'; known: " in capsys.readouterr().err


def test_the_files_are_current() -> None:
    assert main(["--check"]) == 0


@each_account
def test_one_of_them_can_be_printed(account: StackAccount, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([account.name]) == 0
    assert capsys.readouterr().out == text(account) == account.file.read_text(encoding="utf-8")
