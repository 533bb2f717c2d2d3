"""Sentences in which our words and a template's texts never mix: the latter cannot become markup anywhere."""

import re
from collections.abc import Iterable

from notifier.inert import inert

# Marks around a text of a template inside a sentence. `inert` shows control characters as escapes, so no text of a
# template can hold one of them.
_BEGIN, _END = "\x02", "\x03"
_QUOTED = re.compile(f"{_BEGIN}([^{_END}]*){_END}")

MAX_TEXT = 300
"""Most characters of one text of a template that a sentence repeats."""


def quoted(text: object) -> str:
    """A text that somebody else wrote, for use in a sentence."""
    return f"{_BEGIN}{inert(str(text), limit=MAX_TEXT) or '(empty)'}{_END}"


def listing(texts: Iterable[object]) -> str:
    """Several texts of a template, in order, with commas."""
    return ", ".join(quoted(text) for text in sorted(map(str, texts)))


def counted(number: int, singular: str, plural: str = "") -> str:
    """`one filter`, `2 filters`, `4,096 addresses`."""
    return f"one {singular}" if number == 1 else f"{number:,} {plural or singular + 's'}"


def plain(sentence: str) -> str:
    """The sentence for a terminal or another program."""
    return sentence.replace(_BEGIN, "").replace(_END, "")


def markdown(sentence: str) -> str:
    """The sentence for a comment: texts of a template become code, in which nobody is mentioned and nothing is a link.

    Our own words hold nothing that is special in Markdown, so they stay as they are.
    """
    return _QUOTED.sub(lambda found: _code(found[1]), sentence)


def _code(text: str) -> str:
    # A code span ends at the first run of as many backticks as it began with (CommonMark 0.31.2, 6.1).
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    padding = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{fence}{padding}{text}{padding}{fence}"
