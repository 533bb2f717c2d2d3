"""A file with findings, as the events in which EventBridge carries them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NoReturn

from botocore.loaders import Loader
from botocore.model import ListShape, ServiceModel, Shape, StructureShape

from notifier.inert import inert
from tools.matching.event_patterns import Event
from tools.terminal.given_file import UnreadableFileError, given_text

_FORMS = "give an EventBridge event of GuardDuty, a finding, or the output of 'aws guardduty get-findings'"
_MARKS = ("type", "severity", "accountId", "region")
_FINDING = "GuardDuty Finding"
_NAME = 80


class NotAFindingError(ValueError):
    """What was given holds no finding that could be followed; the text says why and what would do."""


def read_events(path: str) -> tuple[Event, ...]:
    """The findings of a file; `-` reads standard input.

    Raises:
        NotAFindingError: The file cannot be read, is not JSON, or holds something else.
    """
    if not path:
        raise NotAFindingError("no file is named; give a finding, with make explain as FINDING=file.json")
    try:
        return tuple(events_of(_document(given_text(path))))
    except (NotAFindingError, UnreadableFileError) as error:
        raise NotAFindingError(f"{path}: {error}") from error


def events_of(document: object) -> Iterator[Event]:
    """The findings of a JSON document: an event, a finding, or a list of either.

    Raises:
        NotAFindingError: It holds something else.
    """
    found = document if isinstance(document, list) else _listed(document)
    if not found:
        raise NotAFindingError(f"holds no finding; {_FORMS}")
    for one in found:
        yield _event(one)


def _listed(document: object) -> list[object]:
    inside = document.get("Findings", document.get("findings")) if isinstance(document, Mapping) else None
    return inside if isinstance(inside, list) else [document]


def _event(one: object) -> Event:
    if not isinstance(one, Mapping):
        raise NotAFindingError(f"holds no finding, but {_said(one)}; {_FORMS}")
    if "detail" in one or "detail-type" in one:
        if (one.get("source"), one.get("detail-type")) != ("aws.guardduty", _FINDING):
            raise NotAFindingError(
                f"is an event of {_shown(one.get('source'), 'no source')}, "
                f"{_shown(one.get('detail-type'), 'no detail type')}: "
                "only findings of GuardDuty are followed"
            )
        if not isinstance(one.get("detail"), Mapping):
            raise NotAFindingError("is an event without a finding: its detail is no JSON object")
        if _is_of_the_api(one["detail"]):
            raise NotAFindingError(
                "is an event around a finding as the API writes it (Type, Severity): no event looks like that; give the"
                " finding without the event"
            )
        if not isinstance(one.get("region"), str):
            raise NotAFindingError("is an event without a region; where it arrives decides which filters it meets")
        return one
    wire = _wire(one, _finding_shape()) if _is_of_the_api(one) else one
    if not isinstance(wire, Mapping) or not all(name in wire for name in _MARKS):
        raise NotAFindingError(f"holds no finding: it has to have {', '.join(_MARKS)}; {_FORMS}")
    return event_around(wire)


def _shown(value: object, otherwise: str) -> str:
    """What somebody else wrote, on one line that no terminal acts on."""
    return inert(str(value), limit=_NAME) if value else otherwise


def _is_of_the_api(finding: Mapping[str, object]) -> bool:
    """Whether it has the names that `get-findings` and boto3 give, and not those of events."""
    return "Type" in finding and "Severity" in finding


def _said(value: object) -> str:
    """What a JSON value is, in words."""
    match value:
        case None:
            return "nothing (null)"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
    return "a list"


def event_around(detail: Mapping[str, object]) -> Event:
    """The event that carries a finding of this account and Region itself (GuardDuty user guide, EventBridge)."""
    return {
        "version": "0",
        "id": str(detail.get("id", "")),
        "detail-type": _FINDING,
        "source": "aws.guardduty",
        "account": detail.get("accountId"),
        "time": detail.get("updatedAt"),
        "region": detail.get("region"),
        "resources": [],
        "detail": detail,
    }


@cache
def _finding_shape() -> Shape:
    model = ServiceModel(Loader().load_service_model("guardduty", "service-2"))
    return model.shape_for("Finding")


def is_member(path: Sequence[str]) -> bool:
    """Whether findings have a member of that path, by its names in events (botocore guardduty 1.44.5)."""
    return _member(path) is not None


def is_text(path: Sequence[str]) -> bool:
    """Whether findings have a text there, or a list of them."""
    shape = _member(path)
    return shape is not None and shape.type_name == "string"


def _member(path: Sequence[str]) -> Shape | None:
    shape: Shape | None = _finding_shape()
    for name in path:
        members = shape.members.values() if isinstance(shape, StructureShape) else ()
        shape = next((member for member in members if member.serialization.get("name") == name), None)
        while isinstance(shape, ListShape):
            shape = shape.member
    return shape


def _wire(value: object, shape: Shape | None) -> object:
    """The API's PascalCase as EventBridge has it, name by name from the model (botocore guardduty 1.44.5)."""
    match shape:
        case ListShape() if isinstance(value, list):
            return [_wire(one, shape.member) for one in value]
        case StructureShape() if isinstance(value, Mapping):
            return {
                str(shape.members[name].serialization.get("name", name)) if name in shape.members else name: _wire(
                    inner, shape.members.get(name)
                )
                for name, inner in value.items()
            }
    return value


def _document(text: str) -> object:
    if not text.strip():
        raise NotAFindingError(f"the message is empty; {_FORMS}")
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise NotAFindingError("is nested too deeply") from None
    except ValueError as error:
        raise NotAFindingError(f"is not JSON: {error}") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
