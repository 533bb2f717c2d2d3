"""The CloudFormation resource types that the emulator lacks, in the form in which it takes them."""

from collections.abc import Callable, Mapping
from typing import Protocol, TypedDict

from tools.emulator.account_region import AccountRegion
from tools.emulator.detective import Detective, DetectiveError
from tools.emulator.guardduty import GuardDuty
from tools.emulator.guardduty_lists import IP_SET, TRUSTED_ENTITY_SET, ListKind

Properties = Mapping[str, object]
Created = tuple[str, dict[str, str]]
"""Physical id (what `Ref` gives) and attributes (what `Fn::GetAtt` gives)."""


Importing = TypedDict("Importing", {"import": Callable[[Mapping[str, str]], Created]}, total=False)
"""What it calls for a resource that is there already, where the type can be imported: by its identifier."""


class Handler(Importing):
    """What the emulator calls for one resource type."""

    create: Callable[[str, Properties, str], Created]
    update: Callable[[str, Properties, Properties, str], Created]
    delete: Callable[[str, Properties], None]


class Events(Protocol):
    """What is needed of EventBridge; in the emulator it has no CloudFormation form of its own."""

    def create_archive(self, request: dict[str, object]) -> str:
        """Create an archive; returns its ARN."""

    def update_archive(self, request: dict[str, object]) -> None:
        """Change an archive in place."""

    def delete_archive(self, name: str) -> None:
        """Remove an archive and what it holds."""


def handlers(
    *, guardduty: GuardDuty, detective: Detective, events: Events, place: Callable[[], AccountRegion]
) -> dict[str, Handler]:
    """A handler for each type, keeping its resources in the given services.

    Args:
        guardduty: Keeps detectors, filters and trusted lists.
        detective: Keeps graphs.
        events: Keeps archives.
        place: Account and Region of the stack that is being deployed at the moment of the call.
    """
    return {
        "AWS::GuardDuty::Detector": _detector(guardduty, place),
        "AWS::GuardDuty::Filter": _filter(guardduty, place),
        "AWS::GuardDuty::IPSet": _trusted_list(IP_SET, guardduty, place),
        "AWS::GuardDuty::TrustedEntitySet": _trusted_list(TRUSTED_ENTITY_SET, guardduty, place),
        "AWS::Detective::Graph": _graph(detective, place),
        "AWS::Events::Archive": _archive(events),
    }


def _detector(guardduty: GuardDuty, place: Callable[[], AccountRegion]) -> Handler:
    def create(_logical_id: str, properties: Properties, _stack: str) -> Created:
        detector_id = guardduty.create_detector(place(), properties)
        return detector_id, {"Id": detector_id}

    def update(physical_id: str, _old: Properties, properties: Properties, _stack: str) -> Created:
        guardduty.update_detector(place(), physical_id, properties)
        return physical_id, {"Id": physical_id}

    def delete(physical_id: str, _properties: Properties) -> None:
        guardduty.delete_detector(place(), physical_id)

    def take_over(identifier: Mapping[str, str]) -> Created:
        detector_id = identifier["Id"]
        # refuses an id that is not there, as CloudFormation does
        guardduty.update_detector(place(), detector_id, {})
        return detector_id, {"Id": detector_id}

    return {"create": create, "update": update, "delete": delete, "import": take_over}


def _filter(guardduty: GuardDuty, place: Callable[[], AccountRegion]) -> Handler:
    def create(_logical_id: str, properties: Properties, _stack: str) -> Created:
        return guardduty.create_filter(place(), properties), {}

    def update(physical_id: str, old: Properties, properties: Properties, _stack: str) -> Created:
        # DetectorId and Name are create-only: CloudFormation makes the new filter before it deletes the old one.
        if (old.get("DetectorId"), old.get("Name")) != (properties.get("DetectorId"), properties.get("Name")):
            replacement = guardduty.create_filter(place(), properties)
            delete(physical_id, old)
            return replacement, {}
        guardduty.update_filter(place(), properties)
        return physical_id, {}

    def delete(physical_id: str, properties: Properties) -> None:
        guardduty.delete_filter(place(), str(properties.get("DetectorId")), physical_id)

    return {"create": create, "update": update, "delete": delete}


def _trusted_list(kind: ListKind, guardduty: GuardDuty, place: Callable[[], AccountRegion]) -> Handler:
    def create(_logical_id: str, properties: Properties, _stack: str) -> Created:
        list_id = guardduty.create_list(place(), kind, properties)
        return list_id, {"Id": list_id}

    def update(physical_id: str, old: Properties, properties: Properties, _stack: str) -> Created:
        # DetectorId and Format are create-only: the new list comes first, and one account cannot have two.
        if (old.get("DetectorId"), old.get("Format")) != (properties.get("DetectorId"), properties.get("Format")):
            replacement = guardduty.create_list(place(), kind, properties)
            delete(physical_id, old)
            return replacement, {"Id": replacement}
        guardduty.update_list(place(), kind, physical_id, properties)
        return physical_id, {"Id": physical_id}

    def delete(physical_id: str, properties: Properties) -> None:
        guardduty.delete_list(place(), kind, str(properties.get("DetectorId")), physical_id)

    return {"create": create, "update": update, "delete": delete}


def _graph(detective: Detective, place: Callable[[], AccountRegion]) -> Handler:
    def create(_logical_id: str, _properties: Properties, _stack: str) -> Created:
        # An assumption: CreateGraph itself returns the graph there is, and nobody documents whether CloudFormation's
        # handler passes that on or refuses. The refusal is what a deployment has to be able to say.
        if there := detective.graph(place()):
            raise DetectiveError(f"account {place().account} already has the graph {there}")
        arn = detective.create_graph(place())
        return arn, {"Arn": arn}

    def update(physical_id: str, _old: Properties, _properties: Properties, _stack: str) -> Created:
        return physical_id, {"Arn": physical_id}

    def delete(physical_id: str, _properties: Properties) -> None:
        detective.delete_graph(place(), physical_id)

    def take_over(identifier: Mapping[str, str]) -> Created:
        arn = identifier["Arn"]
        if detective.graph(place()) != arn:
            raise DetectiveError(f"{arn} is not a graph of account {place().account} in {place().region}")
        return arn, {"Arn": arn}

    return {"create": create, "update": update, "delete": delete, "import": take_over}


def _archive(events: Events) -> Handler:
    def request(name: str, properties: Properties) -> dict[str, object]:
        # The template says SourceArn and writes the pattern as an object; the API says EventSourceArn and takes text.
        return {
            **{key: value for key, value in properties.items() if key != "SourceArn"},
            "ArchiveName": name,
            "EventSourceArn": properties.get("SourceArn", ""),
        }

    def create(logical_id: str, properties: Properties, stack: str) -> Created:
        name = str(properties.get("ArchiveName") or f"{stack}-{logical_id}"[-48:].lstrip("-"))
        return name, {"Arn": events.create_archive(request(name, properties)), "ArchiveName": name}

    def update(physical_id: str, old: Properties, properties: Properties, stack: str) -> Created:
        if (old.get("ArchiveName"), old.get("SourceArn")) != (
            properties.get("ArchiveName"),
            properties.get("SourceArn"),
        ):
            delete(physical_id, old)
            return create(physical_id, properties, stack)
        events.update_archive(request(physical_id, properties))
        return physical_id, {"ArchiveName": physical_id}

    def delete(physical_id: str, _properties: Properties) -> None:
        events.delete_archive(physical_id)

    return {"create": create, "update": update, "delete": delete}
