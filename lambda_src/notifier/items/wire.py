"""Reading a JSON document whose every member may be missing, null or of another type."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import TypeAlias

from notifier.items.words import spaced

Block: TypeAlias = Mapping[str, object]
EMPTY: Block = {}

# Numbers for times have been seen as seconds, milliseconds and microseconds; today is about 1.8e9 seconds.
_SECONDS_BELOW = 1e11
_STEP = 1e3
_MAX_DIGITS = 300

_FEW = 3
_TAG_MEMBERS = 2


def decode(text: str) -> object:
    """The JSON document in `text`, whatever its size.

    Raises:
        ValueError: `text` is no JSON, or nested too deeply to be read.
    """
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise ValueError("nested too deeply to be read as JSON") from None


def block(value: object, *path: str) -> Block:
    """The object at `path`, or an empty one."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else EMPTY


def blocks(value: object) -> tuple[Block, ...]:
    """The objects of a list; a single object counts as a list of one."""
    if isinstance(value, dict):
        return (value,)
    return tuple(item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()


def text(value: object) -> str | None:
    """Text or a number as text, trimmed; None for empty text and everything else."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return str(value)
        except ValueError:  # an integer of more digits than Python converts
            return None
    return None


def count(value: object) -> int | None:
    """A whole number from 0, also when written as text or with a fraction of nothing."""
    if isinstance(value, str) and len(value) < _MAX_DIGITS and value.strip().isdecimal():
        value = int(value)
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def truth(value: object) -> bool:
    """True for `true` and its spellings as text; false for everything else."""
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")


def moment(value: object) -> datetime | None:
    """A time in UTC, from ISO 8601 (no zone means UTC) or an epoch in s, ms or µs; None when it does not parse."""
    try:
        if isinstance(value, str):
            given = value.strip()
            if not given.replace(".", "", 1).isdecimal():
                parsed = datetime.fromisoformat(given)
                return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
            value = float(given)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            seconds = float(value)
            while seconds >= _SECONDS_BELOW and math.isfinite(seconds):
                seconds /= _STEP
            return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (ValueError, OverflowError, OSError):
        pass
    return None


def leaves(details: Block, *, depth: int = 2, skip: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """The plain values of an object, each with its name, down to `depth` levels.

    Of lists the first few, and how many more there are.
    """
    for member, value in details.items():
        if member in skip or depth < 1:
            continue
        if isinstance(value, bool):
            yield member, "yes" if value else "no"
        elif isinstance(value, dict):
            if depth > 1:
                yield from leaves(value, depth=depth - 1, skip=skip)
        elif isinstance(value, list):
            for item in value[:_FEW]:
                details = item if isinstance(item, dict) else {member: item}
                if isinstance(key := details.get("key"), str) and len(details) == _TAG_MEMBERS and "value" in details:
                    details = {key: details["value"]}
                yield from leaves(details, depth=depth - 1, skip=skip)
            if len(value) > _FEW and depth > 1:
                yield "and", f"{len(value) - _FEW} more {spaced(member, first=False)}"
        elif (shown := text(value)) is not None:
            yield member, shown


def few(pairs: Iterable[tuple[str, str]], *, most: int) -> Iterator[tuple[str, str]]:
    """The first of them, and how many more there are."""
    left = iter(pairs)
    yield from islice(left, most)
    if more := sum(1 for _ in left):
        yield "and", f"{more} more"


def listed(values: object, *, most: int, between: str = ", ") -> str:
    """The texts of a list in a row, the first of them, and how many more there are."""
    found = [shown for one in values if (shown := text(one))] if isinstance(values, list) else []
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return between.join(found[:most]) + more


def in_order(details: Block, *, first: tuple[str, ...] = (), last: tuple[str, ...] = ()) -> Block:
    """The same object with some of its members before the others, and some after them."""
    ends = {member: details[member] for member in last if member in details}
    begin = {member: details[member] for member in first if member in details}
    return {**begin, **{member: value for member, value in details.items() if member not in ends}, **ends}


def camel(value: object) -> object:
    """The same document with the first letter of each key in lower case.

    boto3 shows a finding in PascalCase, the wire has camelCase; the two are never mixed within a document.
    """
    if isinstance(value, dict):
        # Keys such as AWS::S3::Bucket are data, not member names.
        return {k if ":" in k else k[:1].lower() + k[1:]: camel(v) for k, v in value.items()}
    return [camel(item) for item in value] if isinstance(value, list) else value


def _integer(digits: str) -> int | float:
    # int() refuses more than 4300 digits with an error that would hide the whole finding.
    return int(digits) if len(digits) < _MAX_DIGITS else float(digits)


# Made once: `json.loads` with an argument makes a decoder for every document.
_DECODER = json.JSONDecoder(parse_int=_integer)
