"""One case end to end on the embedded AWS: the finding, the first message, and the follow-up of the workflow."""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.deployments import SANDBOX_DATA, deployment
from tests.findings import leaked_lambda_credentials
from tests.synthesis import synthesize
from tests.unit.investigation.fakes import call
from tools.emulator.cdk_cli import CdkCli
from tools.emulator.deployed import Mailbox, deployed_routes, wait_until
from tools.emulator.process import Emulator

pytestmark = pytest.mark.e2e

REGION = "eu-west-1"
THIEF = "203.0.113.9"
OWN_EGRESS = "198.51.100.7"
DATA: dict[str, Any] = SANDBOX_DATA | {
    "name": "investigation",
    "regions": [REGION],
    "routes": [{"name": "leaks", "finding_types": ["UnauthorizedAccess:IAMUser/*"], "to": ["security-slack"]}],
}


@pytest.fixture(name="aws", scope="module")
def fixture_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """An embedded AWS of its own, in which nobody waits for Detective or CloudTrail."""
    folder = tmp_path_factory.mktemp("investigation")
    with Emulator(log=folder / "emulator.log", waiting=0.0) as aws:
        outdir = folder / "cdk.out"
        synthesize(deployment(DATA | {"account": aws.account}), outdir=outdir, checked=False)
        cdk = CdkCli(environment=aws.environment(), log=folder / "cdk.log", outdir=outdir, context={})
        cdk.run("bootstrap", f"aws://{aws.account}/{REGION}", "--app", "")
        cdk.run("deploy", "--all", "--require-approval", "never", "--concurrency", "2", "--app", str(outdir))
        aws.client("secretsmanager", REGION).create_secret(
            Name="detection/slack-webhook", SecretString=aws.slack.secret
        )
        aws.enforce_iam()
        yield aws


@pytest.fixture(name="mailbox", scope="module")
def fixture_mailbox(aws: Emulator) -> Mailbox:
    topic = next(
        route.environment["SNS_TOPIC_ARN"] for route in deployed_routes(aws, REGION).values() if route.kind == "sns"
    )
    return Mailbox(aws, REGION, topic_arn=topic)


def leak(aws: Emulator, *, key: str) -> dict[str, Any]:
    event = copy.deepcopy(leaked_lambda_credentials(account=aws.account, finding_id=f"f{key.lower()}"))
    now = datetime.now(UTC)
    event["detail"]["resource"]["accessKeyDetails"]["accessKeyId"] = key
    event["detail"]["service"]["eventFirstSeen"] = (now - timedelta(minutes=20)).isoformat()
    event["detail"]["service"]["eventLastSeen"] = (now - timedelta(minutes=5)).isoformat()
    return event


def executions(aws: Emulator) -> list[dict[str, Any]]:
    client = aws.any_client("stepfunctions", REGION)
    (machine,) = client.list_state_machines()["stateMachines"]
    found: list[dict[str, Any]] = client.list_executions(stateMachineArn=machine["stateMachineArn"])["executions"]
    return found


def test_a_finding_is_told_and_then_what_was_found_out_about_it(aws: Emulator, mailbox: Mailbox) -> None:
    key, now = "ASIAINQUIRY000000001", datetime.now(UTC)
    own = [
        call("secretsmanager:GetSecretValue", address=OWN_EGRESS, at=now - timedelta(minutes=n), key=key)
        for n in range(5, 65)
    ]
    thief = [
        call("s3:ListBuckets", address=THIEF, at=now - timedelta(minutes=20), key=key),
        call("s3:PutBucketPolicy", address=THIEF, at=now - timedelta(minutes=15), key=key, read_only=False),
    ]
    aws.keep_calls(REGION, own + thief)
    event = leak(aws, key=key)
    aws.emit(REGION, event)
    assert wait_until(lambda: len(mailbox.mails()) >= 2 and len(aws.slack.messages()) >= 2, within=90), (
        executions(aws), aws.log_tail(60),
    )  # fmt: skip
    first, second = mailbox.mails()[:2]
    assert "Credentials of payments-api used outside AWS" in first.subject
    assert second.subject.startswith("[High 8.0] Investigated: 2 calls from outside, 1 changed something")
    assert f"OUTSIDE: {THIEF}" in second.body
    assert "s3:PutBucketPolicy (1, changed something)" in second.body
    assert f"{OWN_EGRESS}" in second.body
    assert "inside (your egress range frankfurt-dc); 60 calls" in second.body
    assert "New network: ExampleNet, new for the whole account" in " ".join(second.body.split())
    assert "Investigated" in json.dumps(aws.slack.messages()[1])
    # The message goes out from its last step, and it ends after that.
    assert wait_until(lambda: [one["status"] for one in executions(aws)] == ["SUCCEEDED"], within=20)
    (execution,) = executions(aws)
    history = aws.any_client("stepfunctions", REGION).get_execution_history(
        executionArn=execution["executionArn"], maxResults=1000
    )["events"]
    entered = [one["stateEnteredEventDetails"]["name"] for one in history if "stateEnteredEventDetails" in one]
    assert entered == ["Plan", "Look", "Report"]  # what is inside of branches is not in the emulator's history
    # The same case again, from the same Region and as if from another: no second investigation.
    for finding_id in ("2" * 32, "3" * 32):
        again = copy.deepcopy(event)
        again["detail"] |= {"id": finding_id, "updatedAt": now.isoformat()}
        aws.emit(REGION, again)
    assert not wait_until(lambda: len(executions(aws)) > 1, within=5)


def test_a_sample_is_told_and_not_investigated(aws: Emulator) -> None:
    before = len(executions(aws))
    aws.emit(REGION, leaked_lambda_credentials(account=aws.account, finding_id="5" * 32, sample=True))
    assert not wait_until(lambda: len(executions(aws)) > before, within=5)
