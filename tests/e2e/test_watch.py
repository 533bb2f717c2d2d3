"""The deployed rules take each watched call on a resource of ours and no neighbour's, and people hear of it."""

import json
from functools import cache
from typing import Any

import pytest

from infra.constructs.watched_calls import ARCHIVE, GUARDDUTY, KEYS
from tests.e2e.conftest import DeployedStack
from tests.watched import ACCOUNT, CLOUDFORMATION, HUB, PERSON, PIPELINE, Sample, call, role_session, samples
from tools.emulator.process import Emulator

pytestmark = pytest.mark.e2e


@cache
def rules(aws: Emulator, home: str) -> dict[str, str]:
    """The patterns of the watch's rules in the home Region, by name."""
    listed = aws.client("events", home).list_rules()["Rules"]
    return {rule["Name"]: rule["EventPattern"] for rule in listed if "-watch-" in rule["Name"]}


def takers(stack: DeployedStack, sample: dict[str, Any], *, region: str | None = None) -> set[str]:
    where = region or stack.home
    events = stack.aws.client("events", where)
    return {
        name
        for name, pattern in rules(stack.aws, where).items()
        if events.test_event_pattern(EventPattern=pattern, Event=json.dumps(sample))["Result"]
    }


SAMPLES = [one for one in samples() if "iam-" not in one.id]
IN_THE_REGION_OF_IAM = [one for one in samples() if "iam-" in one.id]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: one.id)
def test_a_call_on_ours_is_taken_and_a_neighbours_is_not(stack: DeployedStack, sample: Sample) -> None:
    taken = takers(stack, sample.event)
    if sample.where is None:
        assert taken == set()
    elif sample.where == HUB:
        assert any("-watch-hub-" in name for name in taken)
    else:
        assert any("-watch-hub-" not in name for name in taken)


@pytest.mark.parametrize("sample", IN_THE_REGION_OF_IAM, ids=lambda one: one.id)
def test_a_role_is_watched_where_the_events_of_iam_are(stack: DeployedStack, sample: Sample) -> None:
    assert bool(takers(stack, sample.event, region="us-east-1")) is (sample.where is not None)
    assert takers(stack, sample.event) == set()


@pytest.mark.parametrize("name", ARCHIVE.names)
def test_the_archive_is_watched_by_the_name_that_it_was_given(stack: DeployedStack, name: str) -> None:
    (archive,) = stack.aws.client("events", stack.home).list_archives()["Archives"]
    assert takers(stack, call("events", name, {"archiveName": archive["ArchiveName"]}))
    assert takers(stack, call("events", name, {"archiveName": f"{archive['ArchiveName']}x"})) == set()


def test_the_state_machine_is_watched_by_the_name_that_it_was_given(stack: DeployedStack) -> None:
    machines = stack.aws.any_client("stepfunctions", stack.home).list_state_machines()["stateMachines"]
    (arn,) = (one["stateMachineArn"] for one in machines)
    assert takers(stack, call("states", "UpdateStateMachine", {"stateMachineArn": arn}))


@pytest.mark.parametrize("name", KEYS.names)
def test_the_key_of_queues_and_topics_is_watched_and_no_other(stack: DeployedStack, name: str) -> None:
    (arn,) = {
        arn
        for pattern in rules(stack.aws, stack.home).values()
        for one in json.loads(pattern)["detail"]["$or"]
        for arn in one.get("resources", {}).get("ARN", [])
    }
    assert arn.startswith(f"arn:aws:kms:{stack.home}:{ACCOUNT}:key/")
    listed: dict[str, Any] = {"resources": [{"accountId": ACCOUNT, "type": "AWS::KMS::Key", "ARN": arn}]}
    assert takers(stack, call("kms", name, {"keyId": "alias/any"}, **listed))
    other: dict[str, Any] = {"resources": [{"accountId": ACCOUNT, "type": "AWS::KMS::Key", "ARN": arn[:-1] + "x"}]}
    assert takers(stack, call("kms", name, {"keyId": "alias/any"}, **other)) == set()


def test_a_watch_rule_is_looked_after_by_every_other(stack: DeployedStack) -> None:
    names = set(rules(stack.aws, stack.home))
    assert len(names) > 2
    for name in names:
        assert takers(stack, call("events", "DisableRule", {"name": name})) == names


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(call("guardduty", "GetFindings"), id="a-call-that-reads"),
        pytest.param(call("guardduty", "ArchiveFindings"), id="daily-work"),
        pytest.param({**call("guardduty", "DeleteDetector"), "source": "somebody"}, id="not-from-aws"),
        pytest.param(
            {**call("guardduty", "DeleteDetector"), "detail-type": "AWS Service Event via CloudTrail"}, id="no-call"
        ),
    ],
)
def test_nobody_takes_what_blinds_nobody(stack: DeployedStack, event: dict[str, Any]) -> None:
    assert takers(stack, event) == set()


def test_a_change_set_without_a_stack_is_taken(stack: DeployedStack) -> None:
    arn = f"arn:aws:cloudformation:{stack.home}:{ACCOUNT}:changeSet/cdk-deploy-change-set/0a1b"
    assert takers(stack, call("cloudformation", "ExecuteChangeSet", {"changeSetName": arn}))


def test_somebody_hears_of_a_change_by_hand_in_any_region(stack: DeployedStack) -> None:
    region = stack.setting.other_region
    request = {"detectorId": "12abc34d567e8fa901bc2d34e56789f0", "filterName": "hide-me", "action": "ARCHIVE"}
    stack.aws.emit(region, call("guardduty", "UpdateFilter", request, region=region, event_id="e2e-update"))
    assert stack.arrived(mails=1, slack=0)
    (mail,) = stack.mails
    assert mail.subject == f"[High 8.0] Somebody changed a GuardDuty filter (hide-me) - {ACCOUNT} {region}"
    assert "alice in the role Admin" in mail.body


def test_somebody_hears_when_a_rule_on_the_findings_bus_is_disabled(stack: DeployedStack) -> None:
    request = {"name": "watch", "eventBusName": "sandbox-findings"}
    stack.aws.emit(stack.home, call("events", "DisableRule", request, event_id="e2e-disable"))
    # Not over that bus, and by two rules of the Region: told once.
    assert stack.arrived(mails=1, slack=0)


def test_a_refused_attempt_is_told_as_such(stack: DeployedStack) -> None:
    refused: dict[str, Any] = {
        "errorCode": "AccessDenied",
        "errorMessage": "is not authorized to perform: guardduty:DeleteDetector",
    }
    stack.aws.emit(stack.home, call("guardduty", "DeleteDetector", {}, event_id="e2e-refused", **refused))
    assert stack.arrived(mails=1, slack=0)
    (mail,) = stack.mails
    assert "Refused: delete the GuardDuty detector" in mail.subject


@pytest.mark.parametrize(
    "identity", [pytest.param(PIPELINE, id="pipeline"), pytest.param(CLOUDFORMATION, id="cloudformation")]
)
def test_a_deployment_is_nobodys_news(stack: DeployedStack, identity: dict[str, Any]) -> None:
    ours = {"name": f"{stack.setting.deployment.name_prefix}-dc-01"}
    asked = {"CreateFilter": ours, "UpdateFilter": {"filterName": ours["name"]}}
    stack.aws.emit_all(
        stack.home,
        [
            call("guardduty", name, asked.get(name, {}), identity=identity, event_id=f"e2e-{name}")
            for name in GUARDDUTY.names
        ],
    )
    assert stack.arrived(mails=0, slack=0)


def test_a_filter_of_somebody_elses_is_news_whoever_deploys_it(stack: DeployedStack) -> None:
    asked = {"name": "quiet", "action": "ARCHIVE"}
    stack.aws.emit(stack.home, call("guardduty", "CreateFilter", asked, identity=PIPELINE, event_id="e2e-quiet"))
    assert stack.arrived(mails=1, slack=0)
    assert "created a GuardDuty filter" in stack.mails[0].subject


def test_the_deploy_role_in_another_session_is_news(stack: DeployedStack) -> None:
    role = PIPELINE["arn"].split("/")[1]
    identity = role_session(role, "aws-cdk-alice")
    stack.aws.emit(
        stack.home,
        call(
            "cloudformation", "ExecuteChangeSet", {"stackName": "sandbox-Response"}, identity=identity, event_id="e2e-x"
        ),
    )
    assert stack.arrived(mails=1, slack=0)
    assert PERSON["arn"] not in stack.mails[0].body
