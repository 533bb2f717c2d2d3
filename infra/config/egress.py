"""Our own internet-facing addresses, behind which functions in a VPC may leave."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, WithJsonSchema

from infra.config.addresses import WIDEST, Cidr, overlapping, written
from infra.config.aws_text import Name, tag_text
from infra.config.finding_types import SuppressedType
from infra.config.model import Distinct, Model, Shape, refusals, wrong
from infra.config.scope import OptionalScope
from infra.config.suppression_review import Notified
from infra.suppression import DEFAULT_BUDGET, MAX_FILTERS, SUPPRESSED_FINDING_TYPES

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


def _fits_a_tag(owner: str) -> str:
    if not tag_text(owner):
        raise wrong("must hold only letters, digits, spaces and _.:/=+-@", advice="it becomes a tag of the filter")
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

Mode = Literal["observe", "enforce"]

Reason = Annotated[
    str,
    Shape(r"\S.{6,254}\S", "must be one line of 8 to 256 characters that says whose addresses these are, and why"),
]


def _apart(cidrs: tuple[Cidr, ...]) -> tuple[Cidr, ...]:
    """Refuse ranges that cover an address twice: one of them is not what somebody thinks it is."""
    refusals(
        ((later,), f"{written(cidrs[later])} overlaps {written(cidrs[earlier])} of the same entry; keep one of them")
        for later, earlier in overlapping(dict(enumerate(cidrs)))
    )
    return cidrs


class EgressEntry(Model):
    """Addresses from which our own credentials may be used, who answers for that, and until when."""

    name: Name
    """Short name, distinct. Filters and messages carry it, so a change replaces the filters."""

    cidrs: Annotated[tuple[Cidr, ...], Field(min_length=1, max_length=1000), AfterValidator(_apart)]
    """Public IPv4 addresses or networks. Credentials used from here raise no alarm, so list no more than is ours."""

    owner: Owner
    """Team that answers for these addresses; asked to renew the entry before it ends."""

    notify: Notified = ()
    """Names of destinations that reach the owner: told 30, 7 and 1 days before the end and on the day, and when the
    entry matches nothing any more. [] means those of suppression_review."""

    reason: Reason
    """Why functions leave here, for whoever reviews the entry."""

    ticket: Ticket | None = None
    """Where the exception was asked for and allowed, such as NET-1234. null where there is no such place."""

    finding_types: Annotated[tuple[SuppressedType, ...], Field(min_length=1, max_length=50), Distinct()] = (
        SUPPRESSED_FINDING_TYPES
    )
    """Exact finding types that are no alarm from these addresses, 1 to 50; only types that carry the address of an API
    caller. Every type named here is one fewer that you will hear of."""

    # `enforce` by default: leaving the key out must not quietly change what files written before it mean.
    mode: Mode = "enforce"
    """`observe` only counts the findings that would be hidden and still sends every one: begin with it, and look at
    the count after a week. `enforce` hides them."""

    scope: OptionalScope = None
    """Narrows the entry to some accounts, functions or VPCs; findings of all others are sent. Left out: every workload
    that leaves from these addresses."""

    expires: EndDate
    """Last day on which the entry counts, at most 400 days ahead. The first deployment after it leaves the entry out,
    so that its findings are sent again, and says so: deploy on a schedule."""

    @property
    def narrowed_by(self) -> Mapping[str, tuple[str, ...]]:
        """What the scope asks of a finding: attributes of a filter, each with the values that fit."""
        return self.scope.attributes if self.scope else {}


class EgressLimits(Model):
    """What egress entries may be at most; a rule of your own can be stricter than ours for ranges, never laxer."""

    minimum_netmask_length: Annotated[int, Field(strict=True, ge=WIDEST, le=32)] = WIDEST
    """Shortest netmask of a range, 16 to 32: 24 accepts a /24 and what is narrower, and refuses a /23."""

    maximum_filters: Annotated[int, Field(strict=True, ge=1, le=MAX_FILTERS)] = DEFAULT_BUDGET
    """Most GuardDuty filters that all entries together may take in a Region, 1 to 100. A Region holds 100 in all,
    shared with everybody else who makes filters there."""
