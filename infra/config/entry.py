"""What every entry answers with that keeps findings from being sent: whose it is, why, and until when."""

from datetime import date, timedelta
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, ValidationInfo, WithJsonSchema

from infra.config.fields.addresses import Cidr, overlapping, written
from infra.config.fields.aws_text import tag_text
from infra.config.fields.dates import EXAMPLE, day, day_schema
from infra.config.fields.shape import Shape
from infra.config.refusals import refusals, wrong

LONGEST_DAYS = 400
"""Furthest end date, in days from today: a year and time to renew."""


def _end_date(value: object, info: ValidationInfo) -> date:
    """Return the date; the latest one allowed depends on `today` of the validation context, where there is one."""
    end = day(value)
    today = (info.context or {}).get("today")
    longest = timedelta(days=LONGEST_DAYS)
    # Not compared with the latest date: in the last year there is none.
    if isinstance(today, date) and end - today > longest:
        raise wrong(
            f"must be at most {LONGEST_DAYS} days ahead, that is {today + longest} or earlier",
            advice="a suppression has to be looked at again at least once a year",
        )
    return end


EndDate = Annotated[
    date,
    BeforeValidator(_end_date),
    WithJsonSchema(day_schema(f"must be a date such as {EXAMPLE}, at most {LONGEST_DAYS} days ahead")),
]


PLACEHOLDER = "FILL-IN"
"""What stands for a name in the entry that a message proposes."""


_NOBODY = {"", "?", "N/A", "NA", "NOBODY", "NONE", "TBA", "TBC", "TBD", "TODO", "UNKNOWN", "XXX"}
"""What people write where they mean to write a name later."""


def _fits_a_tag(owner: str) -> str:
    if PLACEHOLDER in owner.upper() or owner.upper().strip(".!?-/ ") in _NOBODY:
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
