"""One HTML page that shows the messages for a finding as their readers see them; no outside resources."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from notifier.brief import Brief
from tools.preview.kinds import KINDS

_STYLE = Path(__file__).with_name("preview.css")
_TONES = {"Critical": "critical", "High": "high", "Medium": "medium", "Low": "low"}


def render_html(*briefs: Brief, kinds: Sequence[str] = tuple(KINDS), title: str = "What the responders receive") -> str:
    """A whole page with the messages of `briefs` in the forms named; everything is escaped."""
    cases = "".join(_case(brief, kinds) for brief in briefs)
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


def _case(brief: Brief, kinds: Sequence[str]) -> str:
    panes = "".join(_pane(KINDS[kind].title, KINDS[kind].about, KINDS[kind].page(brief)) for kind in kinds)
    tone = _TONES.get(brief.severity.word, "unknown")
    place = f"account {brief.account} · {brief.region} · {brief.finding_type}"
    return (
        f'<article class="case {tone}"><header><span class="badge">{escape(brief.severity_label)}</span>'
        f"<h2>{escape(brief.headline)}</h2><p>{escape(place)}</p></header>"
        f'<div class="panes">{panes}</div></article>'
    )


def _pane(name: str, about: str, content: str) -> str:
    return f'<section class="pane"><h3>{escape(name)} <small>{escape(about)}</small></h3>{content}</section>'
