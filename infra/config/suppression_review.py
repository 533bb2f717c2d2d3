"""What is told about suppression itself: what it hides, and when it ends."""

from typing import Annotated

from pydantic import Field

from infra.config.fields.aws_text import Name
from infra.config.fields.distinct import Distinct
from infra.config.model import Model

NOTIFIED = 5
"""Most destinations of one notice; nobody reads a message that everybody has."""

Notified = Annotated[tuple[Name, ...], Field(max_length=NOTIFIED), Distinct()]


class SuppressionReview(Model):
    """Who hears what the suppression rules hide, and when a rule looks wrong."""

    to: Notified = ()
    """Names of destinations of the weekly digest, and of the notice when a role is hidden for the first time; [] means
    those in catch_all."""

    stale_days: Annotated[int, Field(strict=True, ge=7, le=400)] = 90
    """Days without a match, 7 to 400, after which an entry counts as stale: its owner is told, and an alarm is red."""

    hidden_per_hour: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] = 100
    """Findings that one filter may hide in an hour in one Region; more raises an alarm at once."""
