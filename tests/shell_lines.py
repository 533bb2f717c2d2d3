"""The shell commands of a page, one by one, with a reader's own words put in."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from tests.pages import fences

OF_A_READER = {
    "<name>": "sandbox",
    "<Region>": "eu-west-1",
    "<home Region>": "eu-west-1",
    "<tag of your version>": "HEAD",
    "prod": "sandbox",
    "acme": "organization",
}
"""What a reader writes for what a page says; the files that a page lets them copy are the ones they copy from."""

_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)
_KEYWORDS = {"while", "do", "done", "if", "then", "fi", "!"}


@dataclass(frozen=True, slots=True)
class Command:
    """One simple command.

    Attributes:
        words: The program and its arguments.
        settings: What stands before it, for its environment.
    """

    words: tuple[str, ...]
    settings: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return " ".join([*(f"{name}={value}" for name, value in self.settings), *self.words])


def scripts(text: str) -> list[str]:
    """Each block of shell on a page, with a reader's words put in."""
    return [_filled(code) for language, code in fences(text) if language == "sh"]


def commands(script: str) -> Iterator[Command]:
    """The simple commands of a script, those in parentheses, pipes and substitutions too; no text between quotes."""
    told = re.sub(r"(<<'(\w+)')\n.*?\n\2$", r"\1", script, flags=re.DOTALL | re.MULTILINE)
    for line in re.sub(r"\\\n\s*", " ", told).splitlines():
        lexer = shlex.shlex(re.sub(r"(^|\s)#\s.*$", "", line), posix=True, punctuation_chars=True)
        lexer.whitespace_split, lexer.commenters = True, ""
        words: list[str] = []
        for token in [*lexer, ";"]:
            if token and set(token) <= set("();&|"):
                if made := _command(words):
                    yield made
                words = []
            else:
                words.append(token)


def _command(words: list[str]) -> Command | None:
    if words[:1] == ["for"]:
        # `for NAME in WORDS` runs nothing; what stands between `do` and `done` does.
        return None
    settings: list[tuple[str, str]] = []
    left = [_word(word) for word in _without_redirections(words)]
    while left and (left[0] in _KEYWORDS or _ASSIGNMENT.fullmatch(left[0])):
        if assignment := _ASSIGNMENT.fullmatch(left[0]):
            settings.append((assignment[1], _word(assignment[2])))
        left = left[1:]
    return Command(words=tuple(left), settings=tuple(settings)) if left else None


def _without_redirections(words: list[str]) -> Iterator[str]:
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in {">", ">>", "<", "<<"}:
            skip = True
        else:
            yield word


def _word(word: str) -> str:
    """`prod`, and `config=prod` too."""
    name, equal, value = word.rpartition("=")
    return f"{name}{equal}{OF_A_READER.get(value, value)}"


def _filled(script: str) -> str:
    """Nothing in angle brackets is left, which a shell would read as files."""
    for written, meant in OF_A_READER.items():
        if written.startswith("<"):
            script = script.replace(written, meant)
    return re.sub(r"<([^<>'\n]+)>", lambda found: re.sub(r"\W+", "-", found[1]), script)
