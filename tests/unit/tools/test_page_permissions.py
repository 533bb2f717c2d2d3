"""The policies of docs/permissions.md are what each step asks for: no less, no more."""

import ast
import json
import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import cfnlint
import pytest
import yaml
from botocore import xform_name
from botocore.session import Session
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from infra.project import PROJECT
from notifier.brief import Brief
from tests.findings import (
    leaked_instance_credentials,
    leaked_lambda_credentials,
    leaked_task_credentials,
    leaked_user_credentials,
    low_finding,
    public_bucket,
)
from tests.page_policies import actions, documented, statement
from tests.unit.notifier.briefs import brief_in
from tests.unit.test_documented_commands import commands, operations
from tools.templates.policy_statements import as_list

NAMED_OTHERWISE = {
    "detective:ListOrganizationAdminAccounts": "detective:ListOrganizationAdminAccount",
    "lambda:Invoke": "lambda:InvokeFunction",
    "logs:Tail": "logs:FilterLogEvents",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
}
"""Calls whose permission has another name (service authorization reference)."""

MODELS = {"states": "stepfunctions"}
"""Services whose model in botocore has another name than their permissions."""

ALSO = {
    "sqs:ReceiveMessage": {"kms:Decrypt"},
    "sqs:SendMessage": {"kms:Decrypt", "kms:GenerateDataKey"},
    "sqs:StartMessageMoveTask": {
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
        "sqs:SendMessage",
    },
}
"""What a call asks for besides: the queues are encrypted with a key, and SQS moves messages in the caller's name (SQS
developer guide, API permissions)."""

OF_THE_ADMINISTRATOR = {
    "detective:DisableOrganizationAdminAccount",
    "guardduty:DisableOrganizationAdminAccount",
    "guardduty:ListOrganizationAdminAccounts",
    "organizations:DeregisterDelegatedAdministrator",
}
"""What docs/operations.md does in the management account."""


def action(service: str, operation: str) -> str:
    """The permission of a command of the AWS CLI."""
    model = operations(service).get(operation) if (service, operation) != ("logs", "tail") else None
    name = model.name if model else operation.title()
    found = f"{service.replace('s3api', 's3')}:{name}"
    return NAMED_OTHERWISE.get(found, found)


def asked(found: Iterable[tuple[str, str, list[str]]]) -> set[str]:
    """What commands need."""
    needed = {action(service, operation) for service, operation, _ in found}
    return needed | {more for one in needed for more in ALSO.get(one, ())}


def on_pages(*patterns: str) -> set[str]:
    pages = sorted(page for pattern in patterns for page in (PROJECT / "docs").glob(pattern))
    assert pages
    return asked(found for page in pages for found in commands(page.read_text(encoding="utf-8")))


def in_messages() -> set[str]:
    """What messages about findings tell people to paste."""
    briefs: list[Brief] = [
        brief_in(made())
        for made in (
            leaked_lambda_credentials, leaked_instance_credentials, leaked_task_credentials, leaked_user_credentials,
            low_finding, public_bucket,
        )
    ]  # fmt: skip
    snippets = (snippet.text for brief in briefs for step in brief.steps for snippet in step.snippets)
    return asked(found for text in snippets for found in commands(f"```\n{text}\n```\n"))


def only_reads(one: str) -> bool:
    return bool(re.match(r"[a-z0-9]+:(Describe|Filter|Get|List|Lookup)", one))


def test_every_statement_has_a_name_of_its_own_and_names_actions_that_there_are() -> None:
    names = [one["Sid"] for one in documented()]
    assert len(names) == len(set(names)) > 10
    known = json.loads((Path(cfnlint.__file__).parent / "data/AdditionalSpecs/Policies.json").read_text("utf-8"))
    for one in documented():
        for named in map(str, as_list(one["Action"])):
            service, _, name = named.partition(":")
            pattern = name.lower()
            assert any(fnmatchcase(real, pattern) for real in known[service]["Actions"]), named


def test_a_responder_may_do_what_messages_and_runbooks_say() -> None:
    # Nobody needs a permission to ask who they are (STS API reference, GetCallerIdentity).
    needed = (on_pages("runbooks/*.md") | in_messages()) - {"sts:GetCallerIdentity"}
    assert actions("ResponderLooks") == {one for one in needed if only_reads(one)} | {
        "guardduty:GetFindings",
        "guardduty:ListDetectors",
        "guardduty:ListFindings",
    }
    assert actions("ResponderStopsIt") == {one for one in needed if not only_reads(one)}


ROLES = {
    "forwarder and watch": "ForwarderRole",
    "heartbeat": "HeartbeatRole",
    "notifier": "NotifierRole",
    "investigation": "InvestigationWorkerRole",
    "starter of investigations": "InvestigationStarterRole",
    "state machine": "InvestigationMachineRole",
    "review of suppression": "SuppressionReviewWorkerRole",
    "delegation": "DelegationOrganizationWorkerRole",
    "enrolment": "EnrolmentOrganizationWorkerRole",
    "both": "OrganizationWorkerRole",
}
"""The rows of the tables, by how they begin, and how the roles end in the golden list."""

ON_REQUEST = {
    "DelegationOrganizationWorkerRole": {"guardduty:DisableOrganizationAdminAccount"},
    "EnrolmentOrganizationWorkerRole": {
        "iam:CreateServiceLinkedRole",
        "iam:GetRole",
        "organizations:ListDelegatedAdministrators",
    },
}
"""What no sample deployment has: `remove_on_delete`, and scans of volumes in member accounts."""


def in_the_tables() -> dict[str, set[str]]:
    """What each role may do by the page; a name without a service is of the service before it."""
    text = (PROJECT / "docs" / "permissions.md").read_text(encoding="utf-8").partition("\n## At run time\n")[2]
    found: dict[str, set[str]] = {}
    row = ""
    for role, may in re.findall(r"^\| ([^|]*) ?\| ([^|]*) \|", text.partition("\n## ")[0], re.MULTILINE):
        row = max((one for one in ROLES if role.startswith(one)), key=len, default=row)
        service = ""
        for name in re.findall(r"`([a-z]+:[A-Za-z]+|[A-Z][A-Za-z]+)`", may):
            service = name.partition(":")[0] if ":" in name else service
            found.setdefault(ROLES[row], set()).add(f"{service}:{name.rpartition(':')[2]}")
    return found


def test_the_tables_of_roles_say_what_the_golden_list_holds() -> None:
    golden: dict[str, set[str]] = {}
    for line in (PROJECT / "tests/unit/stacks/permissions.golden").read_text(encoding="utf-8").splitlines():
        role, action = ("", "") if line.startswith("#") else line.split()[1:3]
        if end := max((one for one in ROLES.values() if role.endswith(one)), key=len, default=""):
            golden.setdefault(end, set()).add(action)
    said = in_the_tables()
    both = said.pop("OrganizationWorkerRole")
    for role in ("DelegationOrganizationWorkerRole", "EnrolmentOrganizationWorkerRole"):
        said[role] |= both
    assert {role: may - ON_REQUEST.get(role, set()) for role, may in said.items()} == golden
    assert all(ON_REQUEST[role] <= said[role] for role in ON_REQUEST)


def test_operations_may_do_what_their_page_says() -> None:
    needed = on_pages("operations.md")
    assert needed >= OF_THE_ADMINISTRATOR
    assert actions("Operate") == needed - OF_THE_ADMINISTRATOR
    assert actions("ChangeTheAdministrator") == OF_THE_ADMINISTRATOR


def test_switching_off_takes_what_its_page_says() -> None:
    assert actions("SwitchProtectionOff") == on_pages("teardown.md")


@cache
def called(folder: str, services: tuple[str, ...]) -> set[str]:
    """The calls in the code of a tool, as permissions; one that several of the services know counts for each."""
    known: dict[str, set[str]] = {}
    for service in services:
        for name in Session().get_service_model(MODELS.get(service, service)).operation_names:
            one = f"{service}:{name}"
            known.setdefault(xform_name(name), set()).add(NAMED_OTHERWISE.get(one, one))
    names = {
        node.attr if isinstance(node, ast.Attribute) else str(node.value)
        for file in (PROJECT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute | ast.Constant)
    }
    return {one for name in names & known.keys() for one in known[name]}


def services(*sids: str) -> tuple[str, ...]:
    return tuple(sorted({one.partition(":")[0] for sid in sids for one in actions(sid)}))


IN_THEIR_NAME = {"tools/verify": {"organizations:DescribeOrganization"}}
"""What a service asks in the name of whoever calls it: Detective, of the organization (its resource schemas)."""


@pytest.mark.parametrize(
    ("folder", "sids"),
    [
        ("tools/verify", ("Verify", "VerifyTheDelegation")),
        ("tools/selftest", ("Selftest", "SelftestWithASample")),
    ],
)
def test_a_tool_may_make_the_calls_in_its_code(folder: str, sids: tuple[str, ...]) -> None:
    asked = called(folder, services(*sids)) | IN_THEIR_NAME.get(folder, set())
    assert {one for sid in sids for one in actions(sid)} == asked


def test_whoever_deploys_takes_every_role_that_the_stacks_ask_for(everything_folder: Path) -> None:
    taken = statement("TakeTheRolesOfBootstrap")
    assert taken["Action"] == "sts:AssumeRole"
    pattern = taken["Resource"].replace("<account>", "*")
    artifacts = json.loads((everything_folder / "manifest.json").read_text(encoding="utf-8"))["artifacts"]
    roles = {
        arn.replace("${AWS::Partition}", "aws")
        for one in artifacts.values()
        for arn in (
            one.get("properties", {}).get("assumeRoleArn"),
            one.get("properties", {}).get("lookupRole", {}).get("arn"),
        )
        if arn
    }
    for file in everything_folder.glob("*.assets.json"):
        for asset in json.loads(file.read_text(encoding="utf-8"))["files"].values():
            roles |= {
                one["assumeRoleArn"].replace("${AWS::Partition}", "aws")
                for one in asset["destinations"].values()
                if "assumeRoleArn" in one
            }
    assert len(roles) > 6
    assert [role for role in roles if not fnmatchcase(role, pattern)] == []


class _Template(yaml.SafeLoader):
    """CloudFormation's short forms are of no interest here."""


_Template.add_multi_constructor("!", lambda loader, _suffix, node: getattr(node, "value", None))


def test_bootstrap_may_make_everything_in_its_template() -> None:
    file = PROJECT / "node_modules" / "aws-cdk" / "lib" / "api" / "bootstrap" / "bootstrap-template.yaml"
    if not file.exists():
        pytest.skip("the CDK CLI is not installed; `make setup` does it")
    template = yaml.load(file.read_text(encoding="utf-8"), Loader=_Template)  # noqa: S506  a subclass of SafeLoader
    types = {one["Type"] for one in template["Resources"].values()}
    assert types == {
        "AWS::ECR::Repository",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
        "AWS::KMS::Alias",
        "AWS::KMS::Key",
        "AWS::S3::Bucket",
        "AWS::S3::BucketPolicy",
        "AWS::SSM::Parameter",
    }
    allowed = {str(one) for each in documented() for one in as_list(each["Action"]) if each["Sid"].startswith("Its")}
    for type_ in types - {"AWS::KMS::Alias", "AWS::KMS::Key"}:
        handlers = PROVIDER_SCHEMA_MANAGER.get_resource_schema("eu-west-1", type_).schema["handlers"]
        for name in ("create", "read", "update", "delete"):
            for needed in handlers.get(name, {}).get("permissions", ()):
                # Only for what the template does not set: a key of one's own, other services' settings of a bucket.
                if needed.partition(":")[0] in {"iam", "s3", "ecr", "ssm"}:
                    assert any(fnmatchcase(needed, one) for one in allowed), (type_, needed)


def test_bootstrap_changes_nothing_but_what_is_its_own() -> None:
    for one in documented():
        if one["Sid"].startswith("Its") or one["Sid"] == "TheToolkitsStack":
            for resource in as_list(one["Resource"]):
                assert re.search(r"cdk-hnb659fds-|/CDKToolkit/|cdk-bootstrap/hnb659fds/", str(resource)), resource
