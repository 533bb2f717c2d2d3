"""A card in Teams, from the very elements that are posted."""

import json
from collections.abc import Iterator, Mapping
from html import escape

from notifier.brief import Brief
from notifier.destinations import teams_card
from tools.messages.kinds.base import Kind, items


def _payload(brief: Brief) -> object:
    return json.loads(teams_card.message(brief))


def _body(brief: Brief) -> list[dict[str, object]]:
    body: list[dict[str, object]] = json.loads(teams_card.message(brief))["attachments"][0]["content"]["body"]
    return body


def _page(brief: Brief) -> str:
    card = "".join(map(_element, _body(brief)))
    return (
        '<div class="slack"><div class="avatar flow" aria-hidden="true">W</div><div class="said">'
        f'<p class="by"><b>Workflows</b></p><div class="teams">{card}</div></div></div>'
    )


def _element(element: Mapping[str, object]) -> str:
    line = ' class="line"' if element.get("separator") else ' class="tight"' if element.get("spacing") == "none" else ""
    match element["type"]:
        case "RichTextBlock":
            return f"<p{line}>{''.join(map(_run, items(element['inlines'])))}</p>"
        case "ActionSet":
            return f'<p class="actions">{"".join(map(_action, items(element["actions"])))}</p>'
        case other:
            raise ValueError(f"element {other!r}: the preview does not know how Teams shows it")


def _run(run: Mapping[str, object]) -> str:
    looks = [
        name
        for name, wanted in (
            ("bold", run.get("weight") == "bolder"),
            ("quiet", run.get("isSubtle")),
            ("mono", run.get("fontType") == "monospace"),
            ("large", run.get("size") == "large"),
            ("toned", "color" in run),
        )
        if wanted
    ]
    return f'<span class="{" ".join(looks)}">{escape(str(run["text"]))}</span>'


def _action(action: Mapping[str, object]) -> str:
    url, title = escape(str(action["url"])), escape(str(action["title"]))
    return f'<a class="button" href="{url}" rel="noreferrer noopener">{title}</a>'


def _words(brief: Brief) -> str:
    return "\n".join(_lines(brief))


def _lines(brief: Brief) -> Iterator[str]:
    for element in _body(brief):
        if element.get("separator"):
            yield ""
        if element["type"] == "RichTextBlock":
            yield "".join(str(run["text"]) for run in items(element["inlines"]))
        else:
            yield from (f"   [{action['title']}] {action['url']}" for action in items(element["actions"]))


TEAMS = Kind(title="Teams", about="by Workflows webhook", payload=_payload, page=_page, words=_words)
