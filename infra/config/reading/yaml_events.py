"""YAML as a stream of events, before anything is resolved, merged or expanded."""

import yaml

from infra.config.reading.file_text import RefusedError

# What is left to YAML to understand; everything else is text. Whole names, because the resolver returns them.
TYPED = frozenset(f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "timestamp"))


class Events:
    """The events of a YAML text, one ahead; a thin, typed front to the untyped loader."""

    def __init__(self, text: str) -> None:
        try:
            # a SafeLoader, and only for its events and plain scalars: no object is ever built from the file
            self._loader = yaml.SafeLoader(text)
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            code = ord(text[error.position])
            raise RefusedError(f"must not hold the control character U+{code:04X}", line=line) from error

    def next(self) -> yaml.Event:
        """Return the next event and go past it."""
        event: yaml.Event = self._loader.get_event()  # type: ignore[no-untyped-call]
        return event

    def next_is(self, kind: type[yaml.Event]) -> bool:
        """Look ahead."""
        return isinstance(self._loader.peek_event(), kind)  # type: ignore[no-untyped-call]

    @property
    def next_line(self) -> int:
        """Line on which the next event begins."""
        return line_of(self._loader.peek_event())  # type: ignore[no-untyped-call]

    @property
    def line(self) -> int:
        """Line up to which the text has been read."""
        return int(self._loader.get_mark().line) + 1

    def tag(self, event: yaml.ScalarEvent) -> str:
        """Return what YAML takes an unmarked scalar for."""
        return str(self._loader.resolve(yaml.ScalarNode, event.value, event.implicit))  # type: ignore[no-untyped-call]

    def typed(self, event: yaml.ScalarEvent) -> object:
        """Return the number, date, truth value or nothing that a scalar stands for, or its text."""
        tag = self.tag(event)
        if tag not in TYPED:
            return event.value
        try:
            value: object = self._loader.construct_object(yaml.ScalarNode(tag, event.value))
        except (yaml.YAMLError, ValueError, OverflowError, KeyError):
            # looks like a date or number and is none, such as 2027-13-45: the model says what is wanted there
            return event.value
        return value


def line_of(event: yaml.Event) -> int:
    """Line on which an event begins, counted from 1."""
    return int(event.start_mark.line) + 1 if event.start_mark else 0
