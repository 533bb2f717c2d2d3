"""What was done, and who or what was at the other end."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from notifier.items.hidden import without_secrets
from notifier.items.hosts import hosts_apart
from notifier.items.user_agent import shown_agent
from notifier.items.wire import Block, block, blocks, few, in_order, leaves, text, truth

CONNECTION = "networkConnectionAction"

_FACTS = 10
_AFFECTED = 4
_SHOWN_ELSEWHERE = (
    "remoteIpDetails", "localIpDetails", "localPortDetails", "remotePortDetails", "portProbeDetails",
    "connectionDirection", "affectedResources", "api", "serviceName", "userAgent",
)  # fmt: skip
# As long as whoever calls makes them.
_LONG = ("requestUri", "parameters")


class Caller(NamedTuple):
    """The remote end: `remoteIpDetails` of the action, the last one seen. It called, unless we connected to it.

    Attributes:
        domain: Who called, where GuardDuty names no address: of an AWS service that calls for somebody.
        service: The AWS service that the account belongs to.
    """

    address: str | None
    network: str | None
    asn: str | None
    country: str | None
    city: str | None
    account: str | None
    account_affiliated: bool
    domain: str | None
    service: str | None


class Action(NamedTuple):
    """What was done; `kind` is GuardDuty's member name, such as `awsApiCallAction`.

    Attributes:
        direction: Of a network connection, `INBOUND`, `OUTBOUND` or `UNKNOWN`, seen from the workload.
    """

    kind: str
    api: str | None
    service: str | None
    error: str | None
    user_agent: str | None
    direction: str | None
    facts: tuple[tuple[str, str], ...]
    affected: tuple[tuple[str, str], ...]


def action_block(service: Block) -> tuple[str, Block]:
    """The action that is filled in: its member name and content.

    Where more than one member is (botocore guardduty 1.44.5, Action), the one that `actionType` names, else one that
    is called an action.
    """
    kind = (text(block(service, "action").get("actionType")) or "").replace("_", "").lower() + "action"
    filled = _filled(service)
    return max(filled.items(), key=lambda one: (one[0].lower() == kind, one[0].endswith("Action")), default=("", {}))


def beside_action(service: Block) -> Mapping[str, Block]:
    """What else is filled in: for Kubernetes the role that was bound or made, or the permission that was asked for."""
    kind, _ = action_block(service)
    return {member: found for member, found in _filled(service).items() if member != kind}


def _filled(service: Block) -> Mapping[str, Block]:
    members = block(service, "action").items()
    return {member: found[0] for member, value in members if (found := blocks(value)) and found[0]}


def action_of(kind: str, action: Block, *, agent: str | None) -> Action:
    """The action in words of its own; `agent` is the user agent of one that names none."""
    agent = text(action.get("userAgent")) or agent
    api = text(action.get("api"))
    return Action(
        kind=kind,
        api=api,
        service=text(action.get("serviceName")),
        error=text(action.get("errorCode")),
        # The caller writes it, and some write their token into it.
        user_agent=shown_agent(agent) if agent else None,
        direction=text(action.get("connectionDirection")),
        # For a call its name says it all; the other kinds of action have members of their own.
        facts=() if api else tuple(few(_facts(action), most=_FACTS)),
        affected=tuple(few(leaves(block(action, "affectedResources")), most=_AFFECTED)),
    )


def is_outbound(direction: object) -> bool:
    """Whether a connection of that direction is one that the workload made to the remote end."""
    return (text(direction) or "").upper() == "OUTBOUND"


def _facts(action: Block) -> Iterator[tuple[str, str]]:
    for member, shown in leaves(in_order(action, last=_LONG), depth=3, skip=_SHOWN_ELSEWHERE):
        yield member, without_secrets(shown) if member in _LONG else shown
    yield from _ends(action)
    probes = blocks(action.get("portProbeDetails"))
    for probe in probes:
        yield from _ends(probe)
        if len(probes) > 1:
            yield from (("from", address) for address in addresses_of(probe))


def _ends(part: Block) -> Iterator[tuple[str, str]]:
    """Our address and both ports of a connection: each is called by the same names within, whosever it is."""
    local = block(part, "localIpDetails")
    if address := text(local.get("ipAddressV4")) or text(local.get("ipAddressV6")):
        yield "local address", address
    for side in ("local", "remote"):
        port = block(part, f"{side}PortDetails")
        number, named = text(port.get("port")), text(port.get("portName"))
        if shown := number or named:
            yield f"{side} port", f"{shown} ({named})" if number and named and named != "Unknown" else shown


def addresses_of(action: Block) -> Iterator[str]:
    """Every remote address that the action names, in GuardDuty's order; of a port probe there may be many."""
    for part in _parts(action):
        yield from _addresses(block(part, "remoteIpDetails"))


def _parts(action: Block) -> tuple[Block, ...]:
    return (action, *blocks(action.get("portProbeDetails")), *blocks(action.get("loginAttributes")))


def _addresses(details: Block) -> list[str]:
    return [address for family in ("ipAddressV4", "ipAddressV6") if (address := text(details.get(family)))]


def caller_of(action: Block) -> Caller | None:
    """The remote end of the action, if it names one: the first that has an address."""
    remote = [found for part in _parts(action) if (found := block(part, "remoteIpDetails"))]
    details = next((one for one in remote if _addresses(one)), remote[0] if remote else {})
    owner, account = block(details, "organization"), block(action, "remoteAccountDetails")
    country = block(details, "country")
    caller = Caller(
        address=next(iter(_addresses(details)), None),
        network=text(owner.get("org")) or text(owner.get("asnOrg")) or text(owner.get("isp")),
        asn=text(owner.get("asn")),
        country=text(country.get("countryName")) or text(country.get("countryCode")),
        city=text(block(details, "city").get("cityName")),
        account=text(account.get("accountId")),
        account_affiliated=truth(account.get("affiliated")),
        domain=hosts_apart(domain) if (domain := text(block(action, "domainDetails").get("domain"))) else None,
        service=hosts_apart(service) if (service := text(account.get("awsServiceName"))) else None,
    )
    named = caller.address or caller.account or caller.network or caller.domain or caller.service
    return caller if named else None
