"""Investigations read, and do nothing else: in this account, in members, and by what starts them."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.deployments import EVERYTHING_DATA, SANDBOX_DATA, deployment
from tests.synthesis import (
    Template,
    Templates,
    bus_rules,
    finding_rules,
    functions,
    only,
    properties,
    resources,
    synthesize,
)
from tests.unit.stacks.test_permissions import statements
from tools.templates.policy_statements import as_list

READING = ("Get", "List", "Lookup", "Describe")
ASKING = {"detective:StartInvestigation", "guardduty:CreateInvestigation"}
"""What makes a service look; neither changes anything of anybody's."""

OWN_LOG = {"logs:CreateLogStream", "logs:PutLogEvents"}


def allowed(template: Template, role: str) -> dict[str, list[Any]]:
    """The actions of a role, each with the statements that allow it."""
    found: dict[str, list[Any]] = {}
    for name, statement in statements(template):
        if name == role:
            for action in as_list(statement["Action"]):
                found.setdefault(str(action), []).append(statement)
    return found


@pytest.mark.parametrize("name", ["sandbox-Response", "prod-Response"])
def test_everything_that_an_investigation_may_do_is_to_read(
    sandbox: Templates, everything: Templates, name: str
) -> None:
    template = (sandbox | everything)[name]
    may = allowed(template, "InvestigationWorkerRole")
    others = {one for one in may if not one.partition(":")[2].startswith(READING)}
    expected = {"detective:StartInvestigation", "events:PutEvents", *OWN_LOG}
    if name == "prod-Response":
        expected |= ASKING | {"sts:AssumeRole"}
    assert others == expected
    (put,) = may["events:PutEvents"]
    (bus,) = resources(template, "AWS::Events::EventBus")
    assert put["Resource"] == {"Fn::GetAtt": [bus, "Arn"]}
    assert put["Condition"] == {
        "ForAllValues:StringEquals": {"events:source": "detection-stack", "events:detail-type": "Investigation Report"},
        "Null": {"events:source": "false", "events:detail-type": "false"},
    }
    for action in ("iam:GetPolicy", "iam:GetPolicyVersion"):
        arns = [one["Fn::Join"][1] for one in only(may[action])["Resource"]]
        begin: list[Any] = ["arn:", {"Ref": "AWS::Partition"}]
        own = [*begin, ":iam::", {"Ref": "AWS::AccountId"}, ":policy/*"]
        assert arns == [own, [*begin, ":iam::aws:policy/*"]]
    assert not [one for one in may if one.endswith("*") or one.startswith("lambda:")]


def test_services_of_a_region_are_asked_in_the_deployments_regions_only(everything: Templates) -> None:
    may = allowed(everything["prod-Response"], "InvestigationWorkerRole")
    for action, its in may.items():
        if action.startswith(("detective:", "guardduty:")):
            for statement in its:
                assert statement["Condition"] == {"StringEquals": {"aws:RequestedRegion": ["eu-central-1"]}}
    (assume,) = may["sts:AssumeRole"]
    assert assume["Condition"] == {"StringEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}}


def test_what_starts_an_investigation_may_do_that_alone(sandbox: Templates) -> None:
    template = sandbox["sandbox-Response"]
    may = allowed(template, "InvestigationStarterRole")
    assert set(may) == {"states:StartExecution", "sqs:SendMessage", *OWN_LOG}
    (machine,) = resources(template, "AWS::StepFunctions::StateMachine")
    assert only(may["states:StartExecution"])["Resource"] == {"Fn::GetAtt": [machine, "Arn"]}
    run = allowed(template, "InvestigationMachineRole")
    assert {one for one in run if not one.startswith("logs:")} == {"lambda:InvokeFunction"}


def member_role(everything: Templates) -> Template:
    stack_set = only(properties(everything["prod-Delegation"], "AWS::CloudFormation::StackSet"))
    template: Template = json.loads(stack_set["TemplateBody"])
    return template


def test_members_let_in_one_role_with_the_external_id_and_to_read_alone(everything: Templates) -> None:
    found = member_role(everything)["Resources"]
    assert set(found) == {"Boundary", "Role"}
    role = found["Role"]["Properties"]
    assert role["AssumeRolePolicyDocument"] == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::111122223333:root"}},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"sts:ExternalId": "3f1c2b7e-8f5d-4a53-9f43-0a1b2c3d4e5f"},
                    "ArnEquals": {
                        "aws:PrincipalArn": [
                            {
                                "Fn::Sub": "arn:${AWS::Partition}:iam::111122223333:role/detection/"
                                "acme-detection-investigation"
                            }
                        ]
                    },
                },
            }
        ],
    }
    assert role["PermissionsBoundary"] == {"Ref": "Boundary"}
    reading = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["cloudtrail:LookupEvents"], "Resource": "*"},
            {
                "Effect": "Allow",
                "Action": ["account:ListRegions"],
                "Resource": {"Fn::Sub": "arn:${AWS::Partition}:account::${AWS::AccountId}:account"},
            },
            {
                "Effect": "Allow",
                "Action": [
                    "iam:GetRole",
                    "iam:GetRolePolicy",
                    "iam:ListAttachedRolePolicies",
                    "iam:ListRolePolicies",
                ],
                "Resource": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"},
            },
            {
                "Effect": "Allow",
                "Action": [
                    "iam:GetUser",
                    "iam:GetUserPolicy",
                    "iam:ListAccessKeys",
                    "iam:ListAttachedUserPolicies",
                    "iam:ListGroupsForUser",
                    "iam:ListUserPolicies",
                ],
                "Resource": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:user/*"},
            },
            {
                "Effect": "Allow",
                "Action": ["iam:GetGroupPolicy", "iam:ListAttachedGroupPolicies", "iam:ListGroupPolicies"],
                "Resource": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:group/*"},
            },
            {
                "Effect": "Allow",
                "Action": ["iam:GetPolicy", "iam:GetPolicyVersion"],
                "Resource": [
                    {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/*"},
                    {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/*"},
                ],
            },
        ],
    }
    assert found["Boundary"]["Properties"]["PolicyDocument"] == reading
    assert [one["PolicyDocument"] for one in role["Policies"]] == [reading]


def test_the_role_that_members_know_is_the_workers(everything: Templates) -> None:
    (worker,) = (
        role
        for role in properties(everything["prod-Response"], "AWS::IAM::Role")
        if role["Description"].startswith("Reads what a leaked key did")
    )
    assert (worker["RoleName"], worker["Path"]) == ("acme-detection-investigation", "/detection/")


def test_the_stack_set_reaches_accounts_that_join_and_needs_no_upload(everything: Templates) -> None:
    stack_set = only(properties(everything["prod-Delegation"], "AWS::CloudFormation::StackSet"))
    assert (stack_set["PermissionModel"], stack_set["CallAs"]) == ("SERVICE_MANAGED", "SELF")
    assert stack_set["AutoDeployment"] == {"Enabled": True, "RetainStacksOnAccountRemoval": False}
    assert stack_set["StackInstancesGroup"] == [
        {"DeploymentTargets": {"OrganizationalUnitIds": ["r-ab12"]}, "Regions": ["eu-central-1"]}
    ]
    assert len(stack_set["TemplateBody"]) < 51_200  # CloudFormation quotas
    assert "cdk-" not in stack_set["TemplateBody"]


def test_without_a_member_role_nobody_elses_account_is_touched(sandbox: Templates) -> None:
    template = sandbox["sandbox-Response"]
    assert "sts:AssumeRole" not in allowed(template, "InvestigationWorkerRole")
    assert not [role for role in properties(template, "AWS::IAM::Role") if "RoleName" in role]


def steps_of(template: Template) -> Template:
    """The definition of the state machine, with a word for each of its references."""
    text = only(properties(template, "AWS::StepFunctions::StateMachine"))["DefinitionString"]
    parsed: Template = json.loads(
        "".join(part if isinstance(part, str) else "reference" for part in text["Fn::Join"][1])
    )
    return parsed


@pytest.mark.parametrize(
    "waits",
    [
        pytest.param({}, id="by-default"),
        pytest.param({"history_wait_minutes": 120, "detective_timeout_minutes": 240}, id="the-longest"),
    ],
)
def test_an_investigation_ends_after_all_that_it_waits_for_and_on_the_same_day(
    tmp_path: Path, waits: dict[str, int]
) -> None:
    """Ended before, nobody is told anything; without an end, one that hangs would ring no alarm for a year."""
    data = {**copy.deepcopy(SANDBOX_DATA), "investigation": waits}
    template = synthesize(deployment(data), outdir=tmp_path, checked=False)["sandbox-Response"]
    minutes = {"history_wait_minutes": 15, "detective_timeout_minutes": 30} | waits
    machine = steps_of(template)
    assert machine["TimeoutSeconds"] == 60 * sum(minutes.values()) + 6 * 3600 < 86_400
    # The rest is for what works meanwhile: four steps on the longest way, each tried twice for as long as it may take.
    assert machine["TimeoutSeconds"] - 60 * sum(minutes.values()) > 2 * 4 * 930


def test_the_log_of_investigations_has_every_step_and_none_of_its_data(sandbox: Templates) -> None:
    template = sandbox["sandbox-Response"]
    (log,) = (id_ for id_ in resources(template, "AWS::Logs::LogGroup") if id_.startswith("InvestigationLog"))
    assert only(properties(template, "AWS::StepFunctions::StateMachine"))["LoggingConfiguration"] == {
        "Level": "ALL",
        "IncludeExecutionData": False,
        "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": {"Fn::GetAtt": [log, "Arn"]}}}],
    }


def test_a_step_is_given_up_only_after_its_function_has_ended(sandbox: Templates) -> None:
    """Given up before, the same step would run a second time beside the first."""
    template = sandbox["sandbox-Response"]
    (worker,) = functions(template, "investigation").values()
    tasks = [state for state in states_of(steps_of(template)) if state["Type"] == "Task"]
    assert len(tasks) > 6
    assert {state["TimeoutSeconds"] for state in tasks} == {930}
    assert worker["Properties"]["Timeout"] == 900


def states_of(machine: Template) -> Iterator[Template]:
    """The states of a machine, and of its branches."""
    for state in machine["States"].values():
        yield state
        for branch in state.get("Branches", ()):
            yield from states_of(branch)


def test_whatever_ends_an_investigation_rings(everything: Templates) -> None:
    (alarm,) = (
        alarm
        for alarm in properties(everything["prod-Response"], "AWS::CloudWatch::Alarm")
        if "investigation-failed" in alarm["AlarmDescription"]
    )
    watched = {one["MetricStat"]["Metric"]["MetricName"] for one in alarm["Metrics"] if "MetricStat" in one}
    assert watched == {"ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"}


@pytest.mark.parametrize(
    ("changes", "there"),
    [
        pytest.param({}, True, id="where-detective-is"),
        pytest.param({"detective": {"enabled": False}}, False, id="not-without-detective"),
        pytest.param({"detective": {"enabled": False}, "investigation": {"enabled": True}}, True, id="asked-for"),
        pytest.param({"investigation": {"enabled": False}}, False, id="switched-off"),
    ],
)
def test_it_is_there_by_default_where_detective_is(tmp_path: Path, changes: dict[str, Any], *, there: bool) -> None:
    templates = synthesize(deployment({**copy.deepcopy(SANDBOX_DATA), **changes}), outdir=tmp_path, checked=False)
    template = templates["sandbox-Response"]
    assert bool(resources(template, "AWS::StepFunctions::StateMachine")) == there
    assert ("investigation" in bus_rules(template)) == there
    for rule in finding_rules(template).values():
        assert ("Investigation Report" in rule["EventPattern"]["detail-type"]) == there


@pytest.mark.parametrize(
    ("investigation", "other", "refusal"),
    [
        ({"finding_types": ["*:S3/x"]}, {}, r"must be a finding type, or the beginning of one with \* at the end"),
        ({"guardduty_investigation": True}, {}, "needs AI_ANALYST in guardduty.features"),
        (
            {"guardduty_investigation": True},
            {"guardduty": {"features": ["AI_ANALYST"]}, "regions": ["eu-south-2"], "home_region": "eu-south-2"},
            "AI_ANALYST is offered in none of the regions",
        ),
        (
            {"member_role": EVERYTHING_DATA["investigation"]["member_role"]},
            {},
            "needs organization, whose management account makes the role",
        ),
        (
            {"finding_types": [f"A:B/{number:03}{'x' * 120}*" for number in range(15)]},
            {},
            r"take 2\d\d\d characters in the event pattern, at most 1650 fit; write the beginning of one family",
        ),
        ({"history_wait_minutes": 4}, {}, "greater than or equal to 5"),
    ],
)
def test_fails_with_a_choice_that_could_not_work(
    investigation: dict[str, Any], other: dict[str, Any], refusal: str
) -> None:
    with pytest.raises(ValidationError, match=refusal):
        deployment({**copy.deepcopy(SANDBOX_DATA), **other, "investigation": investigation})


def test_fails_with_a_route_of_the_rules_name() -> None:
    data = copy.deepcopy(SANDBOX_DATA)
    data["routes"][0]["name"] = "investigation"
    with pytest.raises(ValidationError, match="which is the rule that starts investigations"):
        deployment(data)


def test_a_regional_hub_has_a_role_of_its_own(tmp_path: Path) -> None:
    data = copy.deepcopy(EVERYTHING_DATA) | {"hub": "regional", "encryption_key": "create"}
    for destination in data["destinations"]:
        for member in ("webhook_secret_key", "routing_key_secret_key"):
            destination.pop(member, None)
    templates = synthesize(deployment(data), outdir=tmp_path, checked=False)
    names = {
        role["RoleName"]
        for template in templates.values()
        for role in properties(template, "AWS::IAM::Role")
        if "RoleName" in role
    }
    # Without Detective in the other two there is nothing to investigate there by default.
    assert names == {"acme-detection-investigation-eu-central-1", "acme-detection-organization"}
    assert "acme-detection-investigation-eu-central-1" in json.dumps(member_role(templates))
