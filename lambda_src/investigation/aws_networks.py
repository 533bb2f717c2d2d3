"""Which public addresses are AWS's: the list that AWS publishes, read when it is needed."""

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.client import HTTPException
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_address, ip_network
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from investigation.wire import block

ADDRESS = "https://ip-ranges.amazonaws.com/ip-ranges.json"
"""AWS's own list (VPC user guide, AWS IP address ranges). A copy in here would be wrong within weeks."""

_SECONDS = 8.0
_MOST_BYTES = 16 * 1024 * 1024
_WIDEST = {4: 8, 6: 16}
_FEWEST = 100


class Unsorted(Exception):
    """The list could not be had; the message says why, as a clause."""


@dataclass(frozen=True, slots=True)
class AwsNetworks:
    """The networks of AWS, by IP version as first and last address in order."""

    _spans: dict[int, tuple[tuple[int, int], ...]]

    @classmethod
    def of(cls, networks: Iterable[IPv4Network | IPv6Network]) -> "AwsNetworks":
        """Networks in any order, also when they overlap."""
        of_4: list[IPv4Network] = []
        of_6: list[IPv6Network] = []
        for network in networks:
            if isinstance(network, IPv4Network):
                of_4.append(network)
            else:
                of_6.append(network)
        return cls(
            {
                4: tuple((int(one[0]), int(one[-1])) for one in collapse_addresses(of_4)),
                6: tuple((int(one[0]), int(one[-1])) for one in collapse_addresses(of_6)),
            }
        )

    def __contains__(self, address: str) -> bool:
        try:
            given = ip_address(address)
        except ValueError:
            return False
        spans = self._spans[given.version]
        place = bisect_right(spans, (int(given), 2**128)) - 1
        return place >= 0 and int(given) <= spans[place][1]


def read_networks(fetch: "Callable[[], bytes] | None" = None) -> AwsNetworks:
    """The networks of AWS as of now.

    Raises:
        Unsorted: The list did not come, or is none.
    """
    try:
        document = json.loads((fetch or _fetch)())
        found = [
            ip_network(str(one[member]))
            for name, member in (("prefixes", "ip_prefix"), ("ipv6_prefixes", "ipv6_prefix"))
            for one in block(document)[name]  # type: ignore[attr-defined]  # checked by what is raised below
        ]
    except (OSError, HTTPException) as error:
        raise Unsorted(f"AWS's list of its addresses could not be read ({type(error).__name__})") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unsorted("AWS's list of its addresses is not what it was") from error
    # One that calls half of the internet AWS's would call a thief's host our own.
    if len(found) < _FEWEST or any(one.prefixlen < _WIDEST[one.version] for one in found):
        raise Unsorted("AWS's list of its addresses is not what it was")
    return AwsNetworks.of(found)


class _NoRedirect(HTTPRedirectHandler):
    """AWS serves the list itself; whatever leads elsewhere is refused."""

    def redirect_request(self, *_: object) -> None:
        """Follow nobody."""


def _fetch() -> bytes:
    request = Request(ADDRESS, headers={"User-Agent": "detection-stack"})
    try:
        with build_opener(_NoRedirect()).open(request, timeout=_SECONDS) as answer:
            content: bytes = answer.read(_MOST_BYTES + 1)
    except HTTPError as refusal:
        refusal.close()  # it holds the connection
        raise
    if len(content) > _MOST_BYTES:
        raise ValueError("too long")
    return content
