"""Our own internet-facing addresses, behind which functions in a VPC may leave."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from infra.config.entry import EndDate, Owner, Reason, Ticket, apart
from infra.config.fields.addresses import WIDEST, Cidr, written
from infra.config.fields.aws_text import Name
from infra.config.fields.distinct import Distinct
from infra.config.fields.finding_types import SuppressedType
from infra.config.fields.ipv6 import Ipv6
from infra.config.model import Model
from infra.config.refusals import refusals
from infra.config.scope import OptionalScope
from infra.config.suppression_review import Notified
from infra.suppression import DEFAULT_BUDGET, MAX_FILTERS, SUPPRESSED_FINDING_TYPES

Mode = Literal["observe", "enforce"]


class EgressEntry(Model):
    """Addresses from which our own credentials may be used, who answers for that, and until when."""

    name: Name
    """Short name, distinct. Filters and messages carry it, so a change replaces the filters."""

    cidrs: Annotated[tuple[Cidr, ...], Field(max_length=1000), AfterValidator(apart)] = ()
    """Public IPv4 addresses or networks. Credentials used from here raise no alarm, so list no more than is ours. An
    entry holds at least one address, here or in ipv6_addresses."""

    ipv6_addresses: Annotated[tuple[Ipv6, ...], Field(max_length=100), Distinct()] = ()
    """Public IPv6 addresses, each by itself; ranges cannot be hidden exactly. Each is matched in every form in which a
    finding may show it, and eight take a filter."""

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

    @model_validator(mode="after")
    def _holds_an_address(self) -> "EgressEntry":
        if not self.cidrs and not self.ipv6_addresses:
            refusals([(("cidrs",), "must hold at least 1 item, or ipv6_addresses must")])
        return self

    @property
    def addresses(self) -> tuple[str, ...]:
        """Ranges and addresses, as people write them."""
        return (*map(written, self.cidrs), *map(str, self.ipv6_addresses))

    @property
    def narrowed_by(self) -> Mapping[str, tuple[str, ...]]:
        """What the scope asks of a finding: attributes of a filter, each with the values that fit."""
        return self.scope.attributes if self.scope else {}


class EgressLimits(Model):
    """What egress entries may be at most; a rule of your own can be stricter than ours for ranges, never laxer."""

    minimum_netmask_length: Annotated[int, Field(strict=True, ge=WIDEST, le=32)] = WIDEST
    """Shortest netmask of a range, 16 to 32: 24 accepts a /24 and what is narrower, and refuses a /23. Holds for
    `trusted_list` too."""

    maximum_filters: Annotated[int, Field(strict=True, ge=1, le=MAX_FILTERS)] = DEFAULT_BUDGET
    """Most GuardDuty filters that all entries together may take in a Region, 1 to 100. A Region holds 100 in all,
    shared with everybody else who makes filters there."""
