"""Secrets that somebody wrote into the file, wherever in it: whoever reads it, or a template, could use them."""

from collections.abc import Iterator

from infra.config.errors import Found, Path
from infra.config.known_secrets import holds_token, holds_webhook_address


def inline_secrets(data: object) -> Found:
    """Each text of the file that holds a webhook's address or a token; what it is is not repeated."""
    for path, text in _texts(data, ()):
        if holds_webhook_address(text) or holds_token(text):
            what = "webhook's address" if holds_webhook_address(text) else "token"
            yield (
                path,
                f"holds a {what} (not repeated here), and everybody who reads this file or a template could use it;"
                " take it out, consider it known, and make a new one",
            )


def _texts(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            # The key as well: of tags, of accounts and of Regions it is anybody's text.
            yield (*path, str(key)), str(key)
            yield from _texts(inner, (*path, str(key)))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _texts(inner, (*path, position))
