"""Lines for the configuration, for when the caller turns out to be our own egress."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address

from notifier.items.finding import Finding
from notifier.step import Snippet
from shared.egress import EgressRange, address_of

HIDDEN_UNASKED = ".OutsideAWS"
"""End of the types that our own egress raises without a leak, which an entry of egress hides if it names none; an
.InsideAWS caller is an AWS address and never on-premises."""

_ASN = re.compile(r"[1-9][0-9]{0,9}")
_FINDING = re.compile(r"[A-Za-z0-9-]{1,64}")
_QUARTER = timedelta(days=90)
_LAST_YEAR = 9998


def proposal_of(finding: Finding, *, own: Sequence[EgressRange]) -> Snippet | None:
    """The entry of `egress` to paste, or the line to change; None where the finding cannot be about our egress.

    In none of our ranges an entry is proposed only if the network's owner is known, so that there is something to ask
    about. Every value in it is an address, a number or an id: a network's name may be anybody's text.
    """
    caller = finding.caller
    if caller is None or not caller.address or not (finding.type or "").endswith(HIDDEN_UNASKED):
        return None
    if own:
        return _enforced(own[0]) if own[0].observing else None
    if not caller.network and not caller.asn:
        return None
    address = address_of(caller.address)
    return _entry(finding, address, asn=caller.asn) if address else None


def _enforced(entry: EgressRange) -> Snippet:
    return Snippet(
        f"In the entry {entry.name} of egress: findings from its addresses are then no longer sent",
        "mode: enforce",
    )


def _entry(finding: Finding, address: IPv4Address | IPv6Address, *, asn: str | None) -> Snippet:
    shown = str(address)
    # A colon would make YAML read something else.
    listed = f'ipv6_addresses: ["{shown}"]' if isinstance(address, IPv6Address) else f"cidrs: [{shown}]"
    return Snippet(
        "Only if your network team says that it is yours",
        "\n".join(
            (
                f"- name: egress-{_slug(shown)}",
                f"  {listed}",
                "  owner: FILL-IN-THE-TEAM",
                f"  reason: Caller in GuardDuty finding {_id(finding)}{_network(asn)}",
                "  mode: observe",
                f"  expires: {_expires(finding.last_seen or finding.updated or finding.envelope.time)}",
            )
        ),
    )


def _slug(address: str) -> str:
    # Names take 31 characters; an IPv6 address may need more, and its end is what tells it apart.
    return re.sub(r"[^a-z0-9]+", "-", address)[-24:].strip("-")


def _id(finding: Finding) -> str:
    given = finding.finding_id or ""
    return given if _FINDING.fullmatch(given) else "(fill in)"


def _network(asn: str | None) -> str:
    return f", network AS{asn}" if asn and _ASN.fullmatch(asn) else ""


def _expires(moment: datetime | None) -> str:
    return (moment + _QUARTER).date().isoformat() if moment and moment.year <= _LAST_YEAR else "YYYY-MM-DD"
