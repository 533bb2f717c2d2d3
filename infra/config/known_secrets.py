"""Texts that are secrets by their looks: webhook addresses and tokens of the services that we know."""

import re

# Slack, Teams (Workflows, and the connectors before it), and the signature that makes an address of Workflows secret.
_WEBHOOK = re.compile(r"hooks\.slack|logic\.azure\.|api\.powerplatform\.|webhook\.office|[?&]sig=", re.IGNORECASE)
_USABLE = re.compile(
    r"hooks\.slack(?:-gov)?\.com/\w+/|(?:logic\.azure\.|api\.powerplatform\.)\S*[?&]sig=|webhook\.office\S*/webhook",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"xox[abeprs]-[A-Za-z0-9-]{8,}|gh[opsur]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}"
    r"|(?<![A-Za-z0-9])T[A-Z0-9]{7,12}/B[A-Z0-9]{7,12}/[A-Za-z0-9]{12,}"
)


def mentions_webhook_host(text: str) -> bool:
    """Tell whether text holds the address of a webhook at one of the services that we know."""
    return bool(_WEBHOOK.search(text))


def holds_webhook_address(text: str) -> bool:
    """Tell whether text holds so much of a webhook's address that it can be used: more than the service's host."""
    return bool(_USABLE.search(text))


def holds_token(text: str) -> bool:
    """Tell whether text holds a token of Slack or GitHub, or the end of a webhook address of Slack."""
    return bool(_TOKEN.search(text))
