"""A brief as Slack's Block Kit: every text from a finding as text, never as markup."""

import json
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from notifier.brief import Brief
from notifier.destinations import text
from notifier.destinations.form import Form, forms
from notifier.inert import bounded
from notifier.links import Link
from notifier.section import Fact
from notifier.step import Step

Payload: TypeAlias = dict[str, object]
Element: TypeAlias = dict[str, object]

# docs.slack.dev, Block Kit reference; the total is undocumented (slackapi/bolt-js#2509: about 13,200).
HEADER_LIMIT = 150
TEXT_LIMIT = 3000
TOTAL_LIMIT = 13_000

# Made once, and without blanks between the members: Slack counts them.
_ENCODER = json.JSONEncoder(separators=(",", ":"), check_circular=False)

_DOTS = {"Critical": "🔴", "High": "🔴", "Medium": "🟠", "Low": "🔵"}
_UNKNOWN_DOT = "⚪"


def message(brief: Brief) -> str:
    """The JSON to post: the full card, shortened to what Slack takes."""
    for form in forms(brief):
        shown = _ENCODER.encode({**_message(brief), "blocks": _blocks(brief, form)})
        if len(shown) <= TOTAL_LIMIT:
            return shown
    return plain_message(brief)


def plain_message(brief: Brief) -> str:
    """Text alone, escaped: for when the card cannot be made or is refused."""
    return json.dumps({**_quiet(), "text": escape(text.plain_body(brief), limit=TEXT_LIMIT)})


def escape(value: str, *, limit: int) -> str:
    """For `text`, where Slack reads markup: `&`, `<` and `>` escaped once, cut before an escape and never inside.

    Without `<` no mention, channel call or link can be written (docs.slack.dev, formatting message text).
    """
    short = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return short if len(short) <= limit else bounded((_ESCAPES.get(char, char) for char in value), limit=limit)


_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def _message(brief: Brief) -> Payload:
    # Shown in notifications and read by screen readers.
    return {**_quiet(), "text": escape(brief.in_a_line, limit=TEXT_LIMIT)}


def _quiet() -> Payload:
    # No previews of pages, no @names turned into mentions.
    return {"unfurl_links": False, "unfurl_media": False, "link_names": False}


def _blocks(brief: Brief, form: Form) -> list[Element]:
    blocks: list[Element] = [
        {"type": "header", "text": _header(_title(brief))},
        {"type": "context", "elements": [_plain(_context(brief), limit=TEXT_LIMIT)]},
    ]
    if said := _what_happened(brief):
        blocks.insert(1, {"type": "section", "text": _plain(said, limit=TEXT_LIMIT)})
    if brief.notes:
        blocks.append(_rich({"type": "rich_text_quote", "elements": [*map(_text, _noted(brief.notes))]}))
    if brief.steps:
        blocks.append(_rich(_heading("What to do now"), *_steps(form.steps(brief))))
    elif brief.link:
        blocks.append(_rich({"type": "rich_text_section", "elements": [_link(brief.link)]}))
    if brief.sections:
        blocks.append({"type": "divider"})
    for section in brief.sections[: form.sections]:
        elements = [_text(section.title, bold=True), *map(_text, _lines(section.facts))]
        blocks.append(_rich({"type": "rich_text_section", "elements": elements}))
    if brief.raw:
        blocks.append(_rich({"type": "rich_text_preformatted", "elements": [_text(brief.raw)]}))
    if form.description and brief.description:
        # A quotation: its lines cannot be taken for ours.
        says: Element = {"type": "rich_text_section", "elements": [_text("GuardDuty says:")]}
        blocks.append(_rich(says, {"type": "rich_text_quote", "elements": [_text(brief.description)]}))
    if shortened := form.shortens(brief):
        blocks.append({"type": "context", "elements": [_plain(shortened, limit=TEXT_LIMIT)]})
    return blocks


def _title(brief: Brief) -> str:
    dot = _DOTS.get(brief.severity.word, _UNKNOWN_DOT)
    return f"{dot} {brief.severity_label} · {brief.subject}" if brief.recognised else f"{_UNKNOWN_DOT} {brief.subject}"


def _what_happened(brief: Brief) -> str:
    # Where the header has said it already (a title of GuardDuty's), it is not said again.
    headline = "" if brief.headline.rstrip(".") == brief.subject.rstrip(".") else brief.headline
    return "\n".join(filter(None, (headline, brief.egress.sentence if brief.egress else "")))


def _context(brief: Brief) -> str:
    parts = [f"Account {brief.account_in_words}", brief.region, brief.finding_type, brief.deployment]
    return "  ·  ".join((["SAMPLE"] if brief.sample else []) + parts)


def _steps(steps: tuple[Step, ...]) -> Iterator[Element]:
    # What is to be pasted stands in a block of its own, which ends a list; the next list goes on counting.
    for number, step in enumerate(steps):
        said = [_text(step.text), *(part for link in step.links for part in (_text("\n→ "), _link(link)))]
        item = {"type": "rich_text_section", "elements": said}
        listed: Element = {"type": "rich_text_list", "style": "ordered", "elements": [item]}
        yield listed | {"offset": number} if number else listed
        for snippet in step.snippets:
            yield {"type": "rich_text_section", "elements": [_text(snippet.label)]}
            yield {"type": "rich_text_preformatted", "elements": [_text(snippet.text)]}


def _noted(notes: tuple[str, ...]) -> Iterator[str]:
    """The notes a line each."""
    return _packed((*notes[:1], *(f"\n{note}" for note in notes[1:])))


def _lines(facts: tuple[Fact, ...]) -> Iterator[str]:
    """The facts a line each."""
    return _packed(f"\n{fact.label}:  {fact.value}" for fact in facts)


def _packed(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces in as few texts as hold them: every element more costs room in the message."""
    lines = ""
    for line in pieces:
        if len(lines) + len(line) > TEXT_LIMIT:
            yield lines
            lines = ""
        lines += line
    yield lines


def _heading(title: str) -> Element:
    return {"type": "rich_text_section", "elements": [_text(title, bold=True)]}


def _rich(*elements: Element) -> Element:
    return {"type": "rich_text", "elements": list(elements)}


def _text(value: str, *, bold: bool = False) -> Element:
    # Rich text is not parsed: no mention, no link, no formatting can come out of what a finding holds.
    return {"type": "text", "text": value, "style": {"bold": True}} if bold else {"type": "text", "text": value}


def _link(link: Link) -> Element:
    # A link rather than a button: a button of an app without an interactivity address shows a warning when pressed.
    return {"type": "link", "url": link.url, "text": link.label}


def _header(title: str) -> Element:
    # It is not documented whether Slack counts characters or UTF-16 units, in which an emoji is two.
    return _plain(title, limit=HEADER_LIMIT - sum(char > "\uffff" for char in title[:HEADER_LIMIT]))


def _plain(value: str, *, limit: int) -> Element:
    return {"type": "plain_text", "text": value if len(value) <= limit else bounded(value, limit=limit), "emoji": False}
