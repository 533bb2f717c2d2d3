"""The CloudFormation types keep their resources in our services, and replace what cannot be changed."""

from typing import Any

import pytest

from tools.emulator.account_region import AccountRegion
from tools.emulator.detective import Detective, DetectiveError
from tools.emulator.guardduty import GuardDuty
from tools.emulator.guardduty_rules import GuardDutyError
from tools.emulator.resource_types import Handler, handlers

HOME = AccountRegion("123456789012", "eu-west-1")


class Archives:
    """EventBridge archives, by name."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, object]] = {}

    def create_archive(self, request: dict[str, object]) -> str:
        self.kept[str(request["ArchiveName"])] = request
        return f"arn:aws:events:eu-west-1:123456789012:archive/{request['ArchiveName']}"

    def update_archive(self, request: dict[str, object]) -> None:
        self.kept[str(request["ArchiveName"])] = request

    def delete_archive(self, name: str) -> None:
        del self.kept[name]


@pytest.fixture
def guardduty() -> GuardDuty:
    return GuardDuty()


@pytest.fixture
def archives() -> Archives:
    return Archives()


@pytest.fixture
def types(guardduty: GuardDuty, archives: Archives) -> dict[str, Handler]:
    return handlers(guardduty=guardduty, detective=Detective(), events=archives, place=lambda: HOME)


def rule(detector: str, name: str, **changes: Any) -> dict[str, Any]:
    criteria = {"Criterion": {"type": {"Equals": ["A"]}}}
    return {"DetectorId": detector, "Name": name, "Action": "ARCHIVE", "FindingCriteria": criteria, **changes}


def names(guardduty: GuardDuty, detector: str) -> object:
    return guardduty.answer(HOME, "GET", f"/detector/{detector}/filter", {}).body["filterNames"]


def test_ref_and_id_of_a_detector_are_its_id(types: dict[str, Handler], guardduty: GuardDuty) -> None:
    reference, attributes = types["AWS::GuardDuty::Detector"]["create"]("D", {"Enable": True}, "stack")
    assert attributes == {"Id": reference}
    assert guardduty.answer(HOME, "GET", "/detector", {}).body == {"detectorIds": [reference]}


def test_a_detector_is_changed_in_place_and_deleted(types: dict[str, Handler], guardduty: GuardDuty) -> None:
    detector = types["AWS::GuardDuty::Detector"]
    reference, _ = detector["create"]("D", {"Enable": True}, "stack")
    assert detector["update"](reference, {"Enable": True}, {"Enable": False}, "stack")[0] == reference
    assert guardduty.answer(HOME, "GET", f"/detector/{reference}", {}).body["status"] == "DISABLED"
    detector["delete"](reference, {"Enable": False})
    assert guardduty.answer(HOME, "GET", "/detector", {}).body == {"detectorIds": []}


def test_ref_of_a_filter_is_its_name(types: dict[str, Handler], guardduty: GuardDuty) -> None:
    detector = guardduty.create_detector(HOME, {"Enable": True})
    assert types["AWS::GuardDuty::Filter"]["create"]("F", rule(detector, "one"), "stack") == ("one", {})
    types["AWS::GuardDuty::Filter"]["delete"]("one", rule(detector, "one"))
    assert names(guardduty, detector) == []


def test_a_renamed_filter_replaces_the_old_one(types: dict[str, Handler], guardduty: GuardDuty) -> None:
    detector = guardduty.create_detector(HOME, {"Enable": True})
    rules = types["AWS::GuardDuty::Filter"]
    rules["create"]("F", rule(detector, "one"), "stack")
    assert rules["update"]("one", rule(detector, "one"), rule(detector, "two"), "stack") == ("two", {})
    assert names(guardduty, detector) == ["two"]


def test_a_changed_filter_keeps_its_name(types: dict[str, Handler], guardduty: GuardDuty) -> None:
    detector = guardduty.create_detector(HOME, {"Enable": True})
    rules = types["AWS::GuardDuty::Filter"]
    rules["create"]("F", rule(detector, "one"), "stack")
    changed = rule(detector, "one", Action="NOOP")
    assert rules["update"]("one", rule(detector, "one"), changed, "stack") == ("one", {})
    assert guardduty.answer(HOME, "GET", f"/detector/{detector}/filter/one", {}).body["action"] == "NOOP"


def test_fails_to_deploy_a_filter_that_guardduty_refuses(types: dict[str, Handler], guardduty: GuardDuty) -> None:
    detector = guardduty.create_detector(HOME, {"Enable": True})
    criteria = {"Criterion": {"type": {"Equals": ["A"] * 51}}}
    with pytest.raises(GuardDutyError, match=r"filter one: type\.Equals: must hold 1 to 50 values, got 51"):
        types["AWS::GuardDuty::Filter"]["create"]("F", rule(detector, "one", FindingCriteria=criteria), "stack")


def test_ref_of_a_graph_is_its_arn(types: dict[str, Handler]) -> None:
    graph = types["AWS::Detective::Graph"]
    reference, attributes = graph["create"]("G", {}, "stack")
    assert reference.startswith("arn:aws:detective:eu-west-1:123456789012:graph:")
    assert attributes == {"Arn": reference}
    with pytest.raises(DetectiveError, match="account 123456789012 already has the graph"):
        graph["create"]("G2", {}, "stack")
    graph["delete"](reference, {})
    graph["create"]("G", {}, "stack")


def test_an_import_takes_over_what_is_there_and_changes_nothing(
    types: dict[str, Handler], guardduty: GuardDuty
) -> None:
    detector, _ = types["AWS::GuardDuty::Detector"]["create"]("D", {"Enable": True}, "older")
    graph, _ = types["AWS::Detective::Graph"]["create"]("G", {}, "older")
    before = guardduty.answer(HOME, "GET", f"/detector/{detector}", {}).body
    assert types["AWS::GuardDuty::Detector"]["import"]({"Id": detector}) == (detector, {"Id": detector})
    assert types["AWS::Detective::Graph"]["import"]({"Arn": graph}) == (graph, {"Arn": graph})
    after = guardduty.answer(HOME, "GET", f"/detector/{detector}", {}).body
    assert {**after, "updatedAt": ""} == {**before, "updatedAt": ""}


def test_fails_to_import_what_is_not_there(types: dict[str, Handler]) -> None:
    with pytest.raises(GuardDutyError):
        types["AWS::GuardDuty::Detector"]["import"]({"Id": "0" * 32})
    with pytest.raises(DetectiveError, match="is not a graph of account 123456789012 in eu-west-1"):
        types["AWS::Detective::Graph"]["import"]({"Arn": "arn:aws:detective:eu-west-1:123456789012:graph:0"})


def test_the_api_gives_the_graph_that_is_there() -> None:
    detective = Detective()
    graph = detective.create_graph(HOME)
    assert detective.create_graph(HOME) == graph


def test_fails_to_make_a_graph_where_there_is_no_detective() -> None:
    with pytest.raises(DetectiveError, match="Detective is not offered in eu-south-2"):
        Detective().create_graph(AccountRegion("123456789012", "eu-south-2"))


def test_an_archive_is_asked_for_in_the_words_of_the_api(types: dict[str, Handler], archives: Archives) -> None:
    properties = {"SourceArn": "arn:bus", "EventPattern": {"source": ["aws.guardduty"]}, "RetentionDays": 90}
    reference, attributes = types["AWS::Events::Archive"]["create"]("Archive", properties, "sandbox-Response")
    assert reference == "sandbox-Response-Archive"
    assert attributes["Arn"].endswith("archive/sandbox-Response-Archive")
    assert archives.kept[reference] == {
        "ArchiveName": reference,
        "EventSourceArn": "arn:bus",
        "EventPattern": {"source": ["aws.guardduty"]},
        "RetentionDays": 90,
    }
    types["AWS::Events::Archive"]["delete"](reference, properties)
    assert archives.kept == {}


def test_the_name_of_an_archive_fits_into_48_characters(types: dict[str, Handler]) -> None:
    reference, _ = types["AWS::Events::Archive"]["create"]("A" * 60, {"SourceArn": "arn:bus"}, "stack")
    assert len(reference) == 48


def test_an_archive_is_changed_in_place_unless_its_bus_changes(types: dict[str, Handler], archives: Archives) -> None:
    archive = types["AWS::Events::Archive"]
    before: dict[str, object] = {"ArchiveName": "findings", "SourceArn": "arn:one", "RetentionDays": 90}
    archive["create"]("A", before, "stack")
    longer = {**before, "RetentionDays": 365}
    assert archive["update"]("findings", before, longer, "stack")[0] == "findings"
    assert archives.kept["findings"]["RetentionDays"] == 365
    archive["update"]("findings", longer, {**longer, "SourceArn": "arn:two"}, "stack")
    assert archives.kept["findings"]["EventSourceArn"] == "arn:two"
