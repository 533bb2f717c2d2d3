"""A message in Slack, from the very blocks that are posted."""

import json
from collections.abc import Mapping
from html import escape

from notifier.brief import Brief
from notifier.destinations import slack_card, text
from tools.messages.kinds.base import Kind, items


def _payload(brief: Brief) -> object:
    return json.loads(slack_card.message(brief))


def _page(brief: Brief) -> str:
    payload = json.loads(slack_card.message(brief))
    blocks = payload.get("blocks")
    shown = "".join(map(_block, items(blocks))) if blocks else f"<p>{escape(_unescaped(payload.get('text')))}</p>"
    return (
        '<div class="slack"><div class="avatar" aria-hidden="true">GD</div><div class="said">'
        '<p class="by"><b>Detection stack</b> <span class="app">APP</span></p>'
        f"{shown}</div></div>"
    )


def _block(block: Mapping[str, object]) -> str:
    match block["type"]:
        case "header":
            return f'<h4 class="header">{_plain(block["text"])}</h4>'
        case "section":
            return f'<p class="section">{_plain(block["text"])}</p>'
        case "context":
            return f'<p class="context">{"".join(map(_plain, items(block["elements"])))}</p>'
        case "divider":
            return "<hr>"
        case "rich_text":
            return "".join(map(_rich, items(block["elements"])))
        case other:
            raise ValueError(f"block {other!r}: the preview does not know how Slack shows it")


def _rich(element: Mapping[str, object]) -> str:
    inner = items(element["elements"])
    match element["type"]:
        case "rich_text_list":
            start = int(str(element.get("offset", 0))) + 1
            return f'<ol start="{start}">' + "".join(f"<li>{_rich(item)}</li>" for item in inner) + "</ol>"
        case "rich_text_quote":
            return f"<blockquote>{''.join(map(_span, inner))}</blockquote>"
        case "rich_text_preformatted":
            return f"<pre>{''.join(map(_span, inner))}</pre>"
        case _:
            return f'<div class="rich">{"".join(map(_span, inner))}</div>'


def _span(element: Mapping[str, object]) -> str:
    shown = escape(str(element["text"]))
    if element["type"] == "link":
        return f'<a href="{escape(str(element["url"]))}" rel="noreferrer noopener">{shown}</a>'
    return f"<b>{shown}</b>" if element.get("style") else shown


def _plain(value: object) -> str:
    return escape(str(value["text"])) if isinstance(value, Mapping) else ""


def _unescaped(value: object) -> str:
    # Slack's own three escapes, undone once, as Slack does before it shows the text.
    return str(value).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


SLACK = Kind(title="Slack", about="by incoming webhook", payload=_payload, page=_page, words=text.body)
