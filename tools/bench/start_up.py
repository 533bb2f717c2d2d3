"""How long the notifier takes to start, against a function that only makes the client it needs."""

import io
import json
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from infra.project import PROJECT
from shared.known import FILE
from tools.bench.budget import Budget, budget_table
from tools.bench.runtime_api import NoRuntime, Run, run
from tools.bench.table import Table, mebibytes, milliseconds, times

ROUNDS = 7

_COMMON = {
    "DEPLOYMENT": "bench",
    "DESTINATION_NAME": "bench",
    "DETECTIVE_REGIONS": "eu-west-1",
    "QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/111122223333/queue",
    "DEAD_LETTER_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/111122223333/dead",
    "LEDGER_TABLE": "ledger",
    "NOTIFY_AGAIN_AFTER_HOURS": "24",
    "MESSAGES_PER_MINUTE": "30",
    "RUNBOOKS_URL": "docs/runbooks",
}
_KNOWN = json.dumps(
    {
        "accounts": {"111122223333": ["payments-prod", "payments-team"]},
        "egress": [
            {"name": "dc", "cidrs": ["198.51.100.0/28"], "owner": "network-ops", "mode": "enforce", "scoped": False}
        ],
    }
)
_TOPIC = {"SNS_TOPIC_ARN": "arn:aws:sns:eu-west-1:111122223333:topic", "SNS_MESSAGE_FORMAT": "text"}
_SNS_FLOOR = """
import boto3
sns = boto3.client("sns", region_name="eu-west-1")
def handler(event, context):
    for record in event["Records"]:
        sns.publish(TopicArn="arn:aws:sns:eu-west-1:111122223333:topic", Message=record["body"], Subject="finding")
    return {"batchItemFailures": []}
"""
_MANAGER_FLOOR = """
import boto3
secrets = boto3.client("secretsmanager")
def handler(event, context):
    return {"batchItemFailures": []}
"""
_NOTHING = "def handler(event, context):\n    return {}\n"


@dataclass(slots=True)
class _Subject:
    """A function to start, and what its starts showed."""

    name: str
    handler: str
    environment: dict[str, str] = field(default_factory=dict)
    floor: str = ""
    sends: bool = False
    runs: list[Run] = field(default_factory=list)

    @property
    def init(self) -> float:
        return min(one.init for one in self.runs)

    @property
    def answered(self) -> float:
        return min(one.answered for one in self.runs)

    @property
    def busy(self) -> float:
        return min(one.busy for one in self.runs)

    @property
    def peak(self) -> float:
        return min(one.peak for one in self.runs)


def _notifier(name: str, floor: str, own: dict[str, str], *, sends: bool = False) -> _Subject:
    environment = {**_COMMON, "DESTINATION_KIND": name, **own}
    return _Subject(f"notifier, {name}", "notifier.handler.handler", environment, floor, sends)


def _named(variable: str) -> dict[str, str]:
    """The variable that names the destination's secret, which nobody reads before the first message."""
    return {variable: "bench/destination"}


def _subjects() -> list[_Subject]:
    sns, secret = "only an SNS client", "only a Secrets Manager client"
    return [
        _Subject("nothing", "nothing.handler"),
        _Subject(sns, "sns_floor.handler", sends=True),
        _notifier("sns", sns, _TOPIC, sends=True),
        _Subject(secret, "secret_floor.handler"),
        _notifier("slack", secret, _named("SLACK_WEBHOOK_SECRET")),
        _notifier("teams", secret, _named("TEAMS_WEBHOOK_SECRET")),
        _notifier("webhook", secret, {**_named("WEBHOOK_SECRET"), "WEBHOOK_ALLOWED_HOSTS": ""}),
    ]


def tables(*, quick: bool = False) -> tuple[Table, Table]:
    """INIT, INIT with the first message, processor time and peak memory, the best of some rounds in turn.

    Raises:
        NoRuntime: the runtime client is not installed.
    """
    rounds = 2 if quick else ROUNDS
    finding = (PROJECT / "docs/examples/findings/leaked-lambda-credentials.json").read_text(encoding="utf-8")
    event = {"Records": [{"messageId": "m1", "receiptHandle": "r1", "body": finding}]}
    subjects = _subjects()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        code = folder / "code"
        # As Lambda has it: without compiled files, which are not in the archive and cannot be written there.
        shutil.copytree(PROJECT / "lambda_src", code, ignore=shutil.ignore_patterns("__pycache__"))
        (code / FILE).write_text(_KNOWN, encoding="utf-8")
        for module, text in {"nothing": _NOTHING, "sns_floor": _SNS_FLOOR, "secret_floor": _MANAGER_FLOOR}.items():
            (code / f"{module}.py").write_text(text, encoding="utf-8")
        for _ in range(rounds):
            for one in subjects:
                events = [event] if one.sends else []
                one.runs.append(
                    run(one.handler, code=code, environment=one.environment, events=events, log=folder / "log")
                )
    by_name = {one.name: one for one in subjects}
    figures = Table(
        title="Notifier start-up",
        columns=(
            "Function",
            "INIT",
            "to its floor",
            "with the first message",
            "to its floor",
            "processor time",
            "to its floor",
            "peak memory",
            "to its floor",
        ),
        rows=[_row(one, by_name.get(one.floor)) for one in subjects],
        note=f"Best of {rounds} rounds in turn, by awslambdaric against a Runtime API on loopback; INIT is from the "
        "start of the process to its first request for an event, the code not compiled before. The floor of the "
        "notifier is the function above it that makes the same client at init; the notifier makes its own with the "
        "first message, which is sent where the table says so. Processor time is of the whole process.",
    )
    return figures, budget_table("Notifier start-up", _budgets(by_name), note="Each to its floor in the table above.")


def _budgets(by_name: Mapping[str, _Subject]) -> Iterator[Budget]:
    for name, one in by_name.items():
        if floor := by_name.get(one.floor):
            yield Budget(what=f"INIT of the {name}", measured=one.init / floor.init, limit=1.15, unit="x")
            yield Budget(what=f"peak memory of the {name}", measured=one.peak / floor.peak, limit=1.2, unit="x")
    yield Budget(what="the notifier's code as a zip archive", measured=_zipped() / 1000, limit=200, unit="KB")


def _zipped() -> int:
    """What Lambda has to fetch, in bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for package in ("notifier", "shared"):
            for file in sorted((PROJECT / "lambda_src" / package).rglob("*.py")):
                archive.write(file, file.relative_to(PROJECT / "lambda_src"))
    return len(buffer.getvalue())


def _row(one: _Subject, floor: _Subject | None) -> list[str]:
    return [
        one.name,
        milliseconds(one.init),
        times(one.init, floor.init) if floor else "",
        milliseconds(one.answered) if one.sends else "",
        times(one.answered, floor.answered) if floor and one.sends else "",
        milliseconds(one.busy),
        times(one.busy, floor.busy) if floor else "",
        mebibytes(one.peak),
        times(one.peak, floor.peak) if floor else "",
    ]


def main() -> int:
    """Print the tables."""
    try:
        for table in tables():
            print(table.markdown())
    except NoRuntime as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
