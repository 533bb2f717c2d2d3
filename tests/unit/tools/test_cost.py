"""What the cost command counts, and that its page is current."""

import re
from datetime import date
from pathlib import Path

import pytest

from tools.cost.__main__ import PAGE, main, templates_of
from tools.cost.page import EXAMPLES, charge_rows, worked
from tools.cost.prices import ALARM, DASHBOARD, DATE, KEY, METRIC, POLLING, SECRET
from tools.cost.standing import standing
from tools.templates.assembly import Assembly, Json, Resource, Stack


def stack(name: str, *resources: tuple[str, Json]) -> Stack:
    made = {
        f"R{place}": Resource(logical_id=f"R{place}", type=kind, label="", properties=properties, attributes={})
        for place, (kind, properties) in enumerate(resources)
    }
    return Stack(name=name, account="111122223333", region="eu-west-1", resources=made)


def assembly(*stacks: Stack) -> Assembly:
    return Assembly(folder=Path(), stacks={one.name: one for one in stacks})


def function(**variables: object) -> tuple[str, dict[str, object]]:
    return "AWS::Lambda::Function", {"Environment": {"Variables": variables}}


def test_an_alarm_costs_by_the_metric_that_it_reads() -> None:
    plain = ("AWS::CloudWatch::Alarm", {"MetricName": "Errors"})
    sum_of_two = (
        "AWS::CloudWatch::Alarm",
        {"Metrics": [{"MetricStat": {}}, {"MetricStat": {}}, {"Expression": "a + b", "ReturnData": True}]},
    )
    (charge,) = standing(assembly(stack("one", plain, sum_of_two), stack("two", plain)))
    assert (charge.price, charge.count, charge.stacks, charge.each) == (ALARM, 4, 2, (1, 3))
    assert charge.dollars == pytest.approx(0.40)


def test_two_functions_with_one_secret_pay_for_one() -> None:
    functions = (function(SLACK_WEBHOOK_SECRET="a"), function(SLACK_WEBHOOK_SECRET="a"), function(WEBHOOK_SECRET="b"))
    (charge,) = standing(assembly(stack("one", *functions, ("AWS::Lambda::Function", {}))))
    assert (charge.price, charge.count) == (SECRET, 2)


def test_everything_with_a_standing_price_is_counted_and_nothing_else() -> None:
    kinds = (
        "AWS::KMS::Key", "AWS::CloudWatch::Dashboard", "AWS::Logs::MetricFilter", "AWS::Lambda::EventSourceMapping",
        "AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::GuardDuty::Detector",
    )  # fmt: skip
    found = standing(assembly(stack("one", *((kind, {}) for kind in kinds))))
    assert [(charge.price, charge.count) for charge in found] == [(METRIC, 1), (DASHBOARD, 1), (KEY, 1), (POLLING, 1)]
    assert [row[3] for row in charge_rows(found)] == ["0.30", "3.00", "1.00", "0.26"]


def test_the_page_tells_what_the_templates_hold() -> None:
    # The small example only: the large one would take the suite ten seconds, and goes the same way.
    small = EXAMPLES[0]
    section = worked(small, templates_of(small.deployment, today=date.fromisoformat(DATE)))
    assert section in PAGE.read_text(encoding="utf-8"), "run: python -m tools cost --write"


def test_fails_for_an_unknown_deployment(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prod"]) == 2
    error = capsys.readouterr().err
    assert error.splitlines()[-1].startswith("cost: ")
    assert "sandbox" in error


def test_the_readme_has_the_sum_of_the_page(project: Path) -> None:
    (of_the_sandbox, *_) = re.findall(r"the plumbing is ([0-9.]+) of it", PAGE.read_text(encoding="utf-8"))
    readme = (project / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"The rest is (\d+) dollars a month for the sandbox", readme) == [f"{float(of_the_sandbox):.0f}"]
