"""The functions' settings: the only reader of the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from shared.egress import EgressRange
from shared.forms import ACCOUNT
from shared.known import Known
from shared.settings import matching, number, regions

_BUS = re.compile(r"[A-Za-z0-9._/-]{1,256}", re.ASCII)
_MACHINE = re.compile(r"arn:[a-z-]+:states:[a-z0-9-]+:\d{12}:stateMachine:[A-Za-z0-9_-]{1,80}", re.ASCII)
_ROLE = re.compile(r"(?:[\w+=,.@-]{1,64})?", re.ASCII)
_EXTERNAL_ID = re.compile(r"(?:[\w+=,.@:/-]{2,1224})?", re.ASCII)


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
        egress: Our own addresses.
        member_role: Role in member accounts that may be assumed; empty for none.
        external_id: What it asks for.
    """

    account: str
    bus_name: str
    regions: tuple[str, ...]
    detective_regions: frozenset[str]
    probe_checks: int
    guardduty_regions: frozenset[str]
    egress: tuple[EgressRange, ...]
    member_role: str
    external_id: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], *, known: Known) -> "Settings":
        """The settings in `environment`.

        Args:
            environment: All variables.
            known: What the file beside the code says.

        Raises:
            InvalidSettings: names the variable, what it holds and what is allowed.
        """
        return cls(
            account=matching(environment, "ACCOUNT", ACCOUNT, "an account id of 12 digits"),
            bus_name=matching(environment, "BUS_NAME", _BUS, "the name of the findings bus, such as sandbox-findings"),
            regions=regions(environment, "REGIONS"),
            detective_regions=frozenset(regions(environment, "DETECTIVE_REGIONS")),
            probe_checks=number(environment, "PROBE_CHECKS"),
            guardduty_regions=frozenset(regions(environment, "GUARDDUTY_REGIONS")),
            egress=known.egress,
            member_role=matching(environment, "MEMBER_ROLE", _ROLE, "the name of a role, or empty"),
            external_id=matching(environment, "EXTERNAL_ID", _EXTERNAL_ID, "what the role asks for, or empty"),
        )
