"""What every entry answers with that keeps findings from being sent: whose it is, why, and until when."""

from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, ValidationInfo, WithJsonSchema

from infra.config.fields.addresses import Cidr, overlapping, written
from infra.config.fields.aws_text import tag_text
from infra.config.model import Shape, refusals, wrong

LONGEST_DAYS = 400
"""Furthest end date, in days from today: a year and time to renew."""


def _is_date(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _end_date(value: object, info: ValidationInfo) -> date:
    """Return the date; the latest one allowed depends on `today` of the validation context, where there is one."""
    example = "2027-06-30"
    if isinstance(value, str):
        quoted = _is_date(value)
        raise wrong(f"must be a date {'without quotes' if quoted else 'of the calendar'} such as {example}")
    if isinstance(value, datetime) or not isinstance(value, date):
        raise wrong(f"must be a date{' without a time' if isinstance(value, datetime) else ''} such as {example}")
    today = (info.context or {}).get("today")
    if isinstance(today, date) and value > (latest := today + timedelta(days=LONGEST_DAYS)):
        raise wrong(
            f"must be at most {LONGEST_DAYS} days ahead, that is {latest} or earlier",
            advice="a suppression has to be looked at again at least once a year",
        )
    return value


EndDate = Annotated[
    date,
    BeforeValidator(_end_date),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date",
            "patternErrorMessage": f"must be a date such as 2027-06-30, at most {LONGEST_DAYS} days ahead",
        }
    ),
]


PLACEHOLDER = "FILL-IN"
"""What stands for a name in the entry that a message proposes."""


def _fits_a_tag(owner: str) -> str:
    if PLACEHOLDER in owner.upper():
        raise wrong("must name a team or person", advice="write who answers for the entry")
    if not tag_text(owner):
        raise wrong("must hold only letters, digits, spaces and _.:/=+-@", advice="it becomes a tag in GuardDuty")
    return owner


Owner = Annotated[
    str,
    AfterValidator(_fits_a_tag),
    Shape(r"\S(.{0,62}\S)?", "must be one line of 1 to 64 characters that names a team or person"),
]

Ticket = Annotated[
    str,
    Shape(r"\S(.{0,126}\S)?", "must be one line of 1 to 128 characters, such as NET-1234 or the ticket's address"),
]

Reason = Annotated[
    str,
    Shape(r"\S.{6,254}\S", "must be one line of 8 to 256 characters that says whose addresses these are, and why"),
]


def apart(cidrs: tuple[Cidr, ...]) -> tuple[Cidr, ...]:
    """Refuse ranges that cover an address twice: one of them is not what somebody thinks it is."""
    refusals(
        ((later,), f"{written(cidrs[later])} overlaps {written(cidrs[earlier])} of the same entry; keep one of them")
        for later, earlier in overlapping(dict(enumerate(cidrs)))
    )
    return cidrs
