"""Whether a synthetic finding proves each hour that findings would arrive."""

from typing import Annotated

from pydantic import Field

from infra.config.model import Model


class Heartbeat(Model):
    """A synthetic finding from every Region each hour, which no person is sent."""

    enabled: Annotated[bool, Field(strict=True)] = True
    """Whether it is sent; an alarm is red for each Region, route and destination from which it has not come for two
    hours."""
