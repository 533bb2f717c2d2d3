"""A brief in the terminal."""

from collections.abc import Iterator

from rich.console import Console, Group
from rich.panel import Panel
from rich.style import Style
from rich.table import Table
from rich.text import Text

from notifier.brief import Brief
from notifier.destinations.text import quoted

COLOURS = {"Critical": "bright_red", "High": "red", "Medium": "yellow", "Low": "cyan"}
_UNKNOWN = "magenta"
_WIDEST_LABEL = 24


def print_brief(brief: Brief, console: Console) -> None:
    """Print `brief`; colour only where the console has it (not in a pipe, not with NO_COLOR)."""
    colour = COLOURS.get(brief.severity.word, _UNKNOWN)
    parts: list[Text | Table] = [Text(brief.headline, style="bold"), *_verdict(brief)]
    parts += [Text(f"\n{note}", style="dim") for note in brief.notes]
    parts += [Text(), *_steps(brief)] if brief.steps else []
    parts += _facts(brief) if brief.sections else ()
    if brief.description:
        parts += [Text(), Text(f"GuardDuty says:\n{quoted(brief.description)}", style="dim")]
    if brief.raw:
        parts += [Text(), Text(brief.raw, style="dim")]
    title = f"{brief.severity_label} · account {brief.account_in_words} · {brief.region}" + (
        " · SAMPLE" if brief.sample else ""
    )
    console.print(
        Panel(
            Group(*parts),
            title=Text(title, style=f"bold {colour}"),
            title_align="left",
            border_style=colour,
            padding=(1, 2),
        )
    )


def _verdict(brief: Brief) -> list[Text]:
    if brief.egress is None:
        return []
    return [Text(brief.egress.sentence, style="green" if brief.egress.ours else "red")]


def _steps(brief: Brief) -> list[Text]:
    lines = [Text("What to do now", style="bold")]
    for number, step in enumerate(brief.steps, start=1):
        line = Text(f"{number}. {step.text}")
        for link in step.links:
            # A terminal with hyperlinks shows the label alone; the address is there to be pressed, not to be read.
            line.append("\n   → ").append(link.label, style=Style(link=link.url, underline=True))
        for snippet in step.snippets:
            line.append(f"\n   {snippet.label}:", style="dim").append(f"\n{snippet.text}", style="cyan")
        lines.append(line)
    return lines


def _facts(brief: Brief) -> Iterator[Text | Table]:
    """The sections one below the other, for a title beside its facts would leave these no room."""
    widest = max(len(fact.label) for section in brief.sections for fact in section.facts)
    for section in brief.sections:
        yield Text(f"\n{section.title}", style="bold dim")
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 2), pad_edge=True)
        table.add_column(style="dim", width=min(widest, _WIDEST_LABEL), overflow="fold")
        table.add_column(overflow="fold")
        for fact in section.facts:
            table.add_row(fact.label, Text(fact.value))
        yield table
