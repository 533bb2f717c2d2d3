"""The notifier's log as the real Lambda runtime writes it: the fields that metrics and queries rely on."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.findings import leaked_lambda_credentials
from tests.log_table import documented
from tests.notifier_environment import MAIL, write_known
from tests.synthesis import Templates, properties
from tools.bench.runtime_api import run

pytest.importorskip("awslambdaric", reason="starts functions as Lambda does, on Linux only")

OF_LAMBDA = {"timestamp", "level", "message", "logger", "requestId"}


@pytest.fixture(name="lines", scope="module")
def fixture_lines(project: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What a function writes that delivers one finding, under the real runtime client."""
    body = json.dumps(leaked_lambda_credentials())
    folder = tmp_path_factory.mktemp("lambda")
    write_known(folder)
    ran = run(
        "notifier.handler.handler",
        code=project / "lambda_src",
        environment=MAIL | {"LAMBDA_TASK_ROOT": str(folder)},
        events=[{"Records": [{"messageId": "m1", "receiptHandle": "r1", "body": body}]}],
        log=folder / "log",
    )
    assert ran.answers == [{"batchItemFailures": []}]
    return [json.loads(line) for line in ran.output.splitlines()]


def test_every_line_is_one_object_with_documented_fields(lines: list[dict[str, Any]]) -> None:
    assert lines
    for line in lines:
        assert set(line) <= OF_LAMBDA | documented("Field")
        assert line["destination"] == "security-mail"


def test_a_delivered_finding_is_a_line_that_the_metric_counts(lines: list[dict[str, Any]], sandbox: Templates) -> None:
    (line,) = (line for line in lines if line.get("outcome") == "delivered")
    assert (line["outcome"], line["level"], line["account"]) == ("delivered", "INFO", "111122223333")
    for filter_ in properties(sandbox["sandbox-Response"], "AWS::Logs::MetricFilter"):
        if "heartbeat" in filter_["FilterPattern"]:
            continue
        for dimension in filter_["MetricTransformations"][0].get("Dimensions", []):
            assert line[dimension["Value"].removeprefix("$.")]
