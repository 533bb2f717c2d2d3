"""What a function reads when it starts: the code for findings and for its own destination, and none of what is rare."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from notifier.destinations import SENDERS
from notifier.items.detail_types import API_CALL, HEARTBEAT, NOTICE, OURS, REPORT
from tests.findings import (
    attack_sequence,
    leaked_lambda_credentials,
    low_finding,
    malware_in_object,
    malware_on_volume,
    privileged_pod,
)
from tests.notifier_environment import NOTIFIER, write_known

ENVIRONMENT = NOTIFIER | {"DESTINATION_NAME": "security", "AWS_DEFAULT_REGION": "eu-west-1"}
OF_KIND = {
    "sns": {"SNS_TOPIC_ARN": "arn:aws:sns:eu-west-1:111122223333:topic", "SNS_MESSAGE_FORMAT": "text"},
    "slack": {"SLACK_WEBHOOK_SECRET": "detection/slack"},
    "teams": {"TEAMS_WEBHOOK_SECRET": "detection/teams"},
    "pagerduty": {"PAGERDUTY_ROUTING_KEY_SECRET": "detection/pagerduty", "PAGERDUTY_SERVICE_REGION": "us"},
    "webhook": {"WEBHOOK_SECRET": "detection/webhook", "WEBHOOK_ALLOWED_HOSTS": ""},
}
OF_DESTINATION = {
    "sns": {"sns"},
    "slack": {"slack", "slack_card", "secret"},
    "teams": {"teams", "teams_card", "secret"},
    "pagerduty": {"pagerduty", "pagerduty_event", "secret"},
    "webhook": {"webhook", "webhook_document", "secret"},
}
"""Beside what every destination has: `base`, `form` for cards, and `text` for what is left of them."""

COMMON = {"base", "form", "text"}
HTTPS = {"https", "https.address", "https.answer", "https.exchange", "https.poster", "https.public"}
RARE = {
    "briefs.heartbeat", "briefs.notice", "briefs.report", "briefs.unrecognised", "briefs.watched_call",
    "briefs.watched_call_parts", "items.heartbeat", "items.notice", "items.report", "items.service_event",
    "items.additional_lines", "items.kubernetes", "items.malware", "items.sequence", "items.watched_call",
    "items.watched_words", "ledger.rollup_words",
}  # fmt: skip
OF_EVENT = {
    NOTICE: {"items.notice", "briefs.notice"},
    REPORT: {"items.report", "items.notice", "briefs.report"},
    HEARTBEAT: {"items.heartbeat", "briefs.heartbeat"},
    API_CALL: {"items.watched_call", "items.watched_words", "briefs.watched_call", "briefs.watched_call_parts"},
    "GuardDuty Malware Protection Object Scan Result": {"items.service_event", "items.notice", "briefs.notice"},
    "Something new": {"items.service_event", "items.notice", "briefs.unrecognised"},
}
_PROGRAM = """
import sys
import notifier.handler
from notifier.briefs import brief_of
from notifier.briefs.surroundings import Surroundings
from notifier.items.event import read
for event in sys.argv[1:]:
    brief_of(read(event)[0], Surroundings(deployment="sandbox"))
print(*sys.modules)
"""


def scanned_ports() -> dict[str, Any]:
    """A finding with something in the member that GuardDuty's model does not describe."""
    event = low_finding()
    event["detail"]["service"]["additionalInfo"] = {"value": '{"portsScannedSample":[22,23]}', "type": "default"}
    return event


def loaded(project: Path, kind: str, *events: Mapping[str, Any], **settings: str) -> set[str]:
    """The notifier's modules after a start for a destination, and after a brief of each event."""
    made = everything_loaded(project, kind, *events, **settings)
    return {name.removeprefix("notifier.") for name in made if name.startswith("notifier.")}


def everything_loaded(project: Path, kind: str, *events: Mapping[str, Any], **settings: str) -> set[str]:
    """The same, with the modules that are not ours."""
    with tempfile.TemporaryDirectory() as code:
        write_known(Path(code))
        own = {**ENVIRONMENT, "DESTINATION_KIND": kind, **OF_KIND[kind], "LAMBDA_TASK_ROOT": code, **settings}
        made = subprocess.run(
            [sys.executable, "-c", _PROGRAM, *map(json.dumps, events)],
            cwd=project / "lambda_src",
            env={"PATH": os.environ["PATH"], **own},
            capture_output=True,
            text=True,
            check=True,
        )
    return set(made.stdout.split())


@pytest.mark.parametrize("kind", SENDERS)
def test_a_start_reads_the_code_of_its_own_destination_and_of_nothing_rare(project: Path, kind: str) -> None:
    modules = loaded(project, kind)
    own = {name.removeprefix("destinations.") for name in modules if name.startswith("destinations.")}
    assert own - COMMON == OF_DESTINATION[kind]
    assert {name for name in modules if name.partition(".")[0] == "https"} == (set() if kind == "sns" else HTTPS)
    assert modules & RARE == set()


@pytest.mark.parametrize("kind", SENDERS)
def test_a_start_reads_what_makes_clients_and_not_the_rest_of_boto3(project: Path, kind: str) -> None:
    modules = everything_loaded(project, kind)
    assert {name.partition(".")[0] for name in modules} & {"botocore", "boto3", "s3transfer"} == {"botocore"}


def test_a_topic_for_a_chat_program_has_its_notifications_from_the_start(project: Path) -> None:
    modules = loaded(project, "sns", SNS_MESSAGE_FORMAT="custom_notification")
    assert modules - loaded(project, "sns") == {"destinations.chat_notification", "destinations.form"}


def test_the_first_finding_finds_all_of_its_code_there(project: Path) -> None:
    assert loaded(project, "slack", leaked_lambda_credentials()) == loaded(project, "slack")


@pytest.mark.parametrize("detail_type", OF_EVENT)
def test_what_is_rare_is_read_with_the_first_of_its_kind(project: Path, detail_type: str) -> None:
    source = {API_CALL: "aws.guardduty", NOTICE: OURS, REPORT: OURS, HEARTBEAT: OURS}.get(detail_type, "aws.guardduty")
    event = {"source": source, "detail-type": detail_type, "detail": {"eventName": "DeleteDetector"}}
    assert loaded(project, "sns", event) & RARE == OF_EVENT[detail_type]


@pytest.mark.parametrize(
    ("event", "module"),
    [
        (attack_sequence(), "items.sequence"),
        (malware_on_volume(), "items.malware"),
        (malware_in_object(), "items.malware"),
        (privileged_pod(), "items.kubernetes"),
        (scanned_ports(), "items.additional_lines"),
    ],
)
def test_what_few_findings_hold_is_read_with_the_first_that_does(
    project: Path, event: Mapping[str, Any], module: str
) -> None:
    assert loaded(project, "slack", event) - loaded(project, "slack") == {module}
