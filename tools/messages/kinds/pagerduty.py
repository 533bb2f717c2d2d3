"""An alert in PagerDuty, from the very event that is sent."""

import json
from collections.abc import Iterator
from html import escape

from notifier.brief import Brief
from notifier.destinations import pagerduty_event
from tools.messages.kinds.base import Kind, items, member

_ROUTING_KEY = "(the integration key from the secret)"
_SAMPLE = "Nothing: a sample finding is not sent to a pager."
_NOTICE = "Nothing: a notice is not sent to a pager."


def _payload(brief: Brief) -> object:
    if not pagerduty_event.wakes(brief):
        return None
    return json.loads(pagerduty_event.message(brief, routing_key=_ROUTING_KEY))


def _not_sent(brief: Brief) -> str:
    return _SAMPLE if brief.sample else _NOTICE


def _page(brief: Brief) -> str:
    event = _payload(brief)
    if event is None:
        return f'<div class="pager"><p>{_not_sent(brief)}</p></div>'
    if member(event, "event_action") == "resolve":
        key = escape(str(member(event, "dedup_key")))
        return f'<div class="pager"><p>Resolves the alert <code>{key}</code>.</p></div>'
    severity = escape(str(member(event, "payload", "severity")))
    links = "".join(
        f'<li><a href="{escape(str(link["href"]))}" rel="noreferrer noopener">{escape(str(link["text"]))}</a></li>'
        for link in items(member(event, "links"))
    )
    return (
        f'<div class="pager"><p><span class="level">{severity}</span> '
        f"<b>{escape(str(member(event, 'payload', 'summary')))}</b></p>"
        f'<p class="quiet">Alert key {escape(str(member(event, "dedup_key")))}<br>Source '
        f"{escape(str(member(event, 'payload', 'source')))}, from {escape(str(member(event, 'client')))}</p>"
        f"{_table(member(event, 'payload', 'custom_details'))}<ul>{links}</ul></div>"
    )


def _table(details: object) -> str:
    if isinstance(details, dict):
        rows = "".join(
            f"<tr><th>{escape(str(name))}</th><td>{_table(value)}</td></tr>" for name, value in details.items()
        )
        return f"<table>{rows}</table>"
    return "<br>".join(escape(str(item)) for item in (details if isinstance(details, list) else [details]))


def _words(brief: Brief) -> str:
    event = _payload(brief)
    if event is None:
        return _not_sent(brief)
    if member(event, "event_action") == "resolve":
        return f"Resolves the alert {member(event, 'dedup_key')}."
    lines = [
        f"[{member(event, 'payload', 'severity')}] {member(event, 'payload', 'summary')}",
        f"alert key: {member(event, 'dedup_key')}",
        "",
        *_listed(member(event, "payload", "custom_details"), ""),
        "",
        *(f"{link['text']}: {link['href']}" for link in items(member(event, "links"))),
    ]
    return "\n".join(lines)


def _listed(details: object, indent: str) -> Iterator[str]:
    if not isinstance(details, dict):
        yield from (f"{indent}{item}" for item in (details if isinstance(details, list) else [details]))
        return
    for name, value in details.items():
        if isinstance(value, dict | list):
            yield f"{indent}{name}:"
            yield from _listed(value, f"{indent}  ")
        else:
            yield f"{indent}{name}: {value}"


PAGERDUTY = Kind(title="PagerDuty", about="by Events API v2", payload=_payload, page=_page, words=_words)
