"""Dates, as YAML knows them: unquoted, without a time."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from infra.config.refusals import wrong

EXAMPLE = "2027-06-30"


def day(value: object) -> date:
    """The date that was written.

    Raises:
        PydanticCustomError: It is quoted, has a time, or is none.
    """
    if isinstance(value, str):
        raise wrong(f"must be a date {'without quotes' if _is_date(value) else 'of the calendar'} such as {EXAMPLE}")
    if isinstance(value, datetime) or not isinstance(value, date):
        raise wrong(f"must be a date{' without a time' if isinstance(value, datetime) else ''} such as {EXAMPLE}")
    return value


def day_schema(says: str) -> dict[str, Any]:
    """What an editor is told about a date."""
    return {"type": "string", "format": "date", "patternErrorMessage": says}


Day = Annotated[date, BeforeValidator(day), WithJsonSchema(day_schema(f"must be a date such as {EXAMPLE}"))]


def _is_date(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
