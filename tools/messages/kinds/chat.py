"""A custom notification, about as Amazon Q Developer shows it in Slack or Teams."""

import json
import re
from html import escape

from notifier.brief import Brief
from notifier.destinations import chat_notification
from tools.messages.kinds.base import Kind, member

# What Markdown of Slack and of Teams have in common, and what a notification uses: nothing else is shown formatted.
_MARKS = re.compile(
    r"```\n(?P<pre>.*?)\n```|`(?P<code>[^`]*)`|\*(?P<bold>[^*\n]+)\*|(?P<url>https://[^\s`]+)", re.DOTALL
)


def _payload(brief: Brief) -> object:
    return json.loads(chat_notification.message(brief))


def _page(brief: Brief) -> str:
    content = member(_payload(brief), "content")
    steps, keywords = member(content, "nextSteps"), member(content, "keywords")
    listed = "".join(
        f'<li><div class="rich">{_shown(str(step))}</div></li>' for step in (steps if isinstance(steps, list) else [])
    )
    words = ", ".join(map(str, keywords)) if isinstance(keywords, list) else ""
    return (
        '<div class="slack"><div class="avatar q" aria-hidden="true">Q</div><div class="said">'
        '<p class="by"><b>Amazon Q Developer</b> <span class="app">APP</span></p>'
        f'<h4 class="header">{_shown(str(member(content, "title")))}</h4>'
        f'<p class="section">{_shown(str(member(content, "description")))}</p>'
        f'<p class="section"><b>Next steps</b></p><ol>{listed}</ol>'
        f'<p class="context">{escape(words)}</p></div></div>'
    )


def _shown(markdown: str) -> str:
    shown, end = [], 0
    for mark in _MARKS.finditer(markdown):
        shown += [escape(markdown[end : mark.start()]), _mark(mark)]
        end = mark.end()
    return "".join([*shown, escape(markdown[end:])])


def _mark(mark: re.Match[str]) -> str:
    inner = escape(next(group for group in mark.groups() if group is not None))
    match mark.lastgroup:
        case "pre":
            return f"<pre>{inner}</pre>"
        case "code":
            return f"<code>{inner}</code>"
        case "bold":
            return f"<b>{inner}</b>"
        case _:
            return f'<a href="{inner}" rel="noreferrer noopener">{inner}</a>'


def _words(brief: Brief) -> str:
    content = member(_payload(brief), "content")
    steps = member(content, "nextSteps")
    numbered = [f"{number}. {step}" for number, step in enumerate(steps if isinstance(steps, list) else [], start=1)]
    return "\n\n".join([str(member(content, "title")), str(member(content, "description")), *numbered])


CHAT = Kind(title="Chat", about="by SNS and Amazon Q Developer", payload=_payload, page=_page, words=_words)
