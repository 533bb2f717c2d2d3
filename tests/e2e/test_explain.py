"""What `explain` says before deployment is what the deployed stack then does, for every case; and so is its engine."""

import copy
import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import DeployedStack
from tests.findings import EXAMPLES_FOLDER, event, leaked_lambda_credentials, low_finding
from tests.unit.tools.test_event_patterns import TELLING
from tools.cases.reader import Question, case_files, read_cases
from tools.journey.answers import patterns_of
from tools.journey.journey import Journey, Outcome, journeys
from tools.journey.world import World, read_world
from tools.matching.deployed_filters import deployed_filters
from tools.matching.event_patterns import matches
from tools.matching.guardduty_filters import archiving_filter
from tools.templates.assembly import read_assembly

pytestmark = pytest.mark.e2e

SLACK, MAIL = "security-slack", "security-mail"
_KEYS = count()


@cache
def deployed_world(templates: Path) -> World:
    return read_world(read_assembly(templates), name="sandbox")


def questions() -> list[Question]:
    """The cases about the sandbox; which entry hides what is for other tests, so any day will do."""
    return [
        one for one in read_cases(case_files(), deployments=["organization", "sandbox"]) if one.deployment == "sandbox"
    ]


def findings() -> list[Any]:
    """Every case, and every finding of the demo and the documentation."""
    cases = [pytest.param(one.event, id=one.name.replace(" ", "-")) for one in questions()]
    files = [
        pytest.param(json.loads(file.read_text(encoding="utf-8")), id=file.stem)
        for file in sorted(EXAMPLES_FOLDER.glob("*.json"))
    ]
    return [*cases, *files]


def fresh(finding: dict[str, Any]) -> dict[str, Any]:
    """The same as a case of its own: nobody was told of it before."""
    number, made = next(_KEYS), copy.deepcopy(finding)
    made["detail"]["id"] = f"{number:032x}"
    if "accessKeyDetails" in made["detail"]["resource"]:
        made["detail"]["resource"]["accessKeyDetails"]["accessKeyId"] = f"ASIAEXPL{number:012}"
    return made


@pytest.fixture(scope="module", autouse=True)
def room(deployed: DeployedStack) -> Iterator[None]:
    """Room for every finding: two of a kind in a minute of many would be told in one roll-up, rightly so."""
    functions = deployed.aws.client("lambda", deployed.home)

    def give(**more: str) -> None:
        for route in deployed.routes.values():
            variables = {**route.environment, **more}
            functions.update_function_configuration(FunctionName=route.function, Environment={"Variables": variables})

    give(MESSAGES_PER_MINUTE="600")
    yield
    give()


@pytest.mark.parametrize("finding", findings())
def test_what_is_explained_is_what_happens(stack: DeployedStack, finding: dict[str, Any]) -> None:
    made = fresh(finding)
    (told,) = journeys(deployed_world(stack.templates), [made])
    if told.outcome is Outcome.UNWATCHED:
        assert made["region"] not in stack.setting.deployment.regions
        return
    # Filters are GuardDuty's, which this AWS does not play: asked of those that were really deployed.
    verdict = archiving_filter(made["detail"], deployed_filters(stack.aws.client("guardduty", made["region"])))
    assert set(verdict.archiving) == {one.filter for one in told.hiding.archived_by}
    if verdict.archived:
        assert (told.outcome, told.told) == (Outcome.SUPPRESSED, ())
        return
    stack.aws.emit(made["region"], made)
    names = [one.destination.name for one in told.told]
    assert stack.arrived(mails=names.count(MAIL), slack=names.count(SLACK)), (stack.mails, stack.slack)
    assert said(told, SLACK) == list(stack.slack)
    assert said(told, MAIL) == [{"Subject": mail.subject, "Message": mail.body} for mail in stack.mails]


def said(told: Journey, name: str) -> list[object]:
    """The messages that were foretold for a destination."""
    return [
        payload for one in told.told if one.destination.name == name for payload in one.destination.payloads(told.event)
    ]


def samples() -> list[dict[str, Any]]:
    """Findings of every kind and severity, events that are none, and what patterns were recorded about."""
    severities = (0.5, 1, 3.9, 4, 6.9, 7, 7.0, 8.95, 9, 10, "8", None)
    notice = {"source": "detection-stack", "detail-type": "Suppression Notice", "detail": {"to": [SLACK, "gone"]}}
    others: list[dict[str, Any]] = [{"source": "custom.guardduty"}, {"detail-type": "guardduty finding"}, notice]
    return [
        *(question.event for question in questions()),
        *(json.loads(file.read_text(encoding="utf-8")) for file in sorted(EXAMPLES_FOLDER.glob("*.json"))),
        *(leaked_lambda_credentials(severity=severity) for severity in severities),
        *(leaked_lambda_credentials() | other for other in others),
        low_finding(),
        event({"type": "Brand:New/Kind.OfFinding"}),
        *(event({}) | one["event"] for one in TELLING),
    ]


def test_the_engine_agrees_with_the_emulator_on_every_rule_and_every_sample(stack: DeployedStack) -> None:
    patterns = list(
        {json.dumps(p): p for p in patterns_of(deployed_world(stack.templates), each_condition=True)}.values()
    )
    patterns += [one["pattern"] for one in TELLING]
    asked = samples()
    client = stack.aws.client("events", stack.home)
    for pattern, row in zip(patterns, matches(patterns, asked), strict=True):
        for sample, answer in zip(asked, row, strict=True):
            result = client.test_event_pattern(EventPattern=json.dumps(pattern), Event=json.dumps(sample))["Result"]
            assert result is answer, (pattern, sample)


def test_the_rules_that_are_deployed_are_the_rules_that_are_read(stack: DeployedStack) -> None:
    world = deployed_world(stack.templates)
    read = {(bus.region, bus.name, rule.name): rule for bus, rules in world.rules.items() for rule in rules}
    found = {}
    for region in stack.setting.deployment.regions:
        client = stack.aws.client("events", region)
        for bus in client.list_event_buses()["EventBuses"]:
            for rule in client.list_rules(EventBusName=bus["Name"])["Rules"]:
                if "EventPattern" in rule:
                    found[region, bus["Name"], rule["Name"]] = json.loads(rule["EventPattern"])
    assert read.keys() == found.keys()
    for key, known in read.items():
        # What CloudFormation filled in was not read, and so is not compared; of its account a deployment need not know.
        pattern = json.loads(json.dumps(known.pattern).replace("unknown-account", stack.aws.account))
        assert known.computed or pattern == found[key], key


def test_the_cases_are_about_a_day_on_which_the_entries_hold() -> None:
    assert {question.today for question in questions()} == {date(2026, 11, 23)}
