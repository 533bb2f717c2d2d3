"""Who switches a service on."""

from typing import Literal

Ownership = Literal["create", "existing"]
"""Who switches a service on: the Detection stack, or somebody else, whose detector or graph it only uses."""
