"""Times as people read them; in a finding some are text and some are numbers."""

from datetime import datetime

from notifier.items.wire import moment


def shown_time(time: datetime | None) -> str | None:
    """`2026-11-23 04:12:07 UTC`."""
    return f"{time.isoformat(' ')[:19]} UTC" if time else None


def dated(name: str, value: str) -> str:
    """The value of a member; as a time where the name says that it is one."""
    return (name.endswith(("At", "Time")) and shown_time(moment(value))) or value
