"""How many messages a destination gets, however many findings there are."""

from typing import Annotated

from pydantic import Field

from infra.config.model import Model


class Flood(Model):
    """What a destination gets when findings come faster than anybody reads."""

    messages_per_minute: Annotated[int, Field(strict=True, ge=1, le=600)] = 20
    """Messages that each destination gets in a minute, 1 to 600. Findings beyond that are counted by account and type,
    and told in one message for each kind when five minutes are over; those messages, and the first finding of a kind,
    may take as many again. What is grave has as many again for itself: leaked keys, Critical findings, changes to the
    stack that were made."""
