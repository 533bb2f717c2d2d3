"""What could blind the stack is watched, by few rules, in the words of AWS."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from infra.constructs.finding_pattern import MAX_PATTERN_CHARACTERS
from infra.constructs.watch_patterns import packed
from infra.constructs.watched_calls import ALL, DETECTIVE, GUARDDUTY
from tests.deployments import EVERYTHING_DATA, SANDBOX_DATA, deployment
from tests.synthesis import Template, Templates, logical_id, properties, resources, synthesize

BOTOCORE = {"states": "stepfunctions", "monitoring": "cloudwatch"}
"""CloudTrail's names of services that botocore calls otherwise."""

READING = ("BatchGet", "Describe", "Get", "List", "Search")

NOT_WATCHED = {
    "guardduty": {
        # They add to what is seen.
        "CreateCustomDetectionRuleAssociation", "CreateCustomDetectionRuleOrgConfiguration", "CreateDetector",
        "CreateInvestigation", "CreateMalwareProtectionPlan", "CreateMembers", "InviteMembers",
        "StartMonitoringMembers", "SendObjectMalwareScan", "StartMalwareScan",
        # Daily work with findings, which stay where they are.
        "ArchiveFindings", "CreateSampleFindings", "UnarchiveFindings", "UpdateFindingsFeedback",
        # Invitations that nobody has accepted.
        "DeclineInvitations", "DeleteInvitations",
    },
    "detective": {
        "AcceptInvitation", "CreateGraph", "CreateMembers", "RejectInvitation", "StartInvestigation",
        "StartMonitoringMember", "TagResource", "UntagResource", "UpdateInvestigationState",
    },
}  # fmt: skip
"""Calls that change something, and blind nobody."""


def operations(service: str) -> set[str]:
    """The operations that botocore knows of a service."""
    session = botocore.session.get_session()
    return set(session.get_service_model(BOTOCORE.get(service, service)).operation_names)


@pytest.mark.parametrize("calls", ALL, ids=lambda one: f"{one.service}-{one.field or 'all'}")
def test_every_watched_call_exists(calls: Any) -> None:
    assert set(calls.names) <= operations(calls.service)
    assert list(calls.names) == sorted(set(calls.names)) or calls.service == "events"


@pytest.mark.parametrize("calls", [GUARDDUTY, DETECTIVE], ids=lambda one: one.service)
def test_of_every_call_that_changes_something_it_is_decided_whether_it_is_watched(calls: Any) -> None:
    changing = {name for name in operations(calls.service) if not name.startswith(READING)}
    assert changing == {*calls.names, *NOT_WATCHED[calls.service]}
    assert not set(calls.names) & NOT_WATCHED[calls.service]


@pytest.mark.parametrize("calls", [one for one in ALL if one.field.startswith("requestParameters.")], ids=str)
def test_a_request_has_the_member_that_is_looked_at(calls: Any) -> None:
    model = botocore.session.get_session().get_service_model(BOTOCORE.get(calls.service, calls.service))
    first = calls.field.split(".")[1]
    for name in calls.names:
        shape = model.operation_model(name).input_shape
        assert shape is not None
        members = {xform_name(one) for one in shape.members}
        assert xform_name(first) in members, name


def watch_rules(template: Template) -> list[Template]:
    return [rule for rule in properties(template, "AWS::Events::Rule") if "-watch-" in str(rule.get("Name"))]


def clauses(rule: Template) -> Iterator[dict[str, Any]]:
    detail = rule["EventPattern"]["detail"]
    yield from detail.get("$or", [detail])


def test_every_call_is_in_a_rule_of_its_place(sandbox: Templates, everything: Templates) -> None:
    found = {
        (
            clause["eventSource"][0].removesuffix(".amazonaws.com"),
            name if isinstance(name, str) else name["prefix"][:-2],
        )
        for template in (sandbox | everything).values()
        for rule in watch_rules(template)
        for clause in clauses(rule)
        for name in clause["eventName"]
    }
    assert found == {(calls.service, name) for calls in ALL for name in calls.names}


def test_rules_are_few_and_fit_a_pattern(sandbox: Templates, everything: Templates) -> None:
    for name, template in (sandbox | everything).items():
        rules = watch_rules(template)
        assert len(rules) == (4 if "Response" in name else 3 if "Detection" in name else 0), name
        for rule in rules:
            assert len(json.dumps(rule["EventPattern"], separators=(",", ":"))) <= MAX_PATTERN_CHARACTERS
            assert rule["EventPattern"]["detail-type"] == ["AWS API Call via CloudTrail"]
            assert all(source.startswith("aws.") for source in rule["EventPattern"]["source"])
            assert rule["State"] == "ENABLED"


def test_what_could_silence_the_bus_is_told_without_it(sandbox: Templates) -> None:
    queues = resources(sandbox["sandbox-Response"], "AWS::SQS::Queue")
    for rule in watch_rules(sandbox["sandbox-Response"]):
        assert "EventBusName" not in rule
        assert [logical_id(target["Arn"]) in queues for target in rule["Targets"]] == [True]
        assert [target["Id"] for target in rule["Targets"]] == ["security-mail"]


def test_the_region_of_iam_alone_watches_roles(sandbox: Templates) -> None:
    with_roles = {
        name
        for name, template in sandbox.items()
        for rule in watch_rules(template)
        if "iam.amazonaws.com" in json.dumps(rule["EventPattern"])
    }
    assert with_roles == {"sandbox-Detection-us-east-1"}


def test_the_file_of_a_trusted_list_is_watched_by_bucket_and_key(everything: Templates) -> None:
    for region in ("eu-central-1", "eu-south-2", "ap-east-2"):
        (clause,) = [
            clause
            for rule in watch_rules(everything[f"prod-Detection-{region}"])
            for clause in clauses(rule)
            if clause["eventSource"] == ["s3.amazonaws.com"]
        ]
        assert set(clause["requestParameters"]) == {"bucketName", "key"}
        (key,) = clause["requestParameters"]["key"]
        assert key.endswith(".txt")


def test_nobody_is_told_where_nobody_wants_to_hear(tmp_path: Path) -> None:
    without = deployment({**copy.deepcopy(SANDBOX_DATA), "watch": {"enabled": False}})
    for template in synthesize(without, outdir=tmp_path, rule_packs=False).values():
        assert watch_rules(template) == []
        assert "watch" not in {rule.get("Name") for rule in properties(template, "AWS::Events::Rule")}
        assert "WATCH_EXPECTED" not in json.dumps(template)


def test_secrets_with_long_names_take_more_rules(tmp_path: Path) -> None:
    data = copy.deepcopy(EVERYTHING_DATA)
    for number, one in enumerate(data["destinations"]):
        for key in ("webhook_secret", "routing_key_secret"):
            if key in one:
                one[key] = f"soc/{number}-{'x' * 80}"
    template = synthesize(deployment(data), outdir=tmp_path, rule_packs=False)["prod-Response"]
    assert len(watch_rules(template)) > 4
    for rule in watch_rules(template):
        assert len(json.dumps(rule["EventPattern"], separators=(",", ":"))) <= MAX_PATTERN_CHARACTERS


def test_fails_when_one_clause_is_longer_than_a_pattern() -> None:
    clause = ("aws.sqs", {"requestParameters": {"queueUrl": ["x" * 2100]}})
    with pytest.raises(ValueError, match=r"watch: the event pattern for aws\.sqs has \d+ characters, at most 2048"):
        packed([clause], always=[])
