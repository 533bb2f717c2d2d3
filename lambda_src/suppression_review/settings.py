"""The function's settings: the only reader of the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from shared.settings import matching, regions

_PREFIX = re.compile(r"[a-z][a-z0-9-]{0,27}")
_NAMES = re.compile(r"[a-z][a-z0-9-]{0,30}(?:,[a-z][a-z0-9-]{0,30})*")
_RESOURCE = re.compile(r"[A-Za-z0-9._/-]{1,256}")
_DAYS = re.compile(r"[1-9]\d{0,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the template tells the function.

    Attributes:
        name_prefix: First part of the names of our filters; those of others are told apart by it.
        regions: Every Region with filters of ours.
        bus_name: The findings bus, in the function's own Region, which carries notices to the destinations.
        table_name: The table in which the function remembers what it has told.
        destinations: Every destination that a notice can name.
        default_to: Destinations of notices for which nobody else is named.
        stale_after: Time without a match after which an entry counts as stale.
        trusted_entity_sets: Regions in which the deployment has a trusted list of this type.
        ip_sets: Regions in which it has one of the older type.
    """

    name_prefix: str
    regions: tuple[str, ...]
    bus_name: str
    table_name: str
    destinations: tuple[str, ...]
    default_to: tuple[str, ...]
    stale_after: timedelta
    trusted_entity_sets: tuple[str, ...]
    ip_sets: tuple[str, ...]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """The settings in `environment`.

        Raises:
            InvalidSettings: names the variable, what it holds and what is allowed.
        """
        names = "names of destinations, such as security-mail,security-slack"
        return cls(
            name_prefix=matching(
                environment, "NAME_PREFIX", _PREFIX, "the first part of the filters' names, such as sandbox"
            ),
            regions=regions(environment, "REGIONS", required=True),
            bus_name=matching(
                environment, "BUS_NAME", _RESOURCE, "the name of the findings bus, such as sandbox-findings"
            ),
            table_name=matching(environment, "TABLE_NAME", _RESOURCE, "the name of a DynamoDB table"),
            destinations=tuple(matching(environment, "DESTINATIONS", _NAMES, names).split(",")),
            default_to=tuple(matching(environment, "DEFAULT_TO", _NAMES, names).split(",")),
            stale_after=timedelta(days=int(matching(environment, "STALE_DAYS", _DAYS, "a number of days, such as 90"))),
            trusted_entity_sets=regions(environment, "TRUSTED_ENTITY_SETS"),
            ip_sets=regions(environment, "IP_SETS"),
        )
