"""The signed document that any other tool gets."""

import json
from html import escape

from notifier.brief import Brief
from notifier.destinations import webhook_document
from notifier.destinations.webhook_document import SCHEME, SIGNATURE_HEADER, TIMESTAMP_HEADER
from tools.messages.kinds.base import Kind

_HEADERS = (
    ("Content-Type", "application/json"),
    (TIMESTAMP_HEADER, "(seconds since 1970, when it is sent)"),
    (SIGNATURE_HEADER, f"{SCHEME}=(by the signing key from the secret)"),
)


def _payload(brief: Brief) -> object:
    return json.loads(webhook_document.message(brief))


def _words(brief: Brief) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in _HEADERS)
    return f"{headers}\n\n{json.dumps(_payload(brief), indent=2, ensure_ascii=False)}"


def _page(brief: Brief) -> str:
    return f'<div class="mail"><pre>{escape(_words(brief))}</pre></div>'


WEBHOOK = Kind(title="Webhook", about="signed JSON", payload=_payload, page=_page, words=_words)
