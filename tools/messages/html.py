"""One HTML page that shows the messages for a finding as their readers see them; no outside resources."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from notifier.brief import Brief
from tools.messages.kinds import KINDS

_STYLE = Path(__file__).with_name("page.css")
_TONES = {"Critical": "critical", "High": "high", "Medium": "medium", "Low": "low"}


def render_html(*briefs: Brief, kinds: Sequence[str] = tuple(KINDS), title: str = "What the responders receive") -> str:
    """A whole page with the messages of `briefs` in the forms named; everything is escaped."""
    cases = "".join(_case(brief, kinds) for brief in briefs)
    return _page(title, f"<main><h1>{escape(title)}</h1>{cases}</main>")


def render_message(brief: Brief, kind: str) -> str:
    """A page with nothing but one message in one form."""
    return _page(KINDS[kind].title, f'<main class="alone {_tone(brief)}">{_form(brief, kind)}</main>')


def _page(title: str, body: str) -> str:
    return (
        "<!doctype html>\n"
        '<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        # Nothing is loaded and nothing runs, whatever a finding holds.
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f'<meta name="referrer" content="no-referrer"><title>{escape(title)}</title>'
        f"<style>{_STYLE.read_text(encoding='utf-8')}</style></head><body>{body}</body></html>\n"
    )


def _case(brief: Brief, kinds: Sequence[str]) -> str:
    panes = "".join(_form(brief, kind) for kind in kinds)
    place = f"account {brief.account_in_words} · {brief.region} · {brief.finding_type}"
    return (
        f'<article class="case {_tone(brief)}"><header><span class="badge">{escape(brief.severity_label)}</span>'
        f"<h2>{escape(brief.headline)}</h2><p>{escape(place)}</p></header>"
        f'<div class="panes">{panes}</div></article>'
    )


def _form(brief: Brief, kind: str) -> str:
    one = KINDS[kind]
    about = f"<h3>{escape(one.title)} <small>{escape(one.about)}</small></h3>"
    return f'<section class="pane">{about}{one.page(brief)}</section>'


def _tone(brief: Brief) -> str:
    return _TONES.get(brief.severity.word, "unknown")
