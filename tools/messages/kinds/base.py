"""What is shown of each kind of destination."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from notifier.brief import Brief


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One form in which a destination receives a message.

    Attributes:
        title: What its readers call it.
        about: By which way it comes.
        payload: Exactly what is sent, as JSON; None where nothing is.
        page: The message about as its readers see it, in HTML that holds nothing unescaped.
        words: The same as plain text, for a terminal.
    """

    title: str
    about: str
    payload: Callable[[Brief], object]
    page: Callable[[Brief], str]
    words: Callable[[Brief], str]


def items(value: object) -> Sequence[dict[str, object]]:
    """The objects of a list in a payload."""
    return value if isinstance(value, list) else ()


def member(value: object, *path: str) -> object:
    """What is at `path` in a payload; None where there is nothing."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value
