"""How messages name what stands in a file: values, lists, and what may have been meant."""

from collections.abc import Iterable
from difflib import get_close_matches

from infra.config.known_secrets import holds_token, mentions_webhook_host

SHOWN_LENGTH = 80
"""Longest piece of the file that a message repeats, in characters."""


def shown(value: object, *, written: str | None = None) -> str:
    """Describe a value so that a message can repeat it: quoted, on one line, shortened, never a secret.

    Args:
        value: The value as YAML understood it.
        written: The value as it stands in the file, where that differs (`NO` is read as false).
    """
    match value:
        case None:
            return "nothing"
        case str():
            # a webhook address is a password: whoever has it can post
            if mentions_webhook_host(value):
                return "a webhook address (not repeated here)"
            return "a token (not repeated here)" if holds_token(value) else repr(short(value))
        case list() | tuple() | dict():
            kind = "mapping of keys" if isinstance(value, dict) else "list"
            return f"a {kind}" if value else f"an empty {kind}"
    kind = {bool: "true/false value", int: "number", float: "number"}.get(type(value), "date")
    return f"the {kind} {short(str(value).lower() if written is None else written)}"


def short(text: str) -> str:
    """Cut text to `SHOWN_LENGTH` characters, saying so with an ellipsis."""
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"


def near(name: str, known: Iterable[str]) -> str:
    """Suggest the nearest known name, if one is near enough to be what was meant.

    The same letters in another case come first, then the same letters in another order.
    """
    names = list(known)
    alike = [one for one in names if one.lower() == name.lower()]
    alike += get_close_matches(name, [one for one in names if sorted(one) == sorted(name)], n=1)
    matches = alike or get_close_matches(name, names, n=1) or get_close_matches(name.lower(), names, n=1)
    return f"did you mean {matches[0]!r}?" if matches else ""


def sentence(*parts: str) -> str:
    """Join the parts of a message that there are."""
    return "; ".join(part for part in parts if part).replace("?; ", "? ")


def words(names: Iterable[str]) -> str:
    """List names in a message, or say that there are none."""
    return ", ".join(names) or "none"
