"""The function's settings: the only reader of the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import NoReturn

_REGIONS = re.compile(r"[a-z]{2,5}(?:-[a-z]+)+-[1-9](?:,[a-z]{2,5}(?:-[a-z]+)+-[1-9])*")
_REGIONS_OR_NONE = re.compile(rf"(?:{_REGIONS.pattern})?")
_NAMES = re.compile(r"[a-z][a-z0-9-]{0,30}(?:,[a-z][a-z0-9-]{0,30})*")
_RESOURCE = re.compile(r"[A-Za-z0-9._/-]{1,256}")
_DAYS = re.compile(r"[1-9]\d{0,2}")
_SHOWN = 80


class InvalidSettings(ValueError):
    """An environment variable is missing or wrong; the function must not start as if all were well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the template tells the function.

    Attributes:
        regions: Every Region with filters of ours.
        bus_name: The findings bus, in the function's own Region, which carries notices to the destinations.
        table_name: The table in which the function remembers what it has told.
        destinations: Every destination that a notice can name.
        default_to: Destinations of notices for which nobody else is named.
        stale_after: Time without a match after which an entry counts as stale.
        trusted_entity_sets: Regions in which the deployment has a trusted list of this type.
        ip_sets: Regions in which it has one of the older type.
    """

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

        def value(name: str, pattern: re.Pattern[str], allowed: str) -> str:
            given = environment.get(name)
            if given is None or not pattern.fullmatch(given):
                _refuse(name, given, allowed)
            return given

        names = "names of destinations, such as security-mail,security-slack"
        return cls(
            regions=tuple(value("REGIONS", _REGIONS, "Regions, such as eu-west-1,us-east-1").split(",")),
            bus_name=value("BUS_NAME", _RESOURCE, "the name of the findings bus, such as sandbox-findings"),
            table_name=value("TABLE_NAME", _RESOURCE, "the name of a DynamoDB table"),
            destinations=tuple(value("DESTINATIONS", _NAMES, names).split(",")),
            default_to=tuple(value("DEFAULT_TO", _NAMES, names).split(",")),
            stale_after=timedelta(days=int(value("STALE_DAYS", _DAYS, "a number of days, such as 90"))),
            trusted_entity_sets=_split(value("TRUSTED_ENTITY_SETS", _REGIONS_OR_NONE, "Regions, or empty")),
            ip_sets=_split(value("IP_SETS", _REGIONS_OR_NONE, "Regions, or empty")),
        )


def _split(value: str) -> tuple[str, ...]:
    return tuple(value.split(",")) if value else ()


def _refuse(name: str, value: str | None, allowed: str) -> NoReturn:
    given = "is not set" if value is None else f"got {value[:_SHOWN]!r}"
    raise InvalidSettings(f"environment variable {name}: {given}; must be {allowed}; deploy the stack again to set it")
