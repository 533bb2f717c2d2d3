"""What a caller says of its program: the caller's own words, in which it may write whatever it likes."""

from notifier.items.hidden import without_secrets
from notifier.items.hosts import hosts_apart


def shown_agent(given: str) -> str:
    """A user agent without secrets, and with the names of hosts taken apart."""
    return hosts_apart(without_secrets(given))
