"""The golden list: every action that any role may take, on which resource. It does not grow unseen."""

import json
from pathlib import Path
from typing import Any

from tests.synthesis import Template, Templates, properties

GOLDEN = Path(__file__).with_name("permissions.golden")


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def shown(resource: Any, template: Template) -> str:
    match resource:
        case str():
            return resource
        case {"Fn::Join": ["", list(parts)]}:
            return "".join(shown(part, template) for part in parts)
        case {"Ref": "AWS::AccountId"}:
            return "<account>"
        case {"Fn::GetAtt": [id_, "Arn"]} | {"Ref": id_}:
            return f"<{template['Resources'][id_]['Type']}>"
    return json.dumps(resource)


def statements(template: Template) -> list[tuple[str, Template]]:
    """Every statement of every role, with the service that assumes the role."""
    found = []
    trusted: dict[str, str] = {}
    for id_, resource in template["Resources"].items():
        if resource["Type"] == "AWS::IAM::Role":
            (trust,) = resource["Properties"]["AssumeRolePolicyDocument"]["Statement"]
            trusted[id_] = trust["Principal"]["Service"]
            for policy in resource["Properties"].get("Policies", []):
                found += [(trusted[id_], statement) for statement in policy["PolicyDocument"]["Statement"]]
            assert "ManagedPolicyArns" not in resource["Properties"], id_
    for policy in properties(template, "AWS::IAM::Policy"):
        (role,) = policy["Roles"]
        found += [(trusted[role["Ref"]], statement) for statement in policy["PolicyDocument"]["Statement"]]
    return found


def test_no_role_may_do_more_than_the_golden_list(sandbox: Templates) -> None:
    found = {
        (name, service, action, shown(resource, template))
        for name, template in sandbox.items()
        for service, statement in statements(template)
        for action in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
    }
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()
    golden = {tuple(line.split()) for line in lines if not line.startswith("#")}
    assert found == golden


def test_no_role_has_a_star(sandbox: Templates, everything: Templates) -> None:
    for template in (sandbox | everything).values():
        for _, statement in statements(template):
            assert statement["Effect"] == "Allow"
            for text in as_list(statement["Action"]) + [shown(one, template) for one in as_list(statement["Resource"])]:
                assert "*" not in text


def test_each_notifier_reads_its_own_queue_and_secret_only(everything: Templates) -> None:
    template = everything["prod-Response"]
    for policy in properties(template, "AWS::IAM::Policy"):
        queues = {
            shown_id
            for statement in policy["PolicyDocument"]["Statement"]
            for shown_id in [json.dumps(statement["Resource"])]
            if any(action.startswith("sqs:") for action in as_list(statement["Action"]))
        }
        secrets = [
            statement["Resource"]
            for statement in policy["PolicyDocument"]["Statement"]
            if "secretsmanager:GetSecretValue" in as_list(statement["Action"])
        ]
        assert len(queues) == 1
        assert len(secrets) <= 1


def test_a_secret_with_its_own_key_is_decrypted_through_secrets_manager_only(everything: Templates) -> None:
    key = "arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555"
    (statement,) = [
        statement for _, statement in statements(everything["prod-Response"]) if statement["Resource"] == key
    ]
    assert statement["Action"] == "kms:Decrypt"
    assert statement["Condition"] == {"StringEquals": {"kms:ViaService": ["secretsmanager.eu-central-1.amazonaws.com"]}}
