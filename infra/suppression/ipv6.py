"""IPv6 addresses as exact values, in every form in which a finding may show them."""

from collections.abc import Sequence
from ipaddress import IPv6Address
from itertools import chain

from infra.suppression.selection import EXACT_VALUES
from infra.suppression.sharing import shared_out

CALLER_IPV6_ADDRESS = "service.action.awsApiCallAction.remoteIpDetails.ipAddressV6"
"""The attribute that holds the API caller's IPv6 address (GuardDuty user guide, filter findings)."""

FORMS = 6
"""Most forms of one address."""

ADDRESSES_OF_A_FILTER = EXACT_VALUES // FORMS


def textual_forms(address: IPv6Address) -> tuple[str, ...]:
    """The ways to write one address that are in use, each in small and in capital letters.

    Which one GuardDuty uses is not documented: the short one (RFC 5952), all eight groups without leading zeros (what
    Java prints), or all eight groups in full. Every form is the same address, so none hides another one.
    """
    groups = address.exploded.split(":")
    forms = (str(address), ":".join(group.lstrip("0") or "0" for group in groups), address.exploded)
    return tuple(dict.fromkeys(chain.from_iterable((form, form.upper()) for form in forms)))


def ipv6_filters(addresses: Sequence[IPv6Address]) -> tuple[tuple[str, ...], ...]:
    """The values of each filter that the addresses need; one that comes or goes changes few of them."""
    by_text = {str(address): address for address in sorted(addresses)}
    return tuple(
        tuple(chain.from_iterable(textual_forms(by_text[text]) for text in some))
        for some in shared_out(tuple(by_text), room=ADDRESSES_OF_A_FILTER)
    )
