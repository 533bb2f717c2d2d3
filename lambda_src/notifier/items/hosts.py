"""Names of hosts that others chose, so written that no mail program makes a link of them."""

import re

_RUN = re.compile(r"[\w.-]+")
_DOT_WITHIN = re.compile(r"\w\.\w")
# The last label of a name that a mail program may know: of letters alone, in any script, or of those in ASCII.
_ENDING = re.compile(r"(?:[^\W\d_]{2,}|xn--[\w-]+)\Z", re.IGNORECASE)
# A service calls itself so; what customers have there has another label in between.
_SERVICE = re.compile(r"[a-z0-9-]+(?:\.[a-z]{2}(?:-[a-z]+)+-[0-9])?\.amazonaws\.com(?:\.cn)?\.?")


def hosts_apart(text: str) -> str:
    """`evil[.]example` for `evil.example`; versions, addresses and AWS's own services stay as they are."""
    return _RUN.sub(_apart, text) if "." in text else text


def host_apart_in_path(text: str) -> str:
    """The same before the first slash alone: what follows is no name of a host, and is copied."""
    host, slash, path = text.partition("/")
    return f"{hosts_apart(host)}{slash}{path}" if slash else text


def _apart(found: re.Match[str]) -> str:
    name = found[0]
    endings = name.split(".")[1:]
    if not _DOT_WITHIN.search(name) or _SERVICE.fullmatch(name) or not any(map(_ENDING.match, endings)):
        return name
    return name.replace(".", "[.]")
