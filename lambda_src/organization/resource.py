"""What every resource can do: make what is asked for true, and take it away."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from organization.aws import Aws
from organization.properties import Properties

Told = Mapping[str, str]
"""What a resource says of itself, as attributes in the template and in the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ensured:
    """What came of making something true.

    Attributes:
        told: What the resource says of itself.
        found: Whether there was already what `remove` would take away: then it is not ours to take.
    """

    told: Told
    found: bool


class Resource(Protocol):
    """One kind of custom resource."""

    def ensure(self, aws: Aws, wanted: Properties, *, before: Properties) -> Ensured:
        """Make it so, whatever there is now; doing it again changes nothing.

        Raises:
            Refused: It cannot be made so.
        """

    def remove(self, aws: Aws, wanted: Properties) -> Told:
        """Take away what `ensure` set, if it is still ours; doing it again changes nothing.

        Raises:
            Refused: It cannot be taken away.
        """
