"""From files of cases to findings and expectations: every mistake at once, each with its line."""

import copy
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from infra.config import ConfigurationError, Problem
from infra.config.errors import Path
from infra.config.reading.translate import problems_of
from infra.config.reading.yaml_source import YamlSource, read_yaml
from infra.config.wording import near, sentence, shown, words
from infra.project import PROJECT
from tools.cases.model import Case, CaseFile, Expected
from tools.journey.finding_file import NotAFindingError, is_member, is_text, read_events
from tools.matching.event_patterns import Event

FOLDER = PROJECT / "config" / "cases"
_CALLER = ("service", "action", "awsApiCallAction", "remoteIpDetails")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One finding, and what is expected of it in one deployment.

    Attributes:
        place: File and line of the expectation.
        today: The day as of which it holds; None for the day of the check.
    """

    place: str
    name: str
    deployment: str
    event: Event
    expected: Expected
    today: date | None


def read_cases(files: Sequence[FilePath], *, deployments: Sequence[str]) -> tuple[Question, ...]:
    """Read files of cases.

    Args:
        files: The files.
        deployments: The names that an expectation may be about.

    Raises:
        ConfigurationError: With every mistake of all files.
    """
    problems: list[Problem] = []
    questions: list[Question] = []
    for file in files:
        try:
            questions += _read(file, deployments)
        except ConfigurationError as error:
            problems += error.problems
    if problems:
        raise ConfigurationError(problems)
    return tuple(questions)


def case_files() -> tuple[FilePath, ...]:
    """The files of `config/cases`, as messages name them."""
    return tuple(FilePath(os.path.relpath(file)) for file in sorted(FOLDER.glob("*.yaml")))


def _read(file: FilePath, deployments: Sequence[str]) -> Iterator[Question]:
    source = read_yaml(file)
    try:
        content = CaseFile.model_validate(source.data)
    except ValidationError as error:
        raise ConfigurationError([*source.problems, *problems_of(error, model=CaseFile, source=source)]) from error
    found, problems = [], list(source.problems)
    for number, case in enumerate(content.cases):
        at: Path = ("cases", number)
        for name in case.expect:
            if name not in deployments:
                text = sentence(
                    f"no configuration {shown(name)}", near(name, deployments), f"known: {words(deployments)}"
                )
                problems.append(_problem(source, (*at, "expect", name), text))
        try:
            event = _event(case)
        except _RefusedAt as refusal:
            problems.append(_problem(source, (*at, *refusal.path), str(refusal)))
            continue
        found += [
            Question(
                place=f"{source.file}:{source.position((*at, 'expect', name)).key_line}",
                name=case.name,
                deployment=name,
                event=event,
                expected=expected,
                today=content.today,
            )
            for name, expected in case.expect.items()
        ]
    if problems:
        raise ConfigurationError(problems)
    yield from found


class _RefusedAt(Exception):
    """A part of a case that cannot be used; its path within the case."""

    def __init__(self, text: str, path: Path) -> None:
        super().__init__(text)
        self.path = path


def _event(case: Case) -> Event:
    try:
        (event,) = read_events(str(PROJECT / case.finding))
    except NotAFindingError as error:
        raise _RefusedAt(str(error).replace(f"{PROJECT}/", ""), ("finding",)) from error
    except ValueError as error:
        raise _RefusedAt("must hold one finding, got several; give each a case of its own", ("finding",)) from error
    detail: dict[str, Any] = copy.deepcopy(dict(_mapping(event["detail"])))
    changes: dict[Path, tuple[str, object]] = {
        ("overrides", path): (path, value) for path, value in case.overrides.items()
    }
    if case.caller is not None:
        # One address in place of every other: what else the file knows of it, such as its country, stays.
        for known in ("ipAddressV4", "ipAddressV6"):
            _mapping(_at(detail, _CALLER)).pop(known, None)
        given = f"ipAddressV{ip_address(case.caller).version}"
        changes["caller",] = (".".join((*_CALLER, given)), case.caller)
    if case.region is not None:
        changes["region",] = ("region", case.region)
    for at, (path, value) in changes.items():
        _override(detail, path.split("."), value, at)
    return {**event, "region": case.region or event["region"], "detail": detail}


def _at(detail: Mapping[str, Any], path: Sequence[str]) -> object:
    inside: object = detail
    for name in path:
        inside = inside.get(name) if isinstance(inside, dict) else None
    return inside


def _override(detail: dict[str, Any], path: Sequence[str], value: object, at: Path) -> None:
    written = ".".join(path)
    if at == ("overrides", "region"):
        raise _RefusedAt("must be left out; use the key region, which moves the event as well", at)
    inside = _at(detail, path[:-1])
    if not isinstance(inside, dict):
        raise _RefusedAt(f"the finding has no {'.'.join(path[:-1])} there; override that as a whole", at)
    if path[-1] not in inside and not is_member(path):
        raise _RefusedAt(f"findings have no member {written} (botocore guardduty); see the finding's file", at)
    for member, number in _numbers_for_texts(path, value):
        within = f"{'.'.join(member[len(path) :])}: " if len(member) > len(path) else ""
        if member[-1].lower().endswith("accountid"):
            raise _RefusedAt(f"{within}must be 12 digits in quotes, got {shown(number)}", at)
        raise _RefusedAt(f"{within}must be text, got {shown(number)}; put it in quotes", at)
    inside[path[-1]] = value


def _numbers_for_texts(path: Sequence[str], value: object) -> Iterator[tuple[Sequence[str], object]]:
    """What YAML reads as a number, or as yes or no, where each finding has a text: no rule asks for it so."""
    match value:
        case dict():
            for name, inner in value.items():
                yield from _numbers_for_texts([*path, name], inner)
        case list():
            for inner in value:
                yield from _numbers_for_texts(path, inner)
        case bool() | int() | float() if is_text(path):
            yield path, value


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _problem(source: YamlSource, path: Path, text: str) -> Problem:
    place = source.position(path)
    return Problem(file=source.file, line=place.key_line, path=path, text=text)
