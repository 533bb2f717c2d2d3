"""Where a call came from, as far as can be told, and how it was told.

Whoever the key belongs to uses it as well as whoever took it, so the address is what tells them apart.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import TypeAlias

from investigation.aws_networks import AwsNetworks
from investigation.documents import Side
from investigation.wire import Block, text
from shared.egress import EgressRange, address_of, ranges_of

# Not `is_private`, which also means ranges that the internet does see (and those kept for documentation).
_BEHIND_NAT = tuple(
    ip_network(one)
    for one in (
        "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
        "::1/128", "fc00::/7", "fe80::/10",
    )
)  # fmt: skip

Address: TypeAlias = IPv4Address | IPv6Address
Told: TypeAlias = tuple[Side, str]
"""On which side, and how that was told."""


def addresses_of(given: Iterable[str]) -> frozenset[Address]:
    """Those that are addresses."""
    return frozenset(address for one in given if (address := address_of(one)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """What is known of addresses.

    Attributes:
        named: The addresses in the finding: GuardDuty says that they are not the workload's.
        account: The account of the finding.
        remote_account: The account of the host that GuardDuty saw, if that is on AWS; else empty.
        of_workload: Whether the key is a workload's, which is on AWS itself.
        inside_aws: The finding is about use inside AWS, by another account's workload.
        egress: Our own address ranges.
        aws: The networks of AWS; None if they could not be had.
    """

    named: Collection[Address]
    account: str
    remote_account: str
    of_workload: bool
    inside_aws: bool
    egress: Sequence[EgressRange]
    aws: AwsNetworks | None

    def of(self, event: Block) -> Told:
        """The origin of one event of CloudTrail."""
        given = text(event.get("sourceIPAddress"))
        address = address_of(given)
        if address and address in self.named:
            ours = ranges_of(str(address), self.egress)
            return "outside", "the address in the finding" + (
                f"; it is in your egress range {ours[0].name}, so it may be your own traffic" if ours else ""
            )
        if endpoint := text(event.get("vpcEndpointId"), limit=40):
            return self._by_endpoint(endpoint, text(event.get("vpcEndpointAccountId"), limit=12))
        if address:
            return self._by_address(address)
        if given.endswith((".amazonaws.com", ".amazonaws.com.cn")) or given == "AWS Internal":
            # Forwarded calls carry the identity of whoever called first, and nothing says who that was.
            return "unclear", "an AWS service, in the name of whoever used the key"
        return "unclear", "no address that could be read"

    def _by_address(self, address: Address) -> Told:
        if ours := ranges_of(str(address), self.egress):
            return _of_ours(ours[0])
        if any(address in network for network in _BEHIND_NAT):
            return "unclear", "a private address without the id of a VPC endpoint"
        if self.aws is None:
            return "unclear", "a public address; AWS's list of its own could not be read"
        if str(address) not in self.aws:
            return "outside", "a public address that is neither AWS's nor in your egress"
        return self._of_aws()

    def _of_aws(self) -> Told:
        if not self.of_workload:
            return "unclear", "an address of AWS, and the key is of no workload there: anybody's"
        if self.inside_aws:
            return "unclear", "an address of AWS, and so is the thief's in this kind of finding"
        return "inside", "an address of AWS: the workload's own, unless somebody on AWS has the key too"

    def _by_endpoint(self, endpoint: str, owner: str) -> Told:
        # CloudTrail names the endpoint's account since event version 1.11; an endpoint can be in anybody's VPC.
        if owner and owner == self.remote_account != self.account:
            return "outside", f"the VPC endpoint {endpoint} of the account in the finding, {owner}"
        if owner and owner != self.account:
            return (
                "unclear",
                f"the VPC endpoint {endpoint} of another account, {owner}: that of your network, or a stranger's",
            )
        if not owner:
            return "unclear", f"the VPC endpoint {endpoint}; CloudTrail does not say whose"
        return "inside", f"your own VPC endpoint {endpoint}"


def _of_ours(known: EgressRange) -> Told:
    if known.observing:
        return "unclear", f"your egress range {known.name}, which is only being observed"
    if known.scoped:
        return "unclear", f"your egress range {known.name}, which is for some workloads only"
    return "inside", f"your egress range {known.name}"
