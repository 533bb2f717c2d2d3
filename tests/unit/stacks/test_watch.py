"""What could blind the stack is watched, by few rules, in the words of AWS."""

import copy
import json
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from aws_cdk import Aws
from botocore import xform_name

from infra.config import GUARDDUTY_REGIONS, Deployment, PagerDutyDestination, SnsDestination, region_facts
from infra.config.agreement.delivery import SECRET_CHARACTERS
from infra.constructs.finding_pattern import MAX_PATTERN_CHARACTERS
from infra.constructs.stack_location import StackLocation
from infra.constructs.watch_patterns import hub_clauses, own_rules, packed
from infra.constructs.watched_calls import ALL, BOUNDARY
from infra.stacks.watching import IAM_EVENTS, expected_changes, watched_in_region
from tests.deployments import EVERYTHING, EVERYTHING_DATA, GOVCLOUD, SANDBOX, SANDBOX_DATA, deployment
from tests.synthesis import Template, Templates, logical_id, properties, resources, synthesize
from tests.watched import BOTOCORE
from tools.templates.assembly import Assembly, read_assembly
from tools.waves import stacks_in


def operations(service: str) -> set[str]:
    """The operations that botocore knows of a service."""
    session = botocore.session.get_session()
    return set(session.get_service_model(BOTOCORE.get(service, service)).operation_names)


@pytest.mark.parametrize("calls", ALL, ids=lambda one: f"{one.service}-{one.field or 'all'}")
def test_every_watched_call_exists(calls: Any) -> None:
    assert set(calls.names) <= operations(calls.service)
    assert list(calls.names) == sorted(set(calls.names)) or calls.service == "events"


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
            name if isinstance(name, str) else name["prefix"].removesuffix("20"),
        )
        for template in (sandbox | everything).values()
        for rule in watch_rules(template)
        for clause in clauses(rule)
        for name in clause["eventName"]
    }
    # Neither has a permissions boundary where IAM's events arrive.
    assert found == {(calls.service, name) for calls in ALL if calls is not BOUNDARY for name in calls.names}


def test_a_change_of_the_permissions_boundary_is_watched_where_iams_events_arrive() -> None:
    limited = SANDBOX.model_copy(update={"permissions_boundary": "limits"})
    found = {
        region: [
            (clause["eventName"], clause["requestParameters"]["policyArn"])
            for clause in clauses_of("iam", watched_in_region(limited, region, trusted_file=None).values())
            if "policyArn" in clause["requestParameters"]
        ]
        for region in ("us-east-1", "eu-west-1")
    }
    wanted = (["CreatePolicyVersion", "SetDefaultPolicyVersion"], [{"suffix": ":policy/limits"}])
    assert found == {"us-east-1": [wanted], "eu-west-1": []}


def test_rules_are_few_and_fit_a_pattern(sandbox: Templates, everything: Templates) -> None:
    for name, template in (sandbox | everything).items():
        rules = watch_rules(template)
        assert len(rules) == (5 if "Response" in name else 3 if "Detection" in name else 0), name
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


REGIONAL = deployment(
    {**copy.deepcopy(EVERYTHING_DATA), "hub": "regional", "encryption_key": "create"}
    | {
        "destinations": [
            {key: value for key, value in one.items() if not key.endswith("_key")}
            for one in EVERYTHING_DATA["destinations"]
        ]
    }
)
DEPLOYMENTS = {"sandbox": SANDBOX, "everything": EVERYTHING, "govcloud": GOVCLOUD, "regional": REGIONAL}


@pytest.fixture(scope="module", params=DEPLOYMENTS)
def live(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Deployment, Assembly]:
    """A deployment, and what it deploys to the security account."""
    one = DEPLOYMENTS[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    synthesize(one, outdir=folder, checked=False)
    whole = read_assembly(folder)
    chosen = stacks_in(whole, "security", access=True)
    return one, Assembly(folder=folder, stacks={name: whole.stacks[name] for name in chosen})


def fits(wanted: list[Any], name: str) -> bool:
    """Whether EventBridge would take the name, by the forms that are used here."""
    return any(
        name == one
        if isinstance(one, str)
        else fnmatchcase(name, re.sub(r"([\[?])", r"[\1]", one["wildcard"]))
        if "wildcard" in one
        else name.startswith(one["prefix"])
        if "prefix" in one
        else "suffix" in one and name.endswith(one["suffix"])
        for one in wanted
    )


def clauses_of(service: str, patterns: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        clause
        for pattern in patterns
        for clause in pattern["detail"].get("$or", [pattern["detail"]])
        if clause["eventSource"] == [f"{service}.amazonaws.com"]
    ]


def test_every_role_of_the_security_account_is_watched(live: tuple[Deployment, Assembly]) -> None:
    of, assembly = live
    iam = IAM_EVENTS[of.region(of.home_region).partition]
    clauses = clauses_of("iam", watched_in_region(of, iam, trusted_file=None).values())
    (wanted,) = (one["requestParameters"]["roleName"] for one in clauses if "roleName" in one["requestParameters"])
    names = [
        # A name that CloudFormation makes begins with the stack's.
        str(resource.properties.get("RoleName") or f"{stack.name}-{resource.logical_id}-1A2B3C4D5E6F")
        for stack in assembly.stacks.values()
        for resource in stack.resources.values()
        if resource.type == "AWS::IAM::Role"
    ]
    assert len(names) > 5
    assert [name for name in names if not fits(wanted, name)] == []
    assert not fits(wanted, "shop-Response-Worker-1A2B3C4D5E6F")


def test_every_stack_of_the_security_account_is_watched_in_its_region(live: tuple[Deployment, Assembly]) -> None:
    _, assembly = live
    for stack in assembly.stacks.values():
        rules = [
            resource.properties["EventPattern"]
            for other in assembly.stacks.values()
            if other.region == stack.region
            for resource in other.resources.values()
            if resource.type == "AWS::Events::Rule" and "-watch-" in str(resource.properties.get("Name"))
        ]
        wanted = [clause["requestParameters"]["stackName"] for clause in clauses_of("cloudformation", rules)]
        assert wanted, stack.region
        for name in (stack.name, f"arn:aws:cloudformation:{stack.region}:111122223333:stack/{stack.name}/0a1b"):
            assert any(fits(names, name) for names in wanted), name


@pytest.mark.parametrize("name", ["prod", "security-production-platform"])
def test_the_only_caller_of_ours_that_is_expected_is_the_role_that_enrols(name: str, tmp_path: Path) -> None:
    """By its whole name: the beginning of a long one is that of every other role, and anybody's."""
    of = deployment({**copy.deepcopy(EVERYTHING_DATA), "name": name})
    templates = synthesize(of, outdir=tmp_path, checked=False)
    written = [caller.role for caller in of.watch.expected]
    (ours,) = [role for role, _ in json.loads(expected_changes(of)["WATCH_EXPECTED"]) if role not in written]
    roles = {
        (stack, role.get("RoleName"))
        for stack, template in templates.items()
        for role in properties(template, "AWS::IAM::Role")
    }
    assert [stack for stack, role in roles if role == ours] == [f"{name}-Organization"]
    (role,) = [
        one for one in properties(templates[f"{name}-Organization"], "AWS::IAM::Role") if one.get("RoleName") == ours
    ]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}


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
    for template in synthesize(without, outdir=tmp_path, checked=False).values():
        assert watch_rules(template) == []
        assert "watch" not in {rule.get("Name") for rule in properties(template, "AWS::Events::Rule")}
        assert "WATCH_EXPECTED" not in json.dumps(template)


def test_a_secret_is_watched_by_its_name_its_arn_and_its_arn_without_the_end(everything: Templates) -> None:
    patterns = [rule["EventPattern"] for rule in watch_rules(everything["prod-Response"])]
    wanted = [
        one for clause in clauses_of("secretsmanager", patterns) for one in clause["requestParameters"]["secretId"]
    ]
    names = {
        one.routing_key_secret if isinstance(one, PagerDutyDestination) else one.webhook_secret
        for one in EVERYTHING.destinations
        if not isinstance(one, SnsDestination)
    }
    assert len(wanted) == 3 * len(names) > 6
    for name in names:
        arn = f"arn:aws:secretsmanager:eu-central-1:111122223333:secret:{name}"
        assert all(fits(wanted, one) for one in (name, arn, f"{arn}-AbC123"))
        assert not any(fits(wanted, one) for one in (f"{name}x", f"{arn}x", f"x/{name}", f"{arn}x-AbC123"))


def test_two_secrets_whose_names_are_as_long_as_one_rule_takes_have_two() -> None:
    names = [f"{number}{'x' * 249}" for number in "ab"]
    clauses = [
        one
        for one in hub_clauses(
            bus="b",
            archive="a",
            machine="m",
            stacks=["s"],
            secrets=names,
            key_arn="k",
            place=StackLocation(partition="aws", region="eu-central-1", account="1"),
        )
        if one[0] == "aws.secretsmanager"
    ]
    assert len(clauses) == len(packed(clauses, always=own_rules("sandbox"))) == 2


@pytest.mark.parametrize("region", GUARDDUTY_REGIONS)
def test_the_longest_name_of_a_secret_fits_a_pattern_wherever_it_is(region: str) -> None:
    """And hardly a longer one does where ARNs are longest, so that nobody is refused for nothing."""
    place = StackLocation(partition=region_facts(region).partition, region=region, account=Aws.ACCOUNT_ID)

    def rules(length: int) -> int:
        clauses = hub_clauses(
            bus="b", archive="a", machine="m", stacks=["s"], secrets=["x" * length], key_arn="k", place=place
        )
        return len(packed([one for one in clauses if one[0] == "aws.secretsmanager"], always=own_rules("p" * 28)))

    assert rules(SECRET_CHARACTERS) == 1
    if region == "us-gov-east-1":
        with pytest.raises(ValueError, match=r"aws\.secretsmanager has 20\d\d characters"):
            rules(SECRET_CHARACTERS + 7)


def test_secrets_with_long_names_take_more_rules(tmp_path: Path) -> None:
    data = copy.deepcopy(EVERYTHING_DATA)
    for number, one in enumerate(data["destinations"]):
        for key in ("webhook_secret", "routing_key_secret"):
            if key in one:
                one[key] = f"soc/{number}-{'x' * 80}"
    template = synthesize(deployment(data), outdir=tmp_path, checked=False)["prod-Response"]
    assert len(watch_rules(template)) > 4
    for rule in watch_rules(template):
        assert len(json.dumps(rule["EventPattern"], separators=(",", ":"))) <= MAX_PATTERN_CHARACTERS


def test_fails_when_one_clause_is_longer_than_a_pattern() -> None:
    clause = ("aws.sqs", {"requestParameters": {"queueUrl": ["x" * 2100]}})
    with pytest.raises(ValueError, match=r"watch: the event pattern for aws\.sqs has \d+ characters, at most 2048"):
        packed([clause], always=[])
