"""What GuardDuty switches on for accounts of the organization in one Region."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from organization.properties import Properties

MODES = {"all": "ALL", "new": "NEW", "none": "NONE"}
"""Our word for whom to enrol, and GuardDuty's."""

OFF = "NONE"

WITH_AGENTS = "RUNTIME_MONITORING"
"""The plan that installs agents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One protection plan.

    Attributes:
        mode: `ALL`, `NEW` or `NONE`.
        agents: The same of each agent that GuardDuty may install for it.
    """

    mode: str = OFF
    agents: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The organization's configuration.

    Attributes:
        members: `ALL`, `NEW` or `NONE`: whose GuardDuty is switched on.
        plans: The plans that are stated, by name.
    """

    members: str
    plans: Mapping[str, Plan]

    @classmethod
    def described(cls, pages: Iterable[Mapping[str, Any]]) -> "Configuration":
        """Read the pages of DescribeOrganizationConfiguration."""
        members, plans = OFF, {}
        for page in pages:
            members = page.get("AutoEnableOrganizationMembers", members)
            for one in page.get("Features", ()):
                agents = {more["Name"]: more["AutoEnable"] for more in one.get("AdditionalConfiguration", ())}
                plans[one["Name"]] = Plan(mode=one["AutoEnable"], agents=agents)
        return cls(members=members, plans=plans)

    def is_in(self, found: "Configuration") -> bool:
        """Tell whether all that is stated here is so there, whatever else there is."""
        return self.members == found.members and all(
            found.plans.get(name, Plan()).mode == plan.mode
            and all(found.plans.get(name, Plan()).agents.get(agent, OFF) == mode for agent, mode in plan.agents.items())
            for name, plan in self.plans.items()
        )

    @property
    def enrols(self) -> bool:
        """Whether anything is switched on for anybody."""
        return self.members != OFF or any(plan.mode != OFF for plan in self.plans.values())

    def parameters(self) -> dict[str, object]:
        """As UpdateOrganizationConfiguration takes it.

        Without `AutoEnable` and `DataSources`, which are deprecated and exclude these (botocore guardduty 1.44.5), and
        without plans where none is stated: those are somebody else's.
        """
        features: list[dict[str, object]] = []
        for name, plan in self.plans.items():
            feature: dict[str, object] = {"Name": name, "AutoEnable": plan.mode}
            if plan.agents:
                feature["AdditionalConfiguration"] = [
                    {"Name": agent, "AutoEnable": mode} for agent, mode in plan.agents.items()
                ]
            features.append(feature)
        return {"AutoEnableOrganizationMembers": self.members, **({"Features": features} if features else {})}


def configuration_of(wanted: Properties) -> Configuration:
    """What the template asks for: every plan that it states, and for agents too."""
    return _configuration(wanted, mode=MODES[wanted.enroll])


def configuration_for_nobody(wanted: Properties) -> Configuration:
    """The same plans, and nothing switched on for anybody."""
    return _configuration(wanted, mode=OFF)


def _configuration(wanted: Properties, *, mode: str) -> Configuration:
    on, off = wanted.names("MemberFeatures"), wanted.names("OtherFeatures")
    agents, other_agents = wanted.names("Agents"), wanted.names("OtherAgents")

    def plan(name: str) -> Plan:
        its = mode if name in on else OFF
        return Plan(
            mode=its,
            agents={**dict.fromkeys(agents, its), **dict.fromkeys(other_agents, OFF)} if name == WITH_AGENTS else {},
        )

    return Configuration(members=mode, plans={name: plan(name) for name in sorted({*on, *off})})
