"""What a caller says of its program: the caller's own words, in which it may write whatever it likes."""

import re

from notifier.items.hidden import without_secrets

# Mail programs make links of bare names of hosts too. What ends in a number is a version.
_HOST = re.compile(r"(?<![\w.-])(?:[\w-]{1,63}\.){1,20}[A-Za-z]{2,24}(?![\w-]|\.[\w])")
_SERVICES = (".amazonaws.com", ".amazonaws.com.cn")


def shown_agent(given: str) -> str:
    """A user agent without secrets, and with hosts as `evil[.]example`; but for AWS's own services, which call so."""
    return _HOST.sub(_apart, without_secrets(given))


def _apart(found: re.Match[str]) -> str:
    host = found[0]
    return host if host.endswith(_SERVICES) else host.replace(".", "[.]")
