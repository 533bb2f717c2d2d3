"""What a wrong configuration says: every mistake, one a line, in words a reader can act on."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Where in the file: keys and list positions, outermost first."""

Found = Iterator[tuple[Path, str]]
"""What a check found: each with its place, and what to say."""


# Slack, Teams (Workflows, and the connectors before it), and the signature that makes an address of Workflows secret.
_WEBHOOK = re.compile(r"hooks\.slack|logic\.azure\.|api\.powerplatform\.|webhook\.office|[?&]sig=", re.IGNORECASE)
_USABLE = re.compile(
    r"hooks\.slack(?:-gov)?\.com/\w+/|(?:logic\.azure\.|api\.powerplatform\.)\S*[?&]sig=|webhook\.office\S*/webhook",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"xox[abeprs]-[A-Za-z0-9-]{8,}|gh[opsur]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}"
    r"|(?<![A-Za-z0-9])T[A-Z0-9]{7,12}/B[A-Z0-9]{7,12}/[A-Za-z0-9]{12,}"
)

SHOWN_LENGTH = 80
"""Longest piece of the file that a message repeats, in characters."""

MOST_LINES = 50
"""Most mistakes listed at once; a file with more is the wrong file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake, at one place of one file.

    Attributes:
        file: The file as the caller named it.
        line: Line in the file, counted from 1; 0 if the mistake is the file itself.
        path: Key path of the value; empty for the file as a whole.
        text: What is wrong and what to do, lower case, without a final full stop.
    """

    file: str
    text: str
    line: int = 0
    path: Path = ()

    def __str__(self) -> str:
        """Return `config/sandbox.yaml:12: routes[0]: what is wrong`."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, dotted(self.path), self.text) if part)


class ConfigurationError(Exception):
    """The configuration cannot be used; `str()` lists every mistake, one a line.

    Attributes:
        problems: The mistakes, in the order of the file.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        lines = list(dict.fromkeys(map(str, self.problems)))
        if len(lines) > MOST_LINES:
            lines = [*lines[:MOST_LINES], f"{self.problems[0].file}: and {len(lines) - MOST_LINES} more"]
        super().__init__("\n".join(lines))


def dotted(path: Path) -> str:
    """Write a key path the way a reader would: `routes[0].to[1]`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f"{'.' if text else ''}{part if part.isprintable() and len(part) <= SHOWN_LENGTH else shown(part)}"
    return text


def shown(value: object, *, written: str | None = None) -> str:
    """Describe a value so that a message can repeat it: quoted, on one line, shortened, never a secret.

    Args:
        value: The value as YAML understood it.
        written: The value as it stands in the file, where that differs (`NO` is read as false).
    """
    match value:
        case None:
            return "nothing"
        case str():
            # a webhook address is a password: whoever has it can post
            if mentions_webhook_host(value):
                return "a webhook address (not repeated here)"
            return "a token (not repeated here)" if holds_token(value) else repr(short(value))
        case list() | tuple() | dict():
            kind = "mapping of keys" if isinstance(value, dict) else "list"
            return f"a {kind}" if value else f"an empty {kind}"
    kind = {bool: "true/false value", int: "number", float: "number"}.get(type(value), "date")
    return f"the {kind} {short(str(value).lower() if written is None else written)}"


def mentions_webhook_host(text: str) -> bool:
    """Tell whether text holds the address of a webhook at one of the services that we know."""
    return bool(_WEBHOOK.search(text))


def holds_webhook_address(text: str) -> bool:
    """Tell whether text holds so much of a webhook's address that it can be used: more than the service's host."""
    return bool(_USABLE.search(text))


def holds_token(text: str) -> bool:
    """Tell whether text holds a token of Slack or GitHub, or the end of a webhook address of Slack."""
    return bool(_TOKEN.search(text))


def short(text: str) -> str:
    """Cut text to `SHOWN_LENGTH` characters, saying so with an ellipsis."""
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"
