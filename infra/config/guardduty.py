"""What GuardDuty does in each Region."""

from typing import Annotated, Literal

from pydantic import model_validator

from infra.config.fields.distinct import Distinct
from infra.config.fields.ownership import Ownership
from infra.config.fields.plans import Plan
from infra.config.model import Model
from infra.config.refusals import refusals
from infra.config.regions import Feature

Frequency = Literal["FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS"]

Agent = Literal["EKS_ADDON_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EC2_AGENT_MANAGEMENT"]
"""Agents that GuardDuty installs by itself for RUNTIME_MONITORING (botocore guardduty 1.44.5)."""

STANDARD_FEATURES: tuple[Feature, ...] = (
    "S3_DATA_EVENTS",
    "EKS_AUDIT_LOGS",
    "EBS_MALWARE_PROTECTION",
    "RDS_LOGIN_EVENTS",
    "LAMBDA_NETWORK_LOGS",
)


class GuardDuty(Model):
    """The detector of every Region."""

    ownership: Ownership = "create"
    """`create`: the Detection stack makes the detector and states its features. `existing`: somebody else switches
    GuardDuty on (a GuardDuty organization policy, Control Tower, another tool), and the stack adds filters, forwarding
    and the rest; ids then come from `config/found/<configuration>.json`, which `python -m tools doctor` writes. A
    detector that is there already and shall be managed here is adopted: `python -m tools adopt`."""

    finding_publishing_frequency: Frequency = "FIFTEEN_MINUTES"
    """How long GuardDuty may hold back repeats of a finding; first reports come at once. Costs nothing. With SIX_HOURS
    a new attacker's address on an open finding can wait six hours."""

    features: Annotated[tuple[Plan, ...], Distinct()] = STANDARD_FEATURES
    """Protection plans that are ENABLED, each billed by its own volume; every other plan of the Region is stated
    DISABLED. A Region that does not offer one goes without it."""

    runtime_monitoring_agents: Annotated[tuple[Agent, ...], Distinct()] = ()
    """Agents that GuardDuty may install on workloads; only with RUNTIME_MONITORING in features."""

    @model_validator(mode="after")
    def _agents_need_runtime_monitoring(self) -> "GuardDuty":
        if self.runtime_monitoring_agents and "RUNTIME_MONITORING" not in self.features:
            refusals(
                [
                    (
                        ("runtime_monitoring_agents",),
                        "must be empty unless features holds RUNTIME_MONITORING; add it there, or write [] here",
                    )
                ]
            )
        return self
