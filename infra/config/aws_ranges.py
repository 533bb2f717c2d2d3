"""AWS's own addresses, from the file that AWS publishes, where a copy lies beside the configuration."""

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from infra.config.egress import EgressEntry
from infra.config.errors import ConfigurationError, Found, Problem
from infra.config.fields.addresses import written
from infra.config.reading.file_text import RefusedError, file_text, printable
from infra.config.trusted_list import TrustedEntry
from infra.config.wording import shown

FILE_NAME = "aws-ip-ranges.json"
"""A copy of https://ip-ranges.amazonaws.com/ip-ranges.json, committed so that the same commit gives the same answer."""

MOST_BYTES = 16 * 1024 * 1024
"""AWS's file is about 2 MiB."""

WIDEST_PREFIX = 8
"""AWS has no network wider than that; a copy that says so has been tampered with, or is another file."""

WIDEST_IPV6_PREFIX = 16
"""Our choice, for the same end: whole registries are given /12 (IANA, IPv6 global unicast address assignments), and no
company what a registry has."""


class _Prefix(BaseModel):
    """What we read of a prefix; AWS may add keys."""

    ip_prefix: str
    region: str
    service: str


class _Ipv6Prefix(BaseModel):
    ipv6_prefix: str
    region: str
    service: str


class _Document(BaseModel):
    created: str = Field(alias="createDate")
    prefixes: list[_Prefix]
    ipv6_prefixes: list[_Ipv6Prefix] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsPrefix:
    """One network of AWS, the Region it is in and the service it is for."""

    network: IPv4Network | IPv6Network
    region: str
    service: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsRanges:
    """The networks of AWS.

    Attributes:
        file: The file as messages name it.
        date: Day on which AWS made it.
        prefixes: IPv4, in the order of their addresses.
        ipv6_prefixes: IPv6, the narrowest first.
    """

    file: str
    date: str
    prefixes: tuple[AwsPrefix, ...]
    ipv6_prefixes: tuple[AwsPrefix, ...]

    def holding(self, address: IPv6Address) -> AwsPrefix | None:
        """Find the narrowest prefix that holds the address."""
        return next((prefix for prefix in self.ipv6_prefixes if address in prefix.network), None)

    def overlapping(self, cidr: IPv4Network) -> AwsPrefix | None:
        """Find the prefix that says most: the narrowest, and rather a service's own than AMAZON, which is all."""
        first, last = int(cidr.network_address), int(cidr.broadcast_address)
        starts = {
            int(cidr.supernet(new_prefix=length).network_address) for length in range(WIDEST_PREFIX, cidr.prefixlen)
        }
        around = [
            prefix for start in starts for prefix in self._starting(start, start) if prefix.network.overlaps(cidr)
        ]
        return max(
            (*around, *self._starting(first, last)),
            key=lambda prefix: (prefix.network.prefixlen, prefix.service != "AMAZON"),
            default=None,
        )

    def _starting(self, first: int, last: int) -> list[AwsPrefix]:
        begin = bisect_left(self.prefixes, first, key=_start)
        return list(self.prefixes[begin : bisect_right(self.prefixes, last, key=_start)])


def _start(prefix: AwsPrefix) -> int:
    return int(prefix.network.network_address)


def read_aws_ranges(folder: Path) -> AwsRanges | None:
    """Read the file of the folder; None if there is none.

    Raises:
        ConfigurationError: It is there and cannot be used.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return None
    try:
        return _parsed(file_text(path, most=MOST_BYTES, what="AWS's file is about 2 MiB"), file=printable(path))
    except RefusedError as refusal:
        raise ConfigurationError([Problem(file=printable(path), line=refusal.line, text=refusal.text)]) from refusal


def _parsed(text: str, *, file: str) -> AwsRanges:
    advice = "copy https://ip-ranges.amazonaws.com/ip-ranges.json again, or delete the file to go without this check"
    try:
        document = _Document.model_validate(json.loads(text))
    except (json.JSONDecodeError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 0
        raise RefusedError(f"is not JSON; {advice}", line=line) from error
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"])) or "the top level"
        raise RefusedError(f"is not AWS's list of addresses, {place} is missing or wrong; {advice}") from error
    date = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(-[0-9]{2}){3}", document.created)
    if date is None:
        given = shown(document.created)
        raise RefusedError(f"createDate must look like 2026-11-20-17-43-12, got {given}; {advice}")
    prefixes = []
    for number, item in enumerate(document.prefixes):
        try:
            network = IPv4Network(item.ip_prefix)
        except ValueError as error:
            text = f"prefixes[{number}].ip_prefix must be an IPv4 network, got {shown(item.ip_prefix)}; {advice}"
            raise RefusedError(text) from error
        if network.prefixlen < WIDEST_PREFIX:
            raise RefusedError(f"prefixes[{number}].ip_prefix is wider than AWS has any, got '{network}'; {advice}")
        prefixes.append(AwsPrefix(network=network, region=item.region, service=item.service))
    return AwsRanges(
        file=file,
        date=date[1],
        prefixes=tuple(sorted(prefixes, key=_start)),
        ipv6_prefixes=tuple(_ipv6_prefixes(document.ipv6_prefixes, advice=advice)),
    )


def _ipv6_prefixes(items: Iterable[_Ipv6Prefix], *, advice: str) -> list[AwsPrefix]:
    prefixes = []
    for number, item in enumerate(items):
        try:
            network = IPv6Network(item.ipv6_prefix)
        except ValueError as error:
            text = (
                f"ipv6_prefixes[{number}].ipv6_prefix must be an IPv6 network, got {shown(item.ipv6_prefix)}; {advice}"
            )
            raise RefusedError(text) from error
        if network.prefixlen < WIDEST_IPV6_PREFIX:
            raise RefusedError(
                f"ipv6_prefixes[{number}].ipv6_prefix is wider than AWS has any, got '{network}'; {advice}"
            )
        prefixes.append(AwsPrefix(network=network, region=item.region, service=item.service))
    return sorted(prefixes, key=lambda prefix: (-prefix.network.prefixlen, prefix.service == "AMAZON"))


_ADVICE = {
    "egress": "an address of AWS is never outside AWS, and others can rent it: list those of your own network",
    "trusted_list": "others can rent it, and then nothing they do is seen: list those of your own network",
}


def owned_by_aws(key: str, entries: Iterable[EgressEntry | TrustedEntry], ranges: AwsRanges) -> Found:
    """Find ranges of `egress` or `trusted_list` that hold addresses of AWS: some customer of AWS uses what is there."""
    for position, entry in enumerate(entries):
        for place, cidr in enumerate(entry.cidrs):
            if prefix := ranges.overlapping(cidr):
                yield (
                    (key, position, "cidrs", place),
                    f"must not hold addresses of AWS, got {written(cidr)!r}, which overlaps {prefix.network}"
                    f" ({shown(prefix.service)} in {shown(prefix.region)}, {ranges.file} of {ranges.date});"
                    f" {_ADVICE[key]}",
                )
        for place, address in enumerate(entry.ipv6_addresses if isinstance(entry, EgressEntry) else ()):
            if prefix := ranges.holding(address):
                yield (
                    (key, position, "ipv6_addresses", place),
                    f"must not be an address of AWS, got '{address}', which is in {prefix.network}"
                    f" ({shown(prefix.service)} in {shown(prefix.region)}, {ranges.file} of {ranges.date});"
                    f" {_ADVICE[key]}",
                )
