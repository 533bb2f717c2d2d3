"""What every resource can do: make what is asked for true, and take it away."""

from collections.abc import Mapping
from typing import Protocol

from organization.aws import Aws
from organization.properties import Properties

Told = Mapping[str, str]
"""What a resource says of itself, as attributes in the template and in the log."""


class Resource(Protocol):
    """One kind of custom resource."""

    def ensure(self, aws: Aws, wanted: Properties, *, before: Properties) -> Told:
        """Make it so, whatever there is now; doing it again changes nothing.

        Raises:
            Refused: It cannot be made so.
        """

    def remove(self, aws: Aws, wanted: Properties) -> Told:
        """Take away what `ensure` set, if it is still ours; doing it again changes nothing.

        Raises:
            Refused: It cannot be taken away.
        """
