"""What a finding holds at an attribute, in the forms in which GuardDuty compares it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from math import isfinite
from typing import TYPE_CHECKING

from tools.matching.finding_attributes import Kind

if TYPE_CHECKING:
    from typing_extensions import TypeIs


class UndocumentedError(ValueError):
    """A value whose comparison nobody outside AWS can predict; the message says why."""


def values_at(found: object, path: Sequence[str]) -> Iterator[object]:
    """The values at a path; a list on the way stands for each of its elements, null for nothing."""
    if isinstance(found, list | tuple):
        for element in found:
            yield from values_at(element, path)
    elif not path:
        if found is not None:
            yield found
    elif isinstance(found, Mapping):
        yield from values_at(found.get(path[0]), path[1:])


def as_text(value: object, kind: Kind) -> str:
    """The text with which `Equals` and `Matches` compare; the API takes texts for every kind of attribute.

    Raises:
        UndocumentedError: For times, for numbers that are not whole, and for a value that is not of this kind.
    """
    if kind is Kind.TRUTH and isinstance(value, bool):
        return "true" if value else "false"
    if kind is Kind.NUMBER and _is_number(value) and value == int(value):
        return str(int(value))
    if kind is Kind.TEXT and isinstance(value, str):
        return value
    # "8" is documented for High, which is 7.0 to 8.9; what it does to 8.5 is not (botocore guardduty, CreateFilter).
    raise UndocumentedError(f"how {value!r} compares with a text, where a finding holds {kind.value}")


def as_number(value: object, kind: Kind) -> float:
    """The number with which `GreaterThan` and its kin compare; for a time, milliseconds since 1970 (botocore).

    Raises:
        UndocumentedError: For texts, and for a value that is not of this kind.
    """
    if kind is Kind.NUMBER and _is_number(value):
        return value
    if kind is Kind.TIME and isinstance(value, str) and (moment := _moment(value)) is not None:
        return moment.timestamp() * 1000
    raise UndocumentedError(f"how {value!r} compares with a number, where a finding holds {kind.value}")


def _is_number(value: object) -> "TypeIs[int | float]":
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
