"""Whether a trusted list keeps GuardDuty from making a finding at all."""

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import AddressValueError, IPv4Address

from tools.journey.world import TrustedList
from tools.matching.finding_values import values_at
from tools.templates.plain_values import UnjudgedError

_COVERED = {
    "awsApiCallAction": ("remoteIpDetails",),
    "networkConnectionAction": ("remoteIpDetails",),
    "portProbeAction": ("portProbeDetails", "remoteIpDetails"),
}
"""Actions whose findings come from CloudTrail or VPC Flow Logs, and where each has the other side's address. A list is
read against these sources (GuardDuty user guide, lists); whether against others is not documented for both types."""


def trusting(detail: Mapping[str, object], lists: Sequence[TrustedList]) -> TrustedList | None:
    """The list that holds the remote address of a finding; lists hold IPv4 addresses only.

    Raises:
        UnjudgedError: It cannot be told: what the list holds, or whether it counts for such a finding.
    """
    if not lists:
        return None
    covered = {address for name, path in _COVERED.items() for address in _covered(detail, name, path)}
    others = set(_all_remote(detail.get("service"))) - covered
    for one in lists:
        if one.addresses is None and (covered or others):
            raise UnjudgedError(f"the trusted list {one.name}: its file is not beside the templates")
        trusted = {address for address in covered | others if one.addresses and address in one.addresses}
        if not trusted:
            continue
        if trusted & others or trusted != covered:
            named = ", ".join(map(str, sorted(trusted)))
            raise UnjudgedError(
                f"the trusted list {one.name} holds {named}; whether that hides such a finding is not documented"
            )
        return one
    return None


def _covered(detail: Mapping[str, object], action: str, path: Sequence[str]) -> Iterator[IPv4Address]:
    if _seen_by_an_agent(detail):
        return
    for value in values_at(detail, ("service", "action", action, *path, "ipAddressV4")):
        yield from _address(value)


def _seen_by_an_agent(detail: Mapping[str, object]) -> bool:
    """Whether Runtime Monitoring made it: its connections look like those of flow logs, and come from the workload."""
    return (
        "RuntimeMonitoring" in values_at(detail, ("service", "featureName"))
        or any(values_at(detail, ("service", "runtimeDetails")))
        or ":Runtime/" in str(detail.get("type"))
    )


def _all_remote(found: object) -> Iterator[IPv4Address]:
    """The addresses of every `remoteIpDetails`, wherever it stands."""
    if isinstance(found, Mapping):
        for name, inner in found.items():
            if name == "remoteIpDetails":
                for value in values_at(inner, ("ipAddressV4",)):
                    yield from _address(value)
            yield from _all_remote(inner)
    elif isinstance(found, list | tuple):
        for inner in found:
            yield from _all_remote(inner)


def _address(value: object) -> Iterator[IPv4Address]:
    try:
        yield IPv4Address(value) if isinstance(value, str) else IPv4Address("")
    except AddressValueError:
        return
