"""A brief as a custom notification of Amazon Q Developer in chat applications: Slack and Teams without a secret."""

import json
import re
from collections.abc import Iterator
from typing import TypeAlias

from notifier.brief import Brief
from notifier.destinations.form import Form, forms
from notifier.inert import bounded
from notifier.links import Link
from notifier.step import Step

Notification: TypeAlias = dict[str, object]

# The schema is AWS's (Amazon Q Developer in chat applications, administrator guide, custom notifications). The guide
# gives no lengths; public senders cut at 250 and 8,000, and a message that is too long is not shown at all.
TITLE_LIMIT = 250
DESCRIPTION_LIMIT = 8000
_STEP = 1500
_KEYWORD = 80
_THREAD = 255

_DOTS = {"Critical": "\U0001f534", "High": "\U0001f534", "Medium": "\U0001f7e0", "Low": "\U0001f535"}
_UNKNOWN_DOT = "\u26aa"

# `client-markdown` is the chat program's own Markdown, Slack's or that of Teams, and neither has an escape that the
# other one knows. So each sign that acts in either of them is shown by one that looks like it and acts in none.
_LOOKALIKES = (("<", "\u2039"), (">", "\u203a"), ("`", "'"))
_IN_WORDS = (("*", "\u2217"), ("~", "\u223c"), ("|", "\u00a6"))
_EDGE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_ENTITY = re.compile(r"&(?=#?\w{1,32};)")
_LINK = re.compile(r"(?<=\])(?=[(\[])")
_MENTION = re.compile(r"(?<!\w)@(?=\w)")
_EMOJI = re.compile(r":(?=[A-Za-z0-9_+'-]{1,100}:)")


def message(brief: Brief) -> str:
    """The JSON to publish: the full notification, shortened to what is shown."""
    for form in forms(brief):
        description, steps = "\n".join(_description(brief, form)), _steps(brief, form)
        # What is pasted counts too: nobody has said how long the steps may be, and a message too long is not shown.
        pasted = sum(map(len, steps)) if form.snippets else 0
        if len(description) + pasted <= DESCRIPTION_LIMIT:
            return _notification(brief, title=_title(brief), description=description, steps=steps)
    return plain_message(brief)


def plain_message(brief: Brief) -> str:
    """Fixed keys alone: for when the notification cannot be made or is too long."""
    lines = [words(brief.headline), "", *_place(brief), f"Id: {code(brief.finding_id)}"]
    if brief.link:
        lines.append(_link(brief.link))
    if brief.raw:
        lines += ["", _preformatted(brief.raw)]
    lines += ["", f"The full message could not be made; this is the plain form, from {words(brief.deployment)}."]
    return _notification(brief, title="GuardDuty notice (plain form)", description="\n".join(lines), steps=[])


def words(value: str) -> str:
    """Running text in which nothing is formatting, a link, a mention or an emoji, in Slack's Markdown or Teams'."""
    plain = _verbatim(value)
    for sign, alike in _IN_WORDS:
        plain = plain.replace(sign, alike)
    # Each pattern is looked for only where its sign is: most texts of a message have none.
    if "_" in plain:
        plain = _EDGE_UNDERSCORE.sub("\u02cd", plain)
    if "]" in plain:
        plain = _LINK.sub(" ", plain)
    return _EMOJI.sub("\u2236", plain) if ":" in plain else plain


def code(value: str) -> str:
    """A value between backticks, where both show it as it is."""
    return f"`{_verbatim(value) or ' '}`"


def _verbatim(value: str) -> str:
    shown = value
    for sign, alike in _LOOKALIKES:
        shown = shown.replace(sign, alike)
    if "&" in shown:
        shown = _ENTITY.sub("& ", shown)
    return _MENTION.sub("@ ", shown) if "@" in shown else shown


def _notification(brief: Brief, *, title: str, description: str, steps: list[str]) -> str:
    content: Notification = {
        "textType": "client-markdown",
        "title": _cut(title, TITLE_LIMIT),
        "description": description,
    }
    if steps:
        content["nextSteps"] = steps
    keywords = [brief.severity.word, brief.account, brief.region, brief.deployment]
    content["keywords"] = [_cut(words(keyword), _KEYWORD) for keyword in keywords]
    return json.dumps(
        {
            "version": "1.0",
            "source": "custom",
            "content": content,
            "metadata": {
                # Later messages about the same case stand below the first, where the channel's preferences allow it.
                "threadId": brief.case[:_THREAD],
                "summary": _cut(words(brief.in_a_line), TITLE_LIMIT),
                "eventType": _cut(words(brief.finding_type), _KEYWORD * 2),
                "additionalContext": {
                    "account": words(brief.account),
                    "region": words(brief.region),
                    "findingId": words(brief.finding_id),
                },
            },
        }
    )


def _title(brief: Brief) -> str:
    if not brief.recognised:
        return f"{_UNKNOWN_DOT} {words(brief.subject)}"
    dot = _DOTS.get(brief.severity.word, _UNKNOWN_DOT)
    return f"{dot} {words(f'{brief.severity_label} · {brief.subject}')}"


def _description(brief: Brief, form: Form) -> Iterator[str]:
    yield words(brief.headline)
    if brief.egress:
        yield words(brief.egress.sentence)
    yield from _place(brief)
    for note in brief.notes:
        yield f"\n{words(note)}"
    if brief.link and not brief.steps:
        yield f"\n{_link(brief.link)}"
    for section in brief.sections[: form.sections]:
        yield f"\n*{words(section.title)}*"
        for fact in section.facts:
            yield f"{words(fact.label)}: {code(fact.value)}"
    if brief.raw:
        yield f"\n{_preformatted(brief.raw)}"
    if form.description and brief.description:
        yield f"\nGuardDuty says: {words(' '.join(brief.description.split()))}"
    if shortened := form.shortens(brief):
        yield f"\n{shortened}"


def _place(brief: Brief) -> Iterator[str]:
    sample = "SAMPLE  ·  " if brief.sample else ""
    yield f"{sample}Account {code(brief.account_in_words)}  ·  {code(brief.region)}  ·  {code(brief.finding_type)}"


def _steps(brief: Brief, form: Form) -> list[str]:
    return ["\n".join(_step(step)) for step in form.steps(brief)]


def _step(step: Step) -> Iterator[str]:
    yield _cut(words(step.text), _STEP)
    yield from map(_link, step.links)
    for snippet in step.snippets:
        yield words(snippet.label)
        yield _preformatted(snippet.text)


def _link(link: Link) -> str:
    # The two write links differently, and both make a bare address clickable. Signs that could begin formatting are
    # allowed in an address, but need not be in it as they are.
    address = link.url.replace("_", "%5F").replace("~", "%7E").replace("*", "%2A")
    return f"{words(link.label)}: {address}"


def _preformatted(raw: str) -> str:
    return f"```\n{_verbatim(raw)}\n```"


def _cut(value: str, limit: int) -> str:
    return value if len(value) <= limit else bounded(value, limit=limit)
