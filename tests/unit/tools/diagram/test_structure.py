"""What the picture shows is what the templates say: exactly these nodes and lines of a deployment like the sandbox."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tools.diagram.model import Diagram
from tools.diagram.structure import structure_of
from tools.templates.assembly import read_assembly


@pytest.fixture(scope="module")
def sandbox_diagram(sandbox_folder: Path) -> Diagram:
    return structure_of(read_assembly(sandbox_folder), name="sandbox")


@pytest.fixture(scope="module")
def everything_diagram(everything_folder: Path) -> Diagram:
    return structure_of(read_assembly(everything_folder), name="prod")


def way(diagram: Diagram, *kinds: str) -> set[tuple[str, str, str]]:
    """The lines of some kinds, with the last part of what they join."""
    return {
        (line.source.removeprefix("sandbox-"), line.kind, line.target.removeprefix("sandbox-"))
        for line in diagram.lines
        if line.kind in kinds
    }


def changed(folder: Path, into: Path, stack: str, change: Callable[[dict[str, Any]], None]) -> Diagram:
    """The structure after a change of one template."""
    for file in folder.iterdir():
        if file.is_file():
            (into / file.name).write_bytes(file.read_bytes())
    template = into / f"{stack}.template.json"
    content = json.loads(template.read_text(encoding="utf-8"))
    change(content["Resources"])
    template.write_text(json.dumps(content), encoding="utf-8")
    return structure_of(read_assembly(into), name="sandbox")


def test_the_way_of_a_finding_is_drawn_from_guardduty_to_the_people(sandbox_diagram: Diagram) -> None:
    assert way(sandbox_diagram, "finds", "hides", "matches", "targets", "polls", "publishes", "mails", "sends") == {
        ("Detection/GuardDuty", "finds", "Detection/default bus"),
        ("Detection/GuardDuty", "hides", "Detection/filter"),
        ("Detection/default bus", "matches", "Detection/Forwarder/Rule"),
        ("Detection/default bus", "matches", "Response/Watch/1"),
        ("Detection/Forwarder/Rule", "targets", "Response/Bus"),
        ("Response/Bus", "matches", "Response/CatchAll/Rule"),
        ("Response/Bus", "matches", "Response/Investigation/Rule"),
        ("Response/Bus", "matches", "Response/Route-high/Rule"),
        ("Response/CatchAll/Rule", "targets", "Response/To-security-mail/Queue"),
        ("Response/Watch/1", "targets", "Response/To-security-mail/Queue"),
        ("Response/Route-high/Rule", "targets", "Response/To-security-slack/Queue"),
        ("Response/Investigation/Rule", "targets", "Response/Investigation/Starter/Function"),
        ("Response/To-security-mail/Queue", "polls", "Response/To-security-mail/Notifier/Function"),
        ("Response/To-security-slack/Queue", "polls", "Response/To-security-slack/Notifier/Function"),
        ("Response/To-security-mail/Notifier/Function", "publishes", "Response/Topic-security-mail"),
        ("Response/Topic-security-mail", "mails", "mail security@example.com"),
        ("Response/To-security-slack/Notifier/Function", "sends", "slack security-slack"),
    }


def test_what_cannot_be_delivered_leads_to_alarms_and_to_whom_they_warn(sandbox_diagram: Diagram) -> None:
    assert way(sandbox_diagram, "redrives", "rings", "warns", "gives up, and rings") == {
        ("Response/To-security-mail/Queue", "redrives", "Response/dead letters"),
        ("Response/To-security-slack/Queue", "redrives", "Response/dead letters"),
        ("Response/dead letters", "rings", "Response/alarms"),
        ("Response/alarms", "warns", "mail platform@example.com"),
        ("Detection/Forwarder/Rule", "gives up, and rings", "Detection/alarms"),
        ("Detection/alarms", "warns", "mail platform@example.com"),
    }


def test_the_investigation_and_the_review_look_where_their_rights_let_them(sandbox_diagram: Diagram) -> None:
    assert way(sandbox_diagram, "starts", "runs", "looks into", "reports", "assumes") == {
        ("Response/Investigation/Starter/Function", "starts", "Response/Investigation/Machine"),
        ("Response/Investigation/Machine", "runs", "Response/Investigation/Worker/Function"),
        ("Response/Investigation/Worker/Function", "looks into", "Detection/CloudTrail"),
        ("Response/Investigation/Worker/Function", "looks into", "Detection/Detective"),
        ("Response/Investigation/Worker/Function", "reports", "Response/Bus"),
        ("Response/SuppressionReview/Worker/Function", "looks into", "Detection/GuardDuty"),
        ("Response/SuppressionReview/Worker/Function", "reports", "Response/Bus"),
    }


def test_regions_stand_in_one_frame_which_says_what_only_some_of_them_have(everything_diagram: Diagram) -> None:
    (frame,) = [one for one in everything_diagram.frames if one.id == "prod-Detection"]
    assert (frame.title, frame.detail) == ("eu-central-1 and 2 further Regions", "stack prod-Detection-<Region>")
    nodes = {one.id: one for one in everything_diagram.nodes}
    assert (nodes["prod-Detection/Detective"].holds, nodes["prod-Detection/Detective"].some) == (1, "1 of 3")
    assert (nodes["prod-Detection/GuardDuty"].holds, nodes["prod-Detection/GuardDuty"].some) == (3, "")


def test_an_organization_stands_in_three_kinds_of_account(everything_diagram: Diagram) -> None:
    assert {(one.id, one.title) for one in everything_diagram.frames if one.kind == "account"} == {
        ("account 111122223333", "Security account 111122223333"),
        ("account 999988887777", "Management account 999988887777"),
        ("members", "Member accounts"),
    }
    worker = "Organization/Worker/Function"
    assert way(everything_diagram, "appoints", "enrols", "is watched", "makes", "assumes") == {
        (f"prod-Delegation/Delegation/{worker}", "appoints", "prod-Detection/GuardDuty"),
        (f"prod-Delegation/Delegation/{worker}", "appoints", "prod-Detection/Detective"),
        (f"prod-Organization/Enrolment/{worker}", "enrols", "members Workloads"),
        ("members Workloads", "is watched", "prod-Detection/GuardDuty"),
        ("prod-Delegation/InvestigationRole", "makes", "member role detection-reader"),
        ("prod-Response/Investigation/Worker/Function", "assumes", "member role detection-reader"),
    }


def test_each_kind_of_destination_ends_at_who_is_told(everything_diagram: Diagram) -> None:
    outside = {one.id for one in everything_diagram.nodes if not one.within and one.kind != "mail"}
    assert outside == {
        "slack soc-slack", "slack pci-slack", "chat soc-chat", "teams soc-teams", "pagerduty on-call", "webhook siem",
        "pipeline Pipeline",
    }  # fmt: skip


def test_every_line_joins_two_nodes_and_every_node_stands_in_a_frame(everything_diagram: Diagram) -> None:
    nodes, frames = {one.id for one in everything_diagram.nodes}, {one.id for one in everything_diagram.frames}
    assert {end for line in everything_diagram.lines for end in (line.source, line.target)} <= nodes
    assert {one.within for one in everything_diagram.nodes} <= frames | {""}
    assert len(nodes) == len(everything_diagram.nodes)


def test_a_rule_without_its_target_loses_its_line(
    sandbox_folder: Path, tmp_path: Path, sandbox_diagram: Diagram
) -> None:
    def without_target(resources: dict[str, Any]) -> None:
        (rule,) = [one for one in resources.values() if one.get("Properties", {}).get("Name") == "high"]
        rule["Properties"]["Targets"] = []

    after = changed(sandbox_folder, tmp_path, "sandbox-Response", without_target)
    lost = [one for one in sandbox_diagram.compared_with(after) if one.startswith("+ line")]
    to_slack = "sandbox-Response/Route-high/Rule -targets-> sandbox-Response/To-security-slack/Queue"
    assert f"+ line {to_slack}, said 2 times" in lost


def test_one_dead_letter_queue_less_behind_a_rule_is_seen(
    sandbox_folder: Path, tmp_path: Path, sandbox_diagram: Diagram
) -> None:
    def without(resources: dict[str, Any]) -> None:
        name = "notices-security-mail"
        (rule,) = [one for one in resources.values() if one.get("Properties", {}).get("Name") == name]
        del rule["Properties"]["Targets"][0]["DeadLetterConfig"]

    after = changed(sandbox_folder, tmp_path, "sandbox-Response", without)
    line = "line sandbox-Response/CatchAll/Rule -gives up-> sandbox-Response/dead letters, said"
    assert sandbox_diagram.compared_with(after) == (f"+ {line} 3 times", f"- {line} 2 times")


def test_a_detector_of_another_owner_is_drawn_as_such(sandbox_folder: Path, tmp_path: Path) -> None:
    def without_detector(resources: dict[str, Any]) -> None:
        for id_ in [id_ for id_, one in resources.items() if one["Type"].startswith("AWS::GuardDuty::")]:
            del resources[id_]

    after = changed(sandbox_folder, tmp_path, "sandbox-Detection-eu-west-1", without_detector)
    nodes = {one.id: one for one in after.nodes if one.kind == "guardduty"}
    assert {(one.title, one.detail, one.some) for one in nodes.values()} == {
        ("GuardDuty", "detector", "1 of 2"),
        ("GuardDuty", "of another owner", ""),
    }
    assert {line.source for line in after.lines if line.kind == "finds"} == set(nodes)


def test_in_an_organization_it_is_drawn_where_it_is_watched(everything_folder: Path) -> None:
    assembly = read_assembly(everything_folder)
    stacks = {
        name: replace(
            stack,
            resources={id_: one for id_, one in stack.resources.items() if one.type != "AWS::GuardDuty::Detector"},
        )
        for name, stack in assembly.stacks.items()
    }
    diagram = structure_of(replace(assembly, stacks=stacks), name="prod")
    (guardduty,) = [one for one in diagram.nodes if one.kind == "guardduty"]
    assert (guardduty.within, guardduty.detail) == ("prod-Detection", "of another owner")
    assert guardduty.id in {line.target for line in diagram.lines if line.kind == "appoints"}


def test_a_structure_survives_its_way_through_json(everything_diagram: Diagram) -> None:
    assert Diagram.from_data(json.loads(json.dumps(everything_diagram.as_data()))) == everything_diagram


@pytest.mark.parametrize("data", [{}, {"name": "x", "frames": [{"size": 1}], "nodes": [], "lines": []}])
def test_what_is_no_structure_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="is no structure of a diagram"):
        Diagram.from_data(data)
