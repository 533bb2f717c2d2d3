"""A brief as a JSON document for any other tool: versioned, its schema in docs/webhook.schema.json."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import TypeAlias

from notifier.brief import Brief
from notifier.links import Link
from notifier.step import Step

Document: TypeAlias = dict[str, object]

VERSION = "1"
"""Another version may take members away or change their meaning; this one only ever gains some."""

# Ours: what a receiver can be expected to take, and far more than a brief needs.
SIZE_LIMIT = 256 * 1024

SIGNATURE_HEADER = "X-Detection-Signature"
TIMESTAMP_HEADER = "X-Detection-Timestamp"
SCHEME = "v1"


def message(brief: Brief) -> str:
    """The JSON to post: the whole document, without its sections where it is too long."""
    for form in ("full", "short"):
        shown = json.dumps(_document(brief, form=form))
        if len(shown) <= SIZE_LIMIT:
            return shown
    return plain_message(brief)


def plain_message(brief: Brief) -> str:
    """The document with the fixed members filled in and every list empty: for when the full one cannot be made."""
    return json.dumps(_document(brief, form="plain"))


def signature(body: bytes, *, timestamp: int, signing_key: bytes) -> str:
    """The value of the signature header: HMAC-SHA256 over the timestamp (epoch seconds), a full stop and the body.

    The timestamp is signed too, so that a receiver can refuse what somebody recorded and sends again later.
    """
    signed = b"%d." % timestamp + body
    return f"{SCHEME}={hmac.new(signing_key, signed, hashlib.sha256).hexdigest()}"


def _document(brief: Brief, *, form: str) -> Document:
    full, plain = form == "full", form == "plain"
    return {
        "version": VERSION,
        "form": form,
        "deployment": brief.deployment,
        "case": brief.case,
        "state": "archived" if brief.closes else "active",
        "sample": brief.sample,
        "recognised": brief.recognised,
        "notice": brief.notice,
        "follow_up": brief.follow_up,
        "call": brief.call,
        "severity": {
            "word": brief.severity.word,
            "number": brief.severity.number,
            "label": brief.severity_label,
        },
        "finding": {
            "id": brief.finding_id,
            "type": brief.finding_type,
            "account": brief.account,
            "account_in_words": brief.account_in_words,
            "region": brief.region,
            "updated_at": brief.updated.isoformat() if brief.updated else None,
        },
        "subject": brief.subject,
        "headline": brief.headline,
        "link": _link(brief.link) if brief.link else None,
        "egress": None if plain else _egress(brief),
        "notes": [] if plain else list(brief.notes),
        "steps": [] if plain else [_step(step) for step in brief.steps],
        "sections": [
            {
                "title": section.title,
                "facts": [{"label": fact.label, "value": fact.value} for fact in section.facts],
            }
            for section in (brief.sections if full else ())
        ],
        "description": brief.description if full else "",
        "raw": brief.raw,
    }


def _egress(brief: Brief) -> Document | None:
    if brief.egress is None:
        return None
    return {
        "address": brief.egress.address,
        "ranges": [{"name": found.name, "owner": found.owner} for found in brief.egress.ranges],
        "sentence": brief.egress.sentence,
    }


def _step(step: Step) -> Document:
    return {
        "text": step.text,
        "links": _links(step.links),
        "snippets": [{"label": snippet.label, "text": snippet.text} for snippet in step.snippets],
    }


def _links(links: Iterable[Link]) -> list[Document]:
    return [_link(link) for link in links]


def _link(link: Link) -> Document:
    return {"label": link.label, "url": link.url}
