"""Where template and function meet: what one half writes, the other half's real code reads."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from app import build
from infra.app import App
from infra.config import Deployment
from infra.constructs.delivery import LATE_SECONDS
from infra.constructs.operations import PERIOD_SECONDS
from infra.constructs.python_function import EVERYWHERE, KNOWN_FILE
from infra.destinations import DESTINATIONS
from infra.stacks.known import known
from notifier.batch import ATTEMPT_SECONDS
from notifier.destinations import SENDERS, sender_of
from notifier.https.answer import LONGEST_RETRY_AFTER
from notifier.items.event import read
from notifier.items.finding import Finding
from notifier.ledger import table
from notifier.ledger.flood import KEPT_SECONDS as ROLL_UP_SECONDS
from notifier.ledger.flood import WINDOW_SECONDS
from notifier.ledger.ledger import CLAIM_SECONDS, SKEW_SECONDS
from notifier.ledger.state import CLAIMS
from notifier.links import Portal
from notifier.queue import queues
from notifier.queue.backoff import LONGEST_SECONDS, SECOND_SECONDS, backoff
from notifier.settings import Settings
from shared.known import FILE, Account, Known, known_in
from tests.deployments import EVERYTHING, SANDBOX
from tests.findings import leaked_lambda_credentials
from tests.notifier_environment import NOTHING_KNOWN
from tests.synthesis import Template, Templates, bus_rules, functions, logical_id, properties


def resolved(value: Any, template: Template) -> str:
    """A text of a template as it is after deployment, for the tokens that environments hold."""
    match value:
        case str():
            return value
        case {"Ref": str(id_)} if template["Resources"][id_]["Type"] == "AWS::SQS::Queue":
            return f"https://sqs.eu-west-1.amazonaws.com/123456789012/{id_}"
        case {"Ref": str(id_)} if template["Resources"][id_]["Type"] == "AWS::DynamoDB::Table":
            return f"prod-Response-{id_}-ABCDEFGHIJKL"
        case {"Ref": str(id_)}:
            return f"arn:aws:sns:eu-west-1:123456789012:{id_}"
    raise AssertionError(f"a token that no test knows: {value}")


def settings(template: Template, beside: Known = NOTHING_KNOWN) -> dict[str, Settings]:
    """The settings of each function, read by the function's own code."""
    found = {}
    for function in functions(template, "notifier").values():
        variables = function["Properties"]["Environment"]["Variables"]
        read_by_function = Settings.from_environment(
            {name: resolved(value, template) for name, value in variables.items()}, known=beside
        )
        found[read_by_function.destination_name] = read_by_function
    return found


@pytest.mark.parametrize("sample", [pytest.param(SANDBOX, id="sandbox"), pytest.param(EVERYTHING, id="everything")])
def test_each_function_understands_its_environment(
    sandbox: Templates, everything: Templates, sample: Deployment
) -> None:
    found = settings((sandbox | everything)[f"{sample.name}-Response"], known_in(known(sample)))
    assert {name: one.destination_kind for name, one in found.items()} == {
        destination.name: destination.kind for destination in sample.destinations
    }
    for one in found.values():
        assert one.around.deployment == sample.name
        assert one.around.detective == set(sample.detective_regions())
        assert [(entry.name, entry.owner, entry.observing, entry.scoped) for entry in one.around.egress] == [
            (entry.name, entry.owner, entry.mode == "observe", entry.scope is not None) for entry in sample.egress
        ]
        assert [list(map(str, entry.networks)) for entry in one.around.egress] == [
            [*map(str, entry.cidrs), *(f"{address}/128" for address in entry.ipv6_addresses)] for entry in sample.egress
        ]
        assert one.around.accounts == {
            number: Account(known.name, known.owner) for number, known in sample.accounts.items()
        }
        centre = sample.identity_center
        assert one.around.portal == (Portal(centre.start_url, centre.role_name) if centre else None)
        assert one.sender().kind == one.destination_kind


def test_every_variable_of_a_template_is_read_by_the_function(everything: Templates) -> None:
    common = {
        "DEPLOYMENT", "DESTINATION_NAME", "DESTINATION_KIND", "DETECTIVE_REGIONS", "QUEUE_URL",
        "DEAD_LETTER_QUEUE_URL", "LEDGER_TABLE", "NOTIFY_AGAIN_AFTER_HOURS", "MESSAGES_PER_MINUTE",
        "PORTAL_URL", "PORTAL_ROLE", "RUNBOOKS_URL", "WATCH_EXPECTED", "WATCH_CLOUDFORMATION_ROLES",
        "WATCH_FILTERS",
    }  # fmt: skip
    found = [
        one["Properties"]["Environment"]["Variables"]
        for one in functions(everything["prod-Response"], "notifier").values()
    ]
    assert {variables["DESTINATION_KIND"] for variables in found} == set(SENDERS)
    for variables in found:
        own = {variable.name for variable in sender_of(variables["DESTINATION_KIND"]).variables}
        assert set(variables) == common | own


def test_every_kind_of_destination_exists_on_both_sides() -> None:
    assert set(DESTINATIONS) == set(SENDERS)
    assert {kind: sender_of(kind).kind for kind in SENDERS} == {kind: kind for kind in SENDERS}


def test_a_function_loads_the_code_of_its_own_destination_only(project: Path) -> None:
    loaded = "import sys; from notifier.destinations import sender_of; sender_of({kind!r}); print(*sys.modules)"
    for kind in SENDERS:
        command = [sys.executable, "-c", loaded.format(kind=kind)]
        done = subprocess.run(command, cwd=project / "lambda_src", capture_output=True, text=True, check=True)
        modules = {name.removeprefix("notifier.destinations.") for name in done.stdout.split()}
        assert modules & set(SENDERS) == {kind}


def test_each_asset_holds_one_handler_and_nothing_of_the_other_functions(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path), checked=False)
    build(app, SANDBOX)
    app.write()
    packages = []
    assert KNOWN_FILE == FILE
    for asset in tmp_path.glob("asset.*"):
        (package,) = (one for one in asset.iterdir() if one.name not in {EVERYWHERE, KNOWN_FILE})
        packages.append(package.name)
        assert "def handler(" in (package / "handler.py").read_text(encoding="utf-8")
        assert {file.suffix for file in asset.rglob("*") if file.is_file() and file.name != KNOWN_FILE} == {".py"}
        if package.name == "suppression_review":
            assert not (asset / KNOWN_FILE).exists()
        else:
            assert (asset / KNOWN_FILE).read_text(encoding="utf-8") == known(SANDBOX)
        assert _zipped(asset) < 200_000
    assert sorted(packages) == ["investigation", "notifier", "suppression_review"]


def _zipped(folder: Path) -> int:
    """How many bytes of a folder Lambda has to fetch."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in folder.rglob("*.py"):
            archive.write(file, file.relative_to(folder))
    return len(buffer.getvalue())


def _forwarders(template: Template) -> list[Template]:
    """The rules on the default bus that carry findings home."""
    return [
        rule
        for rule in properties(template, "AWS::Events::Rule")
        if "EventBusName" not in rule and "ScheduleExpression" not in rule
    ]


def test_an_event_reaches_the_function_untouched_and_is_understood(sandbox: Templates) -> None:
    for template in sandbox.values():
        for rule in (*bus_rules(template).values(), *_forwarders(template)):
            for target in rule["Targets"]:
                assert set(target) <= {"Id", "Arn", "RoleArn", "DeadLetterConfig"}, "an input transformer"
    (finding,) = read(json.dumps(leaked_lambda_credentials(address="203.0.113.9")))
    assert isinstance(finding, Finding)


def test_one_message_always_fits_one_invocation(sandbox: Templates) -> None:
    template = sandbox["sandbox-Response"]
    # A second for our own work. The dead-letter queue is told within the attempt.
    assert max(sender_of(kind).seconds for kind in SENDERS) + queues.SECONDS + 1 <= ATTEMPT_SECONDS
    for function in functions(template, "notifier").values():
        # And for starting: the first message of a cold function is never refused for lack of time.
        assert function["Properties"]["Timeout"] > ATTEMPT_SECONDS + 10


def test_a_claim_is_void_before_the_queue_brings_its_message_again(sandbox: Templates) -> None:
    template = sandbox["sandbox-Response"]
    for queue in properties(template, "AWS::SQS::Queue"):
        if "RedrivePolicy" in queue:
            assert queue["VisibilityTimeout"] > CLAIM_SECONDS + SKEW_SECONDS
    for mapping in properties(template, "AWS::Lambda::EventSourceMapping"):
        assert mapping["ScalingConfig"]["MaximumConcurrency"] < CLAIMS, (
            "each has room for its claim, and one that ended"
        )
    for function in functions(template, "notifier").values():
        assert function["Properties"]["Timeout"] <= CLAIM_SECONDS, "nobody else sends what is being sent"
        # A table that is slow once is left alone then: the first message of a cold function still has its time.
        assert function["Properties"]["Timeout"] - ATTEMPT_SECONDS >= table.SECONDS + 4


def test_a_ticket_is_no_reason_for_the_alarm_on_the_age_of_the_queue() -> None:
    assert WINDOW_SECONDS + 60 < LATE_SECONDS


def test_a_ticket_that_became_a_dead_letter_finds_its_roll_up_for_as_long_as_the_page_says(
    sandbox: Templates, project: Path
) -> None:
    kept = [queue["MessageRetentionPeriod"] for queue in properties(sandbox["sandbox-Response"], "AWS::SQS::Queue")]
    # Sent again, it may wait in the queue once more, and be a dead letter once more.
    assert WINDOW_SECONDS + 2 * max(kept) < ROLL_UP_SECONDS == 30 * 86_400
    page = (project / "docs" / "operations.md").read_text(encoding="utf-8")
    assert "Sent again within 30 days, it\nsays how many they were" in page


def test_the_function_keeps_to_the_quiet_time_and_the_rate_of_the_configuration(everything: Templates) -> None:
    for one in settings(everything["prod-Response"]).values():
        assert (one.quiet_hours, one.messages_per_minute) == (72, 12)


def test_the_function_is_told_its_own_queue_and_that_queue_s_dead_letters(everything: Templates) -> None:
    template = everything["prod-Response"]
    queue_of = {
        logical_id(mapping["FunctionName"]): logical_id(mapping["EventSourceArn"])
        for mapping in properties(template, "AWS::Lambda::EventSourceMapping")
    }
    for id_, function in functions(template, "notifier").items():
        variables = function["Properties"]["Environment"]["Variables"]
        queue = template["Resources"][queue_of[id_]]["Properties"]
        assert logical_id(variables["QUEUE_URL"]) == queue_of[id_]
        assert logical_id(variables["DEAD_LETTER_QUEUE_URL"]) == logical_id(
            queue["RedrivePolicy"]["deadLetterTargetArn"]
        )


def test_q17_no_message_is_older_than_its_queue_keeps_it_when_it_becomes_a_dead_letter(sandbox: Templates) -> None:
    template = sandbox["sandbox-Response"]
    kept = {
        "RedrivePolicy" in queue: queue["MessageRetentionPeriod"] for queue in properties(template, "AWS::SQS::Queue")
    }
    for queue in properties(template, "AWS::SQS::Queue"):
        if "RedrivePolicy" in queue:
            wait = max(LONGEST_SECONDS, LONGEST_RETRY_AFTER, *SECOND_SECONDS) + queue["VisibilityTimeout"]
            assert queue["RedrivePolicy"]["maxReceiveCount"] * wait < kept[True] / 2
    # A dead letter's age counts from when it was first queued: what the queue may have used up still leaves a week.
    assert kept[False] - kept[True] >= 7 * 86_400


def test_a_destination_that_is_down_is_heard_before_its_messages_leave_the_metric() -> None:
    # SQS leaves a message out of the age of the oldest once it was received three times: that is after two waits.
    earliest = backoff(1, chance=lambda: 0.0) + backoff(2, chance=lambda: 0.0)
    assert earliest >= LATE_SECONDS + 2 * 60, "two data points, a minute apart"
    assert earliest > PERIOD_SECONDS


def test_t18_slack_gets_one_message_a_second_from_all_functions_together(sandbox: Templates) -> None:
    template = sandbox["sandbox-Response"]
    notifiers = functions(template, "notifier")
    for mapping in properties(template, "AWS::Lambda::EventSourceMapping"):
        variables = notifiers[logical_id(mapping["FunctionName"])]["Properties"]["Environment"]["Variables"]
        between = sender_of(variables["DESTINATION_KIND"]).seconds_between
        if variables["DESTINATION_KIND"] == "slack":
            assert mapping["ScalingConfig"]["MaximumConcurrency"] / between <= 1
        # And a whole batch of messages that are taken at once fits one invocation.
        assert mapping["BatchSize"] * between < 60 - ATTEMPT_SECONDS
