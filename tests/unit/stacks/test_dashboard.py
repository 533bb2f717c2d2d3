"""The dashboard shows every Region, route, queue and function of the deployment."""

import json
from typing import Any

import pytest

from tests.deployments import EVERYTHING
from tests.synthesis import Template, Templates, finding_rules, functions, logical_id, only, properties, resources


def shown(part: object) -> str:
    return part if isinstance(part, str) else logical_id(part)


@pytest.fixture(name="graphs", scope="module")
def fixture_graphs(everything: Templates) -> dict[str, list[list[Any]]]:
    """The metrics of each graph by its title, with logical ids where names are made at deployment."""
    (body,) = properties(everything["prod-Response"], "AWS::CloudWatch::Dashboard")
    text = "".join(shown(part) for part in body["DashboardBody"]["Fn::Join"][1])
    return {widget["properties"]["title"]: widget["properties"]["metrics"] for widget in json.loads(text)["widgets"]}


@pytest.fixture(name="response", scope="module")
def fixture_response(everything: Templates) -> Template:
    return everything["prod-Response"]


def test_every_route_is_counted(graphs: dict[str, list[list[Any]]], response: Template) -> None:
    assert {metric[5] for metric in graphs["Findings by route"]} == set(finding_rules(response))
    assert {metric[3] for metric in graphs["Findings by route"]} == {"acme-detection-findings"}


def test_what_filters_match_and_hide_is_shown_for_every_region(graphs: dict[str, list[list[Any]]]) -> None:
    found = {
        (metric["region"], name)
        for (metric,) in graphs["Hidden, by filter and Region"]
        for name in ("FindingsMatchedByFilter", "FindingsSuppressedByFilter")
        if f'MetricName="{name}"' in metric["expression"]
    }
    assert found == {
        (region, name)
        for region in ("eu-central-1", "eu-south-2", "ap-east-2")
        for name in ("FindingsMatchedByFilter", "FindingsSuppressedByFilter")
    }


def test_every_queue_and_function_is_shown(graphs: dict[str, list[list[Any]]], response: Template) -> None:
    queues = resources(response, "AWS::SQS::Queue")
    waiting = {id_ for id_, queue in queues.items() if "RedrivePolicy" in queue["Properties"]}
    dead = {queues[id_]["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0] for id_ in waiting}
    assert {metric[3] for metric in graphs["Waiting, age in seconds"]} == waiting
    assert {metric[3] for metric in graphs["Dead letters"]} == dead
    assert {metric[3] for metric in graphs["Notifiers"]} == set(functions(response, "notifier"))


def test_what_became_of_messages_is_shown_for_every_destination(graphs: dict[str, list[list[Any]]]) -> None:
    names = [destination.name for destination in EVERYTHING.destinations]
    for title, outcomes in {
        "Told": ("delivered", "deduplicated", "held-back"),
        "Not told, or not in full": ("retried", "deferred", "permanent", "degraded", "ledger-failed"),
    }.items():
        assert [metric[:-1] for metric in graphs[title]] == [
            ["DetectionStack/prod", "Outcomes", "Destination", name, "Outcome", outcome]
            for name in names
            for outcome in outcomes
        ]


def test_there_is_one_dashboard_in_the_home_region(everything: Templates) -> None:
    boards = {name: len(resources(one, "AWS::CloudWatch::Dashboard")) for name, one in everything.items()}
    assert only([{name: 1} for name, count in boards.items() if count]) == {"prod-Response": 1}
