"""Protection plans of GuardDuty."""

from typing import Annotated

from pydantic import BeforeValidator

from infra.config.refusals import wrong
from infra.config.regions import Feature


def not_superseded(value: object) -> object:
    """Refuse the older of two plans that exclude each other, with the name of the newer."""
    if value == "EKS_RUNTIME_MONITORING":
        raise wrong("must be a current protection plan", advice="write RUNTIME_MONITORING, which covers EKS too")
    return value


Plan = Annotated[Feature, BeforeValidator(not_superseded)]
"""A protection plan; RUNTIME_MONITORING and EKS_RUNTIME_MONITORING exclude each other, so the older is not offered."""
