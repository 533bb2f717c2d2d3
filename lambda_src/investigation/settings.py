"""The functions' settings: the only reader of the environment."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network

from shared.settings import matching, number, refuse, regions

_ACCOUNT = re.compile(r"\d{12}", re.ASCII)
_BUS = re.compile(r"[A-Za-z0-9._/-]{1,256}", re.ASCII)
_MACHINE = re.compile(r"arn:[a-z-]+:states:[a-z0-9-]+:\d{12}:stateMachine:[A-Za-z0-9_-]{1,80}", re.ASCII)
_ROLE = re.compile(r"(?:[\w+=,.@-]{1,64})?", re.ASCII)
_EXTERNAL_ID = re.compile(r"(?:[\w+=,.@:/-]{2,1224})?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class EgressRange:
    """Addresses of our own, and what we call them.

    Attributes:
        scoped: Only some workloads are expected to use them.
        observing: Somebody is finding out whether they are ours.
    """

    name: str
    networks: tuple[IPv4Network | IPv6Network, ...]
    scoped: bool = False
    observing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StarterSettings:
    """What the template tells the function that starts investigations.

    Attributes:
        machine: ARN of the state machine.
        window: Within which a case is investigated once.
    """

    machine: str
    window: timedelta

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "StarterSettings":
        """The settings in `environment`.

        Raises:
            InvalidSettings: names the variable, what it holds and what is allowed.
        """
        return cls(
            machine=matching(environment, "STATE_MACHINE_ARN", _MACHINE, "the ARN of a state machine"),
            window=timedelta(hours=number(environment, "REPEAT_AFTER_HOURS")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the template tells the function that looks.

    Attributes:
        account: The account that the function runs in.
        bus_name: The findings bus, which carries the report to the destinations.
        regions: Regions whose event history is read, beside those that a finding names.
        detective_regions: Regions with a Detective graph of this deployment.
        probe_checks: How often to ask Detective or GuardDuty whether its investigation is over.
        guardduty_regions: Regions in which GuardDuty itself may be asked to investigate; empty unless that is on.
        egress: Our own addresses; None where they did not fit.
        member_role: Role in member accounts that may be assumed; empty for none.
        external_id: What it asks for.
    """

    account: str
    bus_name: str
    regions: tuple[str, ...]
    detective_regions: frozenset[str]
    probe_checks: int
    guardduty_regions: frozenset[str]
    egress: tuple[EgressRange, ...] | None
    member_role: str
    external_id: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """The settings in `environment`.

        Raises:
            InvalidSettings: names the variable, what it holds and what is allowed.
        """
        return cls(
            account=matching(environment, "ACCOUNT", _ACCOUNT, "an account id of 12 digits"),
            bus_name=matching(environment, "BUS_NAME", _BUS, "the name of the findings bus, such as sandbox-findings"),
            regions=regions(environment, "REGIONS"),
            detective_regions=frozenset(regions(environment, "DETECTIVE_REGIONS")),
            probe_checks=number(environment, "PROBE_CHECKS"),
            guardduty_regions=frozenset(regions(environment, "GUARDDUTY_REGIONS")),
            egress=_egress(environment.get("EGRESS_RANGES", "")),
            member_role=matching(environment, "MEMBER_ROLE", _ROLE, "the name of a role, or empty"),
            external_id=matching(environment, "EXTERNAL_ID", _EXTERNAL_ID, "what the role asks for, or empty"),
        )


def _egress(value: str) -> tuple[EgressRange, ...] | None:
    if not value:
        return None
    try:
        return tuple(
            EgressRange(
                name=str(entry["name"]),
                networks=tuple(ip_network(one) for one in entry["cidrs"]),
                scoped=entry.get("scoped") is True,
                observing=entry.get("observing") is True,
            )
            for entry in json.loads(value)
        )
    except (ValueError, TypeError, KeyError) as error:
        refuse("EGRESS_RANGES", value, f'JSON such as [{{"name": "dc", "cidrs": ["198.51.100.0/28"]}}] ({error!r})')
