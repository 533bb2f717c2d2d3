"""Which network addresses a message may be sent to: those of the public internet."""

import socket
import threading
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

from notifier.outcomes import Refused, RetryLater

Place: TypeAlias = tuple[str, int]
"""A network address and a port."""

IpAddress: TypeAlias = IPv4Address | IPv6Address
Resolve: TypeAlias = Callable[[str, int], list[Place]]
_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_TRIED = 4


def is_public(address: IpAddress) -> bool:
    """Whether an address is one of the public internet.

    Not so: private, loopback, link-local (the instance metadata service among them), carrier-grade NAT, multicast,
    reserved, and every IPv6 form that carries an IPv4 address, except NAT64 of a public one (RFC 6052).
    """
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        return address in _GLOBAL_UNICAST and address.is_global and not (address.sixtofour or address.teredo)
    return address.is_global and not address.is_multicast and not address.is_reserved


def resolve(host: str, port: int) -> list[Place]:
    """The network addresses of a name, in the order in which to try them.

    Raises:
        OSError: the name has none, or the resolver failed.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [(str(place[0]), int(place[1])) for *_, place in found]


def public_places(
    host: str,
    port: int,
    *,
    within: float,
    resolve: Resolve = resolve,
    permitted: Callable[[IpAddress], bool] = is_public,
) -> list[Place]:
    """Where to connect to for `host`: checked, so connect to these and do not look the name up again.

    Args:
        host: A name.
        port: The port.
        within: Seconds to wait for the resolver, which has no timeout of its own.
        resolve: How names are looked up.
        permitted: Which addresses may be connected to.

    Raises:
        RetryLater: the name could not be looked up.
        Refused: one of its addresses is not permitted; a name that leads inwards is never trusted in part.
    """
    found: list[Place] = []
    failed: list[Exception] = []

    def look_up() -> None:
        try:
            found.extend(resolve(host, port))
        except (OSError, ValueError) as error:  # ValueError: a name that no resolver can be asked for
            failed.append(error)

    thread = threading.Thread(target=look_up, name="resolver", daemon=True)
    thread.start()
    thread.join(within)
    if thread.is_alive():
        raise RetryLater(f"{host} could not be looked up within {within:.0f} s", cause="dns")
    if not found:
        raise RetryLater(
            f"{host} could not be looked up{''.join(f': {type(e).__name__}' for e in failed)}", cause="dns"
        )
    for address, _ in found:
        if not permitted(ip_address(address)):
            raise Refused(f"{host} has the address {address}, which is not on the public internet", cause="address")
    return found[:_TRIED]
