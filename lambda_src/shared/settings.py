"""Reading a function's environment, where a wrong variable is an error that names it."""

import re
from collections.abc import Mapping
from typing import NoReturn

from shared.forms import REGION

_REGIONS = re.compile(rf"{REGION.pattern}(?:,{REGION.pattern})*")
_REGIONS_OR_NONE = re.compile(rf"(?:{_REGIONS.pattern})?")
_NUMBER = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
_SHOWN = 80

SET_BACK = "; somebody changed it by hand: set the stack back by cdk deploy --revert-drift"
"""End of what is said of settings that no deployment makes. A plain deployment leaves alone what its template says as
before."""


class InvalidSettings(ValueError):
    """An environment variable is missing or wrong; the function must not start as if all were well."""


def matching(environment: Mapping[str, str], name: str, pattern: re.Pattern[str], allowed: str) -> str:
    """The variable `name`, which has to match as a whole.

    Args:
        environment: All variables.
        name: Which one.
        pattern: What it may hold.
        allowed: The same in words, for whoever finds it wrong.

    Raises:
        InvalidSettings: names the variable, what it holds and what is allowed.
    """
    value = environment.get(name)
    if value is None or not pattern.fullmatch(value):
        refuse(name, value, allowed)
    return value


def number(environment: Mapping[str, str], name: str) -> int:
    """A variable that holds a whole number from 1 to 9999.

    Raises:
        InvalidSettings: as `matching`.
    """
    return int(matching(environment, name, _NUMBER, "a whole number from 1 to 9999"))


def regions(environment: Mapping[str, str], name: str, *, required: bool = False) -> tuple[str, ...]:
    """A variable that lists Regions with commas.

    Args:
        environment: All variables.
        name: Which one.
        required: Whether there has to be one at least.

    Raises:
        InvalidSettings: as `matching`.
    """
    pattern, or_empty = (_REGIONS, "") if required else (_REGIONS_OR_NONE, ", or empty")
    value = matching(environment, name, pattern, f"Regions, such as eu-west-1,us-east-1{or_empty}")
    return tuple(value.split(",")) if value else ()


def text_of(value: object) -> str:
    """Text that says something.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(value, str) or not value:
        raise TypeError(f"{value!r} is not text")
    return value


def refuse(name: str, value: str | None, allowed: str) -> NoReturn:
    """Say what is wrong with a variable.

    Raises:
        InvalidSettings: always.
    """
    given = "is not set" if value is None else f"got {value[:_SHOWN]!r}"
    raise InvalidSettings(f"environment variable {name}: {given}; must be {allowed}{SET_BACK}")
