"""The properties of a custom resource: CloudFormation hands everything over as text."""

import re
from collections.abc import Mapping
from typing import Literal, get_args

from organization.refused import Refused
from shared.forms import ACCOUNT, REGION

Enroll = Literal["all", "new", "none"]

_NAME = re.compile(r"[A-Z][A-Z0-9_]{1,63}")


class Properties:
    """What the template says of one resource.

    Every method raises `Refused` if that is not what it can be. A property that older templates did not have needs a
    default here: an update hands over the old ones, and a deletion the last that were deployed.
    """

    def __init__(self, given: Mapping[str, object]) -> None:
        self._given = given

    @property
    def region(self) -> str:
        """The Region that the resource is about."""
        return self._text("Region", REGION, "a Region such as eu-west-1")

    @property
    def administrator(self) -> str:
        """The account that administers the service."""
        return self._text("Administrator", ACCOUNT, "an account of 12 digits")

    @property
    def remove_on_delete(self) -> bool:
        """Whether a deletion takes away what the resource set."""
        return self.yes("RemoveOnDelete")

    @property
    def opt_in(self) -> bool:
        """Whether every account has to enable the Region before it can be covered there."""
        return self.yes("OptIn")

    @property
    def enroll(self) -> Enroll:
        """Which members are covered."""
        given = self._given.get("Enroll")
        for choice in get_args(Enroll):
            if given == choice:
                return choice  # type: ignore[no-any-return]  # one of Enroll
        raise _wrong("Enroll", given, f"one of {', '.join(get_args(Enroll))}")

    def yes(self, name: str) -> bool:
        """A choice; left out means no."""
        given = self._given.get(name, "false")
        if given not in ("true", "false"):
            raise _wrong(name, given, "true or false")
        return given == "true"

    def names(self, name: str) -> tuple[str, ...]:
        """A list of AWS's names for features; left out means none."""
        given = self._given.get(name, [])
        if not isinstance(given, list) or not all(isinstance(one, str) and _NAME.fullmatch(one) for one in given):
            raise _wrong(name, given, "a list of names such as S3_DATA_EVENTS")
        return tuple(given)

    def _text(self, name: str, pattern: re.Pattern[str], allowed: str) -> str:
        given = self._given.get(name)
        if not isinstance(given, str) or not pattern.fullmatch(given):
            raise _wrong(name, given, allowed)
        return given


def _wrong(name: str, given: object, allowed: str) -> Refused:
    return Refused(
        f"property {name}: must be {allowed}, got {str(given)[:80]!r}; template and function are of two versions:"
        " deploy the whole stack again"
    )
