"""Addresses that GuardDuty shall trust whatever they do: the opt-in that hides every finding type."""

from typing import Annotated

from pydantic import AfterValidator, Field

from infra.config.entry import EndDate, Owner, Reason, Ticket, apart
from infra.config.fields.addresses import Cidr, written
from infra.config.fields.aws_text import Name
from infra.config.model import Model
from infra.suppression import MAX_TRUSTED_IP_ADDRESSES


class TrustedEntry(Model):
    """Addresses for which GuardDuty makes no finding of any type, who answers for that, and until when."""

    name: Name
    """Short name, distinct. The list carries it in a tag."""

    cidrs: Annotated[tuple[Cidr, ...], Field(min_length=1, max_length=MAX_TRUSTED_IP_ADDRESSES), AfterValidator(apart)]
    """Public IPv4 addresses or networks, in no other entry here and in none of `egress`. Whatever is done from here is
    unseen, so list no more than you must. Of all entries together a list holds 1,000, neighbours put together; 2,000
    where it is an IPSet."""

    owner: Owner
    """Team that answers for what happens from these addresses; asked to renew the entry before it ends."""

    reason: Reason
    """Why no finding type at all is wanted from here, for whoever reviews the entry."""

    ticket: Ticket | None = None
    """Where the exception was asked for and allowed, such as NET-1234. null where there is no such place."""

    expires: EndDate
    """Last day on which the entry counts, at most 400 days ahead. The first deployment after it takes the entry off
    the list, so that its findings are made again, and says so: deploy on a schedule."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Ranges, as people write them."""
        return tuple(map(written, self.cidrs))
