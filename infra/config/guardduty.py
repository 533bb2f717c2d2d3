"""What GuardDuty and Detective do in each Region."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from infra.config.model import Distinct, Model, refusals, wrong
from infra.config.regions import Feature, RegionFacts, region_facts

Frequency = Literal["FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS"]

Agent = Literal["EKS_ADDON_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EC2_AGENT_MANAGEMENT"]
"""Agents that GuardDuty installs by itself for RUNTIME_MONITORING (botocore guardduty 1.44.5)."""


def not_superseded(value: object) -> object:
    """Refuse the older of two plans that exclude each other, with the name of the newer."""
    if value == "EKS_RUNTIME_MONITORING":
        raise wrong("must be a current protection plan", advice="write RUNTIME_MONITORING, which covers EKS too")
    return value


Plan = Annotated[Feature, BeforeValidator(not_superseded)]
"""A protection plan; RUNTIME_MONITORING and EKS_RUNTIME_MONITORING exclude each other, so the older is not offered."""

Ownership = Literal["create", "existing"]
"""Who switches a service on: the Detection stack, or somebody else, whose detector or graph it only uses."""

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


class Detective(Model):
    """The behavior graph of every Region that has Detective."""

    ownership: Ownership = "create"
    """`create`: the Detection stack makes the graph. `existing`: somebody else switches Detective on; it is used in the
    Regions for which `config/found/<configuration>.json` names a graph."""

    enabled: Annotated[bool, Field(strict=True)] = True
    """Whether a Detective graph is made in each Region that offers Detective. Billed by volume; messages link to it."""


class RegionOverride(Model):
    """What is otherwise in one Region: better knowledge than the table that comes with this project, and owners."""

    detective: Annotated[bool, Field(strict=True)] | None = None
    """Whether the Region has Detective; null keeps the table's word."""

    features_not_offered: Annotated[tuple[Plan, ...], Distinct()] | None = None
    """Protection plans that the Region does not offer, all of them: the list replaces the table's. null keeps the
    table's word."""

    trusted_entity_set: Annotated[bool, Field(strict=True)] | None = None
    """Whether the Region has AWS::GuardDuty::TrustedEntitySet; false makes `trusted_list` an IPSet. null keeps the
    table's word. A change replaces the list: for up to 40 minutes its findings come."""

    event_archive: Annotated[bool, Field(strict=True)] | None = None
    """Whether EventBridge keeps archives in the Region, which counts where findings come together; without one nothing
    can be replayed there. null keeps the table's word."""

    guardduty_ownership: Ownership | None = None
    """Who switches GuardDuty on there; null is `guardduty.ownership`."""

    detective_ownership: Ownership | None = None
    """Who switches Detective on there; null is `detective.ownership`."""

    def applied_to(self, facts: RegionFacts) -> RegionFacts:
        """Return the facts with these corrections."""
        return facts.corrected(
            detective=self.detective,
            trusted_entity_set=self.trusted_entity_set,
            event_archive=self.event_archive,
            features_not_offered=self.features_not_offered,
        )


def facts_in(region: str, overrides: Mapping[str, RegionOverride]) -> RegionFacts:
    """What a Region offers: the table, corrected by what the configuration knows better."""
    facts = region_facts(region)
    return overrides[region].applied_to(facts) if region in overrides else facts
