"""The golden list: every action that any role may take, on which resource. It does not grow unseen."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.synthesis import Template, Templates, functions, logical_id, properties, resources
from tools.templates.policy_statements import as_list
from tools.templates.policy_statements import shown as shown_by

GOLDEN = Path(__file__).with_name("permissions.golden")


def shown(resource: Any, template: Template) -> str:
    """A resource of a statement, with the type of what it refers to."""
    return shown_by(resource, name=lambda id_: template["Resources"].get(id_, {}).get("Type"))


def statements(template: Template) -> list[tuple[str, Template]]:
    """Every statement of every role, with the role: its logical id without the hash."""
    found = []
    for id_, resource in template["Resources"].items():
        if resource["Type"] == "AWS::IAM::Role":
            for policy in resource["Properties"].get("Policies", []):
                found += [(id_[:-8], statement) for statement in policy["PolicyDocument"]["Statement"]]
            assert "ManagedPolicyArns" not in resource["Properties"], id_
    for policy in properties(template, "AWS::IAM::Policy"):
        (role,) = policy["Roles"]
        found += [(role["Ref"][:-8], statement) for statement in policy["PolicyDocument"]["Statement"]]
    return found


def test_no_role_may_do_more_than_the_golden_list(sandbox: Templates, everything: Templates) -> None:
    found = {
        (name, role, action, shown(resource, template))
        for name, template in (sandbox | everything).items()
        for role, statement in statements(template)
        for action in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
    }
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()
    golden = {tuple(line.split()) for line in lines if not line.startswith("#")}
    assert found == golden


READ_WITHOUT_RESOURCE = [
    "cloudwatch:GetMetricData",
    "guardduty:GetFilter",
    "guardduty:GetFindings",
    "guardduty:ListDetectors",
    "guardduty:ListFilters",
    "guardduty:ListFindings",
]
"""Calls that know no resource; all of them only read."""

READ_TRUSTED_LIST = [
    "guardduty:GetIPSet",
    "guardduty:GetTrustedEntitySet",
    "guardduty:ListIPSets",
    "guardduty:ListTrustedEntitySets",
]
"""Beside them, where the deployment has a trusted list."""


ON_THE_ORGANIZATION = {
    ("organizations:DescribeAccount", ""),
    ("organizations:DescribeOrganization", ""),
    ("organizations:DescribeOrganizationalUnit", ""),
    ("organizations:ListAWSServiceAccessForOrganization", ""),
    ("organizations:ListAccounts", ""),
    ("organizations:ListDelegatedAdministrators", ""),
    ("organizations:EnableAWSServiceAccess", "organizations:ServicePrincipal"),
    ("organizations:RegisterDelegatedAdministrator", "organizations:ServicePrincipal"),
    ("guardduty:CreateMembers", "aws:RequestedRegion"),
    ("guardduty:DescribeOrganizationConfiguration", "aws:RequestedRegion"),
    ("guardduty:EnableOrganizationAdminAccount", "aws:RequestedRegion"),
    ("guardduty:ListDetectors", "aws:RequestedRegion"),
    ("guardduty:ListMembers", "aws:RequestedRegion"),
    ("guardduty:ListOrganizationAdminAccounts", "aws:RequestedRegion"),
    ("guardduty:UpdateOrganizationConfiguration", "aws:RequestedRegion"),
    ("detective:CreateMembers", "aws:RequestedRegion"),
    ("detective:DescribeOrganizationConfiguration", "aws:RequestedRegion"),
    ("detective:EnableOrganizationAdminAccount", "aws:RequestedRegion"),
    ("detective:ListGraphs", "aws:RequestedRegion"),
    ("detective:ListMembers", "aws:RequestedRegion"),
    ("detective:ListOrganizationAdminAccount", "aws:RequestedRegion"),
    ("detective:UpdateOrganizationConfiguration", "aws:RequestedRegion"),
}
"""Calls of the organization's functions on `*`, with the condition that limits each; without one they only read."""


def test_the_organization_is_touched_within_limits_only(everything: Templates) -> None:
    found = {
        (action, "".join(key for keys in statement.get("Condition", {}).values() for key in keys))
        for name in ("prod-Delegation", "prod-Organization")
        for _, statement in statements(everything[name])
        for action in as_list(statement["Action"])
        if statement["Resource"] == "*"
    }
    assert found == ON_THE_ORGANIZATION


def test_only_its_own_service_takes_a_role(sandbox: Templates) -> None:
    trusts = {
        (role["Description"], *trust["Principal"].values())
        for template in sandbox.values()
        for role in properties(template, "AWS::IAM::Role")
        for trust in role["AssumeRolePolicyDocument"]["Statement"]
    }
    assert trusts == {
        ("Lets EventBridge put findings of this Region on the findings bus", "events.amazonaws.com"),
        ("Lets the heartbeat's schedule put events on the default bus", "scheduler.amazonaws.com"),
        ("Tells one destination of each GuardDuty finding", "lambda.amazonaws.com"),
        ("Tells what suppression rules hide, and when they end", "lambda.amazonaws.com"),
        ("Reads what a leaked key did, and what its role may do", "lambda.amazonaws.com"),
        ("Starts one investigation for each case", "lambda.amazonaws.com"),
        ("Runs the steps of investigations, and writes their log", "states.amazonaws.com"),
    }


def test_no_role_has_a_star(sandbox: Templates, everything: Templates) -> None:
    for name, template in (sandbox | everything).items():
        for role, statement in statements(template):
            assert statement["Effect"] == "Allow"
            if role in {"InvestigationWorkerRole", "InvestigationMachineRole"}:
                assert "*" not in str(statement["Action"])  # on what: test_investigation
                continue
            if statement["Resource"] == "*" and name in {"prod-Delegation", "prod-Organization"}:
                assert "*" not in str(statement["Action"])  # which ones: above
                continue
            if name.endswith("CiAccess") and "*" in str(statement["Resource"]):
                assert "*" not in str(statement["Action"])  # they only read: test_ci_access.py
                continue
            if statement["Action"] in (READ_WITHOUT_RESOURCE, sorted([*READ_WITHOUT_RESOURCE, *READ_TRUSTED_LIST])):
                (limits,) = statement["Condition"].values()
                assert set(limits) == {"aws:RequestedRegion"}
                continue
            for text in as_list(statement["Action"]) + [shown(one, template) for one in as_list(statement["Resource"])]:
                assert "*" not in str(text)


def test_each_notifier_reads_its_own_queue_and_secret_and_writes_its_own_dead_letters_only(
    everything: Templates,
) -> None:
    template = everything["prod-Response"]
    queues = resources(template, "AWS::SQS::Queue")
    for policy in properties(template, "AWS::IAM::Policy"):
        if "NotifierRole" not in policy["Roles"][0]["Ref"]:
            continue
        statements = policy["PolicyDocument"]["Statement"]
        actions: dict[str, set[str]] = defaultdict(set)
        for statement in statements:
            if any(str(action).startswith("sqs:") for action in as_list(statement["Action"])):
                for one in as_list(statement["Resource"]):
                    actions[logical_id(one)] |= set(map(str, as_list(statement["Action"])))
        (own,) = (queue for queue in actions if "RedrivePolicy" in queues[queue]["Properties"])
        dead_letters = logical_id(queues[own]["Properties"]["RedrivePolicy"]["deadLetterTargetArn"])
        assert set(actions) == {own, dead_letters}
        assert actions[dead_letters] == {"sqs:SendMessage"}
        # To remind itself that a roll-up is due.
        assert "sqs:SendMessage" in actions[own]
        secrets = [one for one in statements if "secretsmanager:GetSecretValue" in as_list(one["Action"])]
        assert len(secrets) <= 1


def test_each_notifier_reads_and_writes_what_its_own_destination_was_told_only(everything: Templates) -> None:
    template = everything["prod-Response"]
    (ledger,) = (id_ for id_ in resources(template, "AWS::DynamoDB::Table") if id_.startswith("Ledger"))
    found = {}
    for role, statement in statements(template):
        if "NotifierRole" in role and any(str(one).startswith("dynamodb:") for one in as_list(statement["Action"])):
            assert (statement["Action"], logical_id(statement["Resource"])) == (
                ["dynamodb:GetItem", "dynamodb:PutItem"],
                ledger,
            )
            found[role] = statement["Condition"]
    names = [
        function["Environment"]["Variables"]["DESTINATION_NAME"]
        for function in (one["Properties"] for one in functions(template, "notifier").values())
    ]
    assert found == {
        f"To{name.replace('-', '')}NotifierRole": {
            # With the slash, which no name holds: `mail` is not let in where `mail-archive` is.
            "ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"{name}/*"]},
            "Null": {"dynamodb:LeadingKeys": "false"},
        }
        for name in names
    }


def test_a_secret_with_its_own_key_is_decrypted_through_secrets_manager_only(everything: Templates) -> None:
    key = "arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555"
    (statement,) = [
        statement for _, statement in statements(everything["prod-Response"]) if statement["Resource"] == key
    ]
    assert statement["Action"] == "kms:Decrypt"
    assert statement["Condition"] == {"StringEquals": {"kms:ViaService": ["secretsmanager.eu-central-1.amazonaws.com"]}}
