"""A brief as an Adaptive Card for Teams: every text from a finding in text runs, which read no markup."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from notifier.brief import Brief
from notifier.destinations import text
from notifier.destinations.form import Form, forms
from notifier.inert import bounded
from notifier.links import Link

Element: TypeAlias = dict[str, object]

# learn.microsoft.com, Adaptive Cards for Teams: 1.5 is the newest that every client shows.
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
VERSION = "1.5"

# Teams takes 28 KB and counts more than was posted: 24,453 posted bytes were refused as 28,897 of at most 28,672
# (MicrosoftDocs/msteams-docs#11274), because the card travels on as text inside another document. So we count it as
# such a text, every quotation mark escaped, and stay a kilobyte below (as elementary-data/elementary#2160 does).
SIZE_LIMIT = 27 * 1024

_RUN = 3000
# A character outside the first 65,536 takes 14 bytes as text within JSON: so many always fit.
_PLAIN = 1800
_TONES = {"Critical": "attention", "High": "attention", "Medium": "warning", "Low": "accent", "Notice": "accent"}

# A card is data to us, but `${…}` is a template to some tools that pass it on, `{{DATE(…)}}` is a function in any
# text, and `<at>` the beginning of a mention (learn.microsoft.com, Adaptive Cards: templating, text features; format
# cards in Teams). Broken by a space, none of them is anything.
_ACTIVE = re.compile(r"(?i)(?<=\$)(?=\{)|(?<=@)(?=\{)|(?<=\{)(?=\{)|(?<=<)(?=/?at\b)")


def message(brief: Brief) -> str:
    """The JSON to post: the full card, shortened to what Teams takes."""
    for form in forms(brief):
        shown = _envelope(_body(brief, form))
        if size(shown) <= SIZE_LIMIT:
            return shown
    return plain_message(brief)


def plain_message(brief: Brief) -> str:
    """Fixed keys alone, in a size that always fits: for when the card cannot be made or is refused."""
    return _envelope([_block([_run(text.plain_body(brief), limit=_PLAIN)])])


def size(message: str) -> int:
    """How large a message, JSON in ASCII without line ends, is to Teams, in bytes: as text within JSON."""
    # Which is what `json.dumps` would make of it, counted: it is JSON in ASCII already.
    return len(message) + message.count('"') + message.count("\\") + 2


def shown(value: str) -> str:
    """A text in which nothing is a template, a function or a mention."""
    return _ACTIVE.sub(" ", value) if "{" in value or "<" in value else value


def _envelope(body: list[Element]) -> str:
    card = {
        "type": "AdaptiveCard",
        "$schema": SCHEMA,
        "version": VERSION,
        # Without it Teams shows the card in a narrow column.
        "msteams": {"width": "Full"},
        "body": body,
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return json.dumps({"type": "message", "attachments": [attachment]})


def _body(brief: Brief, form: Form) -> list[Element]:
    body = [_heading(brief), *_said(brief)]
    body += [_block([_run(note)], separator=place == 0) for place, note in enumerate(brief.notes)]
    if brief.steps:
        body.append(_block([_run("What to do now", bold=True)], separator=True))
    for number, step in enumerate(form.steps(brief), start=1):
        body.append(_block([_run(f"{number}.  ", bold=True), _run(step.text)], spacing="small"))
        body += _links(step.links)
        for snippet in step.snippets:
            body.append(_block([_run(snippet.label, subtle=True)], spacing="small"))
            body.append(_block([_run(snippet.text, mono=True)], spacing="none"))
    if brief.link and not brief.steps:
        body += _links((brief.link,))
    for section in brief.sections[: form.sections]:
        body.append(_block([_run(section.title, bold=True)], separator=True))
        body += (
            _block([_run(f"{fact.label}  ", subtle=True), _run(fact.value)], spacing="none") for fact in section.facts
        )
    if brief.raw:
        body.append(_block([_run(brief.raw, mono=True)], separator=True))
    if form.description and brief.description:
        body.append(_block([_run("GuardDuty says:", subtle=True)], separator=True))
        body.append(_block([_run(text.quoted(brief.description), subtle=True)], spacing="none"))
    if said := form.shortens(brief):
        body.append(_block([_run(said, subtle=True)], separator=True))
    return body


def _heading(brief: Brief) -> Element:
    label = f"{brief.severity_label} · " if brief.recognised else ""
    run = _run(f"{label}{brief.subject}", bold=True) | {"size": "large", "color": tone(brief)}
    return _block([run])


def _said(brief: Brief) -> Iterator[Element]:
    # Where the heading has said it already (a title of GuardDuty's), it is not said again.
    if brief.headline.rstrip(".") != brief.subject.rstrip("."):
        yield _block([_run(brief.headline)])
    if brief.egress:
        yield _block([_run(brief.egress.sentence)], spacing="none")
    place = [f"Account {brief.account_in_words}", brief.region, brief.finding_type, brief.deployment]
    yield _block([_run("  ·  ".join((["SAMPLE"] if brief.sample else []) + place), subtle=True)], spacing="small")


def tone(brief: Brief) -> str:
    """The colour of the heading, by Adaptive Cards' names."""
    return _TONES.get(brief.severity.word, "attention")


def _links(links: Iterable[Link]) -> list[Element]:
    actions = [{"type": "Action.OpenUrl", "title": shown(link.label), "url": link.url} for link in links]
    return [{"type": "ActionSet", "spacing": "small", "actions": actions}] if actions else []


def _block(runs: list[Element], *, spacing: str = "default", separator: bool = False) -> Element:
    # Not a TextBlock: that one reads Markdown, and clients disagree about how to escape it. A RichTextBlock reads
    # none (learn.microsoft.com, Adaptive Cards: text features), and wraps by itself.
    block: Element = {"type": "RichTextBlock", "inlines": runs}
    if spacing != "default":
        block["spacing"] = spacing
    if separator:
        block["separator"] = True
    return block


def _run(value: str, *, bold: bool = False, subtle: bool = False, mono: bool = False, limit: int = _RUN) -> Element:
    words = shown(value)
    run: Element = {"type": "TextRun", "text": words if len(words) <= limit else bounded(words, limit=limit)}
    if bold:
        run["weight"] = "bolder"
    if subtle:
        run["isSubtle"] = True
    if mono:
        run["fontType"] = "monospace"
    return run
