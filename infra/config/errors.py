"""What a wrong configuration says: every mistake, one a line, in words a reader can act on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from infra.config.known_secrets import holds_token, mentions_webhook_host
from infra.config.wording import SHOWN_LENGTH, shown

Path = tuple[str | int, ...]
"""Where in the file: keys and list positions, outermost first."""

Found = Iterator[tuple[Path, str]]
"""What a check found: each with its place, and what to say."""

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
            text += f"{'.' if text else ''}{part if _plain(part) else shown(part)}"
    return text


def _plain(key: str) -> bool:
    """Whether a key can stand in a path as it is: a secret that somebody wrote there cannot."""
    secret = mentions_webhook_host(key) or holds_token(key)
    return key.isprintable() and len(key) <= SHOWN_LENGTH and not secret
