"""One HTML page that shows the messages for a finding as their readers see them; no outside resources."""

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from notifier.brief import Brief
from notifier.destinations import slack_card, sns

_STYLE = Path(__file__).with_name("preview.css")
_TONES = {"Critical": "critical", "High": "high", "Medium": "medium", "Low": "low"}


def render_html(*briefs: Brief, destination: str = "all", title: str = "What the responders receive") -> str:
    """A whole page with the messages of `briefs` for one kind of destination, or all; everything is escaped."""
    cases = "".join(_case(brief, destination) for brief in briefs)
    return (
        "<!doctype html>\n"
        '<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        # Nothing is loaded and nothing runs, whatever a finding holds.
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f'<meta name="referrer" content="no-referrer"><title>{escape(title)}</title>'
        f"<style>{_STYLE.read_text(encoding='utf-8')}</style></head><body><main>"
        f"<h1>{escape(title)}</h1>{cases}</main></body></html>\n"
    )


def _case(brief: Brief, destination: str) -> str:
    panes = []
    if destination in {"all", "slack"}:
        panes.append(_pane("Slack", "by incoming webhook", slack_message(json.loads(slack_card.message(brief)))))
    if destination in {"all", "sns"}:
        panes.append(_pane("E-mail", "by SNS", _mail(brief)))
    tone = _TONES.get(brief.severity.word, "unknown")
    place = f"account {brief.account} · {brief.region} · {brief.finding_type}"
    return (
        f'<article class="case {tone}"><header><span class="badge">{escape(brief.severity_label)}</span>'
        f"<h2>{escape(brief.headline)}</h2><p>{escape(place)}</p></header>"
        f'<div class="panes">{"".join(panes)}</div></article>'
    )


def _pane(name: str, about: str, content: str) -> str:
    return f'<section class="pane"><h3>{escape(name)} <small>{escape(about)}</small></h3>{content}</section>'


def _mail(brief: Brief) -> str:
    mail = sns.mail_of(brief)
    return (
        '<div class="mail"><dl><dt>From</dt><dd>AWS Notifications &lt;no-reply@sns.amazonaws.com&gt;</dd>'
        f"<dt>Subject</dt><dd><b>{escape(mail.subject)}</b></dd></dl><pre>{escape(mail.body)}</pre></div>"
    )


def slack_message(payload: Mapping[str, object]) -> str:
    """A Slack message about as Slack shows it, from the payload that would be posted."""
    blocks = payload.get("blocks")
    shown = "".join(map(_block, _items(blocks))) if blocks else f"<p>{escape(_unescaped(payload.get('text')))}</p>"
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
            return f'<p class="context">{"".join(map(_plain, _items(block["elements"])))}</p>'
        case "divider":
            return "<hr>"
        case "rich_text":
            return "".join(map(_rich, _items(block["elements"])))
        case other:
            raise ValueError(f"block {other!r}: the preview does not know how Slack shows it")


def _rich(element: Mapping[str, object]) -> str:
    inner = _items(element["elements"])
    match element["type"]:
        case "rich_text_list":
            return "<ol>" + "".join(f"<li>{_rich(item)}</li>" for item in inner) + "</ol>"
        case "rich_text_quote":
            return f"<blockquote>{''.join(map(_span, inner))}</blockquote>"
        case "rich_text_preformatted":
            return f"<pre>{''.join(map(_span, inner))}</pre>"
        case _:
            return f'<div class="rich">{"".join(map(_span, inner))}</div>'


def _span(element: Mapping[str, object]) -> str:
    text = escape(str(element["text"]))
    if element["type"] == "link":
        return f'<a href="{escape(str(element["url"]))}" rel="noreferrer noopener">{text}</a>'
    return f"<b>{text}</b>" if element.get("style") else text


def _plain(text: object) -> str:
    return escape(str(text["text"])) if isinstance(text, Mapping) else ""


def _items(value: object) -> Sequence[Mapping[str, object]]:
    return value if isinstance(value, list) else ()


def _unescaped(text: object) -> str:
    # Slack's own three escapes, undone once, as Slack does before it shows the text.
    return str(text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
