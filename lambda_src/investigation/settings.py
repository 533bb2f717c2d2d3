"""The functions' settings: the only reader of the environment."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import NoReturn

_ACCOUNT = re.compile(r"\d{12}", re.ASCII)
_REGIONS = re.compile(r"(?:[a-z]{2,5}(?:-[a-z]+)+-[1-9](?:,(?=[a-z])|$))*")
_BUS = re.compile(r"[A-Za-z0-9._/-]{1,256}", re.ASCII)
_MACHINE = re.compile(r"arn:[a-z-]+:states:[a-z0-9-]+:\d{12}:stateMachine:[A-Za-z0-9_-]{1,80}", re.ASCII)
_NUMBER = re.compile(r"[1-9]\d{0,3}", re.ASCII)
_ROLE = re.compile(r"(?:[\w+=,.@-]{1,64})?", re.ASCII)
_EXTERNAL_ID = re.compile(r"(?:[\w+=,.@:/-]{2,1224})?", re.ASCII)
_SHOWN = 80


class InvalidSettings(ValueError):
    """An environment variable is missing or wrong; the function must not start as if all were well."""


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
            machine=_matching(environment, "STATE_MACHINE_ARN", _MACHINE, "the ARN of a state machine"),
            window=timedelta(hours=_number(environment, "REPEAT_AFTER_HOURS")),
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
        some = "Regions, such as eu-west-1,us-east-1, or empty"
        return cls(
            account=_matching(environment, "ACCOUNT", _ACCOUNT, "an account id of 12 digits"),
            bus_name=_matching(environment, "BUS_NAME", _BUS, "the name of the findings bus, such as sandbox-findings"),
            regions=_split(_matching(environment, "REGIONS", _REGIONS, some)),
            detective_regions=frozenset(_split(_matching(environment, "DETECTIVE_REGIONS", _REGIONS, some))),
            probe_checks=_number(environment, "PROBE_CHECKS"),
            guardduty_regions=frozenset(_split(_matching(environment, "GUARDDUTY_REGIONS", _REGIONS, some))),
            egress=_egress(environment.get("EGRESS_RANGES", "")),
            member_role=_matching(environment, "MEMBER_ROLE", _ROLE, "the name of a role, or empty"),
            external_id=_matching(environment, "EXTERNAL_ID", _EXTERNAL_ID, "what the role asks for, or empty"),
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
        _refuse("EGRESS_RANGES", value, f'JSON such as [{{"name": "dc", "cidrs": ["198.51.100.0/28"]}}] ({error!r})')


def _split(value: str) -> tuple[str, ...]:
    return tuple(value.split(",")) if value else ()


def _number(environment: Mapping[str, str], name: str) -> int:
    return int(_matching(environment, name, _NUMBER, "a whole number from 1 to 9999"))


def _matching(environment: Mapping[str, str], name: str, pattern: re.Pattern[str], allowed: str) -> str:
    value = environment.get(name)
    if value is None or not pattern.fullmatch(value):
        _refuse(name, value, allowed)
    return value


def _refuse(name: str, value: str | None, allowed: str) -> NoReturn:
    given = "is not set" if value is None else f"got {value[:_SHOWN]!r}"
    raise InvalidSettings(f"environment variable {name}: {given}; must be {allowed}; deploy the stack again to set it")
