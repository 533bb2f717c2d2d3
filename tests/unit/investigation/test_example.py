"""The example of a report is what the investigation makes of the example case, and the preview shows it.

`PYTHONPATH=lambda_src python -m tests.unit.investigation.test_example` writes it again.
"""

import json
from pathlib import Path

import pytest

from tests.unit.investigation.world import World, busy_case
from tools.preview import main

FILE = Path(__file__).parents[3] / "docs" / "examples" / "reports" / "leaked-lambda-credentials.json"


def example() -> str:
    """The event, as EventBridge would carry it."""
    world = busy_case(World())
    world.detective.indicators = [
        {"IndicatorType": "NEW_ASO", "IndicatorDetail": {"NewAsoDetail": {"Aso": "ExampleNet"}}},
        {
            "IndicatorType": "TTP_OBSERVED",
            "IndicatorDetail": {"TTPsObservedDetail": {"Tactic": "Persistence", "APIName": "CreateUser"}},
        },
    ]
    policy = {"Statement": [{"Effect": "Allow", "Action": ["s3:*", "dynamodb:GetItem", "dynamodb:Query"]}]}
    world.iam.inline = {"payments": json.dumps(policy)}
    world.investigate()
    event = {
        "version": "0",
        "id": "9d0f0c6e-0000-4000-8000-000000000001",
        "source": world.entry["Source"],
        "detail-type": world.entry["DetailType"],
        "account": world.settings.account,
        "time": world.clock.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": "eu-west-1",
        "resources": [],
        "detail": json.loads(world.entry["Detail"]),
    }
    return json.dumps(event, indent=2, ensure_ascii=False) + "\n"


def test_the_example_is_current() -> None:
    assert FILE.read_text(encoding="utf-8") == example()


@pytest.mark.parametrize("destination", ["slack", "teams", "sns", "pagerduty", "webhook"])
def test_the_preview_shows_it(destination: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(FILE), "--destination", destination]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert (
        "Investigated: 4 calls from outside, 1 changed something" in shown or "was used from 1 outside address" in shown
    )


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(example(), encoding="utf-8")
