"""A report for a person in a terminal, for a pull request, and for another program."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from tools.changes.change import Change, Topic
from tools.changes.report import Report
from tools.templates.wording import counted, markdown, plain, quoted

MAX_COMMENT = 60_000
"""Most characters of the Markdown; GitHub takes 65,536 in a comment (its API's own error text)."""


def as_markdown(report: Report, *, limit: int = MAX_COMMENT) -> str:
    """A comment for a pull request, or a part of one: the verdict first, then what it is made of.

    Args:
        report: What changes.
        limit: Most characters of it, but for the sentence that something is missing.
    """
    lines = [f"**{_capital(report.verdict)}.**"]
    for title, bullets in _sections(report):
        lines += ["", f"### {title}", "", *(f"- {bullet}" for bullet in bullets)]
    text = "\n".join(lines) + "\n"
    if len(text) <= limit:
        return text
    kept = text[:limit].rpartition("\n")[0]
    left = sum(line.startswith("- ") for line in text[len(kept) :].splitlines())
    return f"{kept}\n\nThat is not all: {counted(left, 'more change')} did not fit; see the terminal output.\n"


def _sections(report: Report) -> Iterator[tuple[str, list[str]]]:
    for topic in Topic:
        bullets = [f"{_marked(change)}{markdown(change.sentence)}" for change in report.section(topic)]
        if topic is Topic.OTHER and report.others:
            bullets.append(markdown(others(report)))
        if bullets:
            yield topic.value, bullets


def _marked(change: Change) -> str:
    mark = label(change)
    return f"**{mark}:** " if mark else ""


def label(change: Change) -> str:
    """The kinds of a change; those that nobody can rule out with a question mark."""
    names = [kind.value for kind in sorted(change.kinds)]
    return ", ".join(names + [f"{kind.value}?" for kind in sorted(change.unknown - change.kinds)])


def others(report: Report) -> str:
    """The count of everything that no sentence is about."""
    number = sum(report.others.values())
    types = ", ".join(f"{quoted(name)} ({count:,})" for name, count in report.others.items())
    also = "other " if report.changes else ""
    return f"{counted(number, f'{also}resource')} changed: {types}"


def as_json(report: Report, *, failing: tuple[Change, ...]) -> dict[str, object]:
    """The report for another program; texts of templates as they are but for control characters."""
    return {
        "verdict": report.verdict,
        "fails": bool(failing),
        "changes": [
            {
                "section": topic.value,
                "text": plain(change.sentence),
                "kinds": sorted(kind.value for kind in change.kinds),
                "unknown": sorted(kind.value for kind in change.unknown),
                "regions": sorted(change.places),
                "resources": [f"{stack}/{logical_id}" for stack, logical_id in sorted(change.about)],
                "fails": change in failing,
            }
            for topic in Topic
            for change in report.section(topic)
        ],
        "others": dict(report.others),
    }


def show(report: Report, *, console: Console) -> None:
    """Print the report: with colours for a person, one line a change for a pipe."""
    console.print(Text(report.verdict, style="bold"))
    for topic in Topic:
        changes = report.section(topic)
        if not changes and not (topic is Topic.OTHER and report.others):
            continue
        console.print(Text(f"\n{topic.value}", style="bold"))
        for change in changes:
            mark = label(change)
            console.print(Text(f"  {f'{mark}: ' if mark else ''}{plain(change.sentence)}", style=_style(change)))
        if topic is Topic.OTHER and report.others:
            console.print(Text(f"  {plain(others(report))}"))


def _style(change: Change) -> str:
    if change.kinds:
        return "red"
    return "yellow" if change.unknown else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
