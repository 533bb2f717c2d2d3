"""Reading a JSON document whose every member may be missing, null or of another type."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeAlias

Block: TypeAlias = Mapping[str, object]
_EMPTY: Block = {}
_LONGEST = 512


def block(value: object, *path: str) -> Block:
    """The object at `path`, or an empty one."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else _EMPTY


def blocks(value: object) -> list[Block]:
    """The objects of a list; a single object counts as a list of one."""
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def items(value: object) -> list[object]:
    """The list; anything else counts as a list of one."""
    return value if isinstance(value, list) else [value]


def text(value: object, *, limit: int = _LONGEST) -> str:
    """Text, trimmed and cut to what nothing of AWS's reaches; empty for everything else.

    What comes from a finding or from CloudTrail may be written by whoever took the key. It is kept as it is, and made
    inert where it is shown (`notifier.inert`).
    """
    return value.strip()[:limit] if isinstance(value, str) else ""


def moment(value: object) -> datetime | None:
    """A time in UTC, from ISO 8601 (no zone means UTC); None when it does not parse."""
    if isinstance(value, datetime):
        return _utc(value)
    try:
        return _utc(datetime.fromisoformat(text(value)))
    except (ValueError, OverflowError):
        return None


def _utc(value: datetime) -> datetime:
    # A time without a zone is that of the machine to `astimezone`.
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)


def iso(value: datetime | None) -> str:
    """`2026-11-23T04:15:02+00:00`; empty for none."""
    return value.replace(microsecond=0).isoformat() if value else ""
