"""A YAML file as plain values, with the line of each, and with everything ambiguous refused."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath

import yaml

from infra.config.errors import ConfigurationError, Path, Problem
from infra.config.reading.file_text import RefusedError, file_text, printable
from infra.config.reading.yaml_events import Events, line_of
from infra.config.wording import sentence, short, shown

MAX_DEPTH = 16
"""Deepest nesting read; the configuration itself needs 5."""

PLAIN_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]*)?|[-+]?\.[A-Za-z]+")
"""Numbers that every reader understands alike; YAML 1.1 also reads 010 as 8 and 1:30 as 90."""

MERGE = "tag:yaml.org,2002:merge"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a value stands: line of its key (of itself, in a list), line of the value, and the text as written."""

    key_line: int
    line: int
    written: str | None = None


@dataclass(slots=True)
class YamlSource:
    """The content of one file.

    Attributes:
        file: The file as the caller named it.
        data: The top-level mapping.
        positions: Where each value stands, by key path.
        problems: What was refused although the rest could be read.
        refused: Paths of the values that were refused, which hold stand-ins.
    """

    file: str
    data: dict[str, object] = field(default_factory=dict)
    positions: dict[Path, Position] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    refused: set[Path] = field(default_factory=set)

    def is_refused(self, path: Path) -> bool:
        """Tell whether the value there, or one around it, was refused already: no need to say more about it."""
        return any(path[:length] in self.refused for length in range(1, len(path) + 1))

    def position(self, path: Path) -> Position:
        """Find the position of a value, or of the nearest one around it."""
        while path not in self.positions and path:
            path = path[:-1]
        return self.positions.get(path, Position(0, 0))


def read_yaml(path: FilePath) -> YamlSource:
    """Read a file that holds one YAML mapping.

    Raises:
        ConfigurationError: It cannot be read at all. Smaller mistakes are in `problems` of the result, so that the
            caller can report them together with its own.
    """
    source = YamlSource(printable(path))
    try:
        _Reader(source, file_text(path)).read()
    except RefusedError as refusal:
        problem = Problem(file=source.file, line=refusal.line, text=refusal.text)
        raise ConfigurationError([*source.problems, problem]) from refusal
    return source


class _Reader:
    """Builds values from YAML events, so that nothing is resolved, merged or expanded before it was looked at."""

    def __init__(self, source: YamlSource, text: str) -> None:
        self._source = source
        self._text = text
        self._events = Events(text)

    def read(self) -> None:
        try:
            self._document()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (self._events.line, 1)
            parts = (f"is not valid YAML, column {column}", error.context, error.problem)
            text = ": ".join(short(part) for part in parts if part)
            raise RefusedError(sentence(text, _odd_blank(self._text, line)), line=line) from error
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            # the scanner lets some slip through, such as "\UFFFFFFFF", which is no character
            text = "is not valid YAML: holds the code of a character that does not exist, or a number beyond reading"
            raise RefusedError(text, line=self._events.line) from error

    def _document(self) -> None:
        self._events.next()  # the stream begins
        data = None
        if not self._events.next_is(yaml.StreamEndEvent):
            self._events.next()  # the document begins
            data = self._value(())
            self._events.next()  # the document ends
        if data is None and not self._source.problems:
            raise RefusedError("is empty; docs/configuration.md and docs/explain.md (cases) show what belongs in it")
        if not self._events.next_is(yaml.StreamEndEvent):
            text = "a second YAML document begins here; keep one, without '---' between parts"
            raise RefusedError(text, line=self._events.next_line)
        if not isinstance(data, dict):
            text = f"must be a mapping of keys such as 'name: sandbox', got {shown(data)}"
            raise RefusedError(text, line=self._source.position(()).line)
        self._source.data = data

    def _value(self, path: Path, *, key_line: int = 0) -> object:
        event = self._events.next()
        line = line_of(event)
        if isinstance(event, yaml.AliasEvent):
            text = f"aliases are not accepted, got '*{short(str(event.anchor))}'; write the value out"
            self._refuse(path, line, text, value_at=path)
            return None
        if len(path) > MAX_DEPTH:
            raise RefusedError(f"is nested more than {MAX_DEPTH} deep", line=line)
        self._check_properties(event, path, value_at=path)
        written = event.value if isinstance(event, yaml.ScalarEvent) else None
        self._source.positions[path] = Position(key_line or line, line, written)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        return list(self._items(path)) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(path)

    def _items(self, path: Path) -> Iterator[object]:
        position = 0
        while not self._events.next_is(yaml.SequenceEndEvent):
            yield self._value((*path, position))
            position += 1
        self._events.next()

    def _mapping(self, path: Path) -> dict[str, object]:
        mapping: dict[str, object] = {}
        lines: dict[str, int] = {}
        while not self._events.next_is(yaml.MappingEndEvent):
            line = self._events.next_line
            key = self._key(path)
            if key in lines:
                text = (
                    f"duplicate key {shown(key)}, first given in line {lines[key]}; keep one, the other would be lost"
                )
                self._refuse(path, line, text)
                # read on, for the mistakes inside, but keep the positions of the first one
                kept, self._source.positions = self._source.positions, {}
                self._value((*path, key), key_line=line)
                self._source.positions = kept
                continue
            lines[key] = line
            mapping[key] = self._value((*path, key), key_line=line)
        self._events.next()
        return mapping

    def _key(self, path: Path) -> str:
        event = self._events.next()
        line = line_of(event)
        if not isinstance(event, yaml.ScalarEvent):
            raise RefusedError("a key must be plain text, got a list, a mapping or an alias", line=line)
        self._check_properties(event, path)
        key: str = event.value
        if self._events.tag(event) == MERGE:
            self._refuse(path, line, "merge keys ('<<') are not accepted; write the keys out", value_at=(*path, key))
        elif not isinstance(value := self._events.typed(event), str):
            text = f"a key must be text, got {shown(value, written=key)}; put it in quotes"
            self._refuse(path, line, text, value_at=(*path, key))
        return key

    def _check_properties(self, event: yaml.Event, path: Path, *, value_at: Path | None = None) -> None:
        if anchor := getattr(event, "anchor", None):
            text = f"anchors are not accepted, got '&{short(anchor)}'; write the value where it is needed"
            self._refuse(path, line_of(event), text)
        if tag := getattr(event, "tag", None):
            text = f"tags are not accepted, got {short(tag)!r}; write plain text, numbers, lists and mappings"
            self._refuse(path, line_of(event), text, value_at=value_at)

    def _scalar(self, event: yaml.ScalarEvent, path: Path) -> object:
        value = self._events.typed(event)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and not PLAIN_NUMBER.fullmatch(event.value):
            text = (
                f"{short(event.value)} is read by YAML as {_read_as(value)};"
                " put text in quotes, write numbers in plain decimal digits"
            )
            self._refuse(path, line_of(event), text, value_at=path)
            return None
        return value

    def _refuse(self, path: Path, line: int, text: str, *, value_at: Path | None = None) -> None:
        self._source.problems.append(Problem(file=self._source.file, line=line, path=path, text=text))
        if value_at is not None:
            self._source.refused.add(value_at)


def _read_as(value: object) -> str:
    try:
        return f"the number {short(str(value))}"
    except ValueError:  # more digits than Python is willing to write out
        return "another number"


_ODD_BLANKS = {"\t": "a tab", "\u00a0": "a no-break space (U+00A0)", "\u3000": "a wide space (U+3000)"}


def _odd_blank(text: str, line: int) -> str:
    """What looks like a space and is none, near the line at which reading stopped: there, or in the one before."""
    near = "\n".join(text.splitlines()[max(line - 2, 0) : line])
    found = [name for sign, name in _ODD_BLANKS.items() if sign in near]
    return f"there is {found[0]} in this line or the one before, and only spaces count" if found else ""
