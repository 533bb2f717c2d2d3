"""Single IPv6 addresses that the internet can see."""

from ipaddress import IPv6Address, IPv6Network
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from infra.config.refusals import wrong

EXAMPLE = "2600:1f18:1::7"

GLOBAL_UNICAST = IPv6Network("2000::/3")
"""What the internet routes (IANA IPv6 global unicast address assignments)."""

# Within it (IANA IPv6 special-purpose address registry).
NOT_PUBLIC = {
    IPv6Network("2001::/23"): "reserved",
    IPv6Network("2002::/16"): "6to4",
}

DOCUMENTATION = {IPv6Network("2001:db8::/32"): "RFC 3849", IPv6Network("3fff::/20"): "RFC 9637"}
"""Ranges for examples, which nobody has, and where that is said."""


def public_address(value: object) -> IPv6Address:
    """Return the address.

    Raises:
        PydanticCustomError: It is no text, no single IPv6 address, or the internet cannot see it.
    """
    address = value if isinstance(value, IPv6Address) else _parsed(value)
    documentation = any(address in block for block in DOCUMENTATION)
    special = next((what for block, what in NOT_PUBLIC.items() if address in block and not documentation), None)
    if address not in GLOBAL_UNICAST or special:
        what = special or ("private" if address.is_private else "reserved")
        raise wrong(f"must be publicly routable ({what} addresses are not)")
    return address


def _parsed(value: object) -> IPv6Address:
    rule = f"must be a single IPv6 address such as {EXAMPLE}"
    if not isinstance(value, str) or ":" not in value:
        if isinstance(value, dict):
            # A colon at the end of an address makes a key of it.
            raise wrong(rule, advice="put an address that ends in a colon in quotes")
        raise wrong(rule, advice="IPv4 goes into cidrs" if isinstance(value, str) and "." in value else "")
    if "/" in value:
        raise wrong(
            rule,
            advice="a range cannot be hidden exactly: in which form GuardDuty writes IPv6 addresses is not documented,"
            " and no pattern fits every form of a range and nothing else; list the addresses one by one",
        )
    try:
        address = IPv6Address(value)
    except ValueError as error:
        raise wrong(rule) from error
    if address.scope_id is not None or address.ipv4_mapped is not None:
        raise wrong(rule, advice="without a zone" if address.scope_id is not None else "write it as IPv4, in cidrs")
    return address


Ipv6 = Annotated[
    IPv6Address,
    BeforeValidator(public_address),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^[0-9A-Fa-f:.]+$",
            "patternErrorMessage": f"must be a single IPv6 address such as {EXAMPLE}",
        }
    ),
]
"""A public IPv6 address."""
