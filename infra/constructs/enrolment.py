"""The accounts of the organization, covered by GuardDuty and Detective in each Region."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from constructs import Construct

from infra.constructs.detector import AGENTS
from infra.constructs.logged_number import alarm_on_logged_number
from infra.constructs.operations import Operations
from infra.constructs.organization_worker import OrganizationWorker


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPlans:
    """GuardDuty's plans for members in one Region.

    Attributes:
        on: Switched on for the members that are covered.
        off: The other plans that the Region offers, stated as not switched on.
    """

    on: Sequence[str]
    off: Sequence[str]


class Enrolment(Construct):
    """The organization's configuration of each service, and the accounts that exist already.

    Args:
        deployment: Name of the deployment; part of the metrics' namespace.
        role_name: Of the function's role, by which the watch knows its calls.
        enroll: Whom GuardDuty covers: `all`, `new` or `none`.
        plans: GuardDuty's plans, by Region; the first is worked on before the others.
        agents: Agents that GuardDuty may install on members' workloads.
        detective_enroll: Whom Detective covers.
        detective_regions: Where.
        remove_on_delete: Whether a resource that goes ends automatic enrolment.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        deployment: str,
        role_name: str,
        enroll: str,
        plans: Mapping[str, MemberPlans],
        agents: Sequence[str],
        detective_enroll: str,
        detective_regions: Sequence[str],
        remove_on_delete: bool,
        operations: Operations,
    ) -> None:
        super().__init__(scope, id_)
        worker = OrganizationWorker(
            self,
            "Organization",
            description="Enrols the accounts of the organization in GuardDuty and Detective",
            role_name=role_name,
            operations=operations,
        )
        self._permit(
            worker, regions=list(plans), detective_regions=detective_regions, remove_on_delete=remove_on_delete
        )
        removing = {"RemoveOnDelete": str(remove_on_delete).lower()}
        other_agents = [agent for agent in AGENTS if agent not in agents]
        worker.resources(
            "GuardDuty",
            "GuardDutyOrganization",
            {
                region: {
                    "Enroll": enroll,
                    "MemberFeatures": list(its.on),
                    "OtherFeatures": list(its.off),
                    "Agents": [agent for agent in AGENTS if agent in agents],
                    "OtherAgents": other_agents,
                    **removing,
                }
                for region, its in plans.items()
            },
        )
        worker.resources(
            "Detective",
            "DetectiveOrganization",
            {region: {"Enroll": detective_enroll, **removing} for region in detective_regions},
        )
        if detective_regions:
            self._watch(worker, deployment=deployment, operations=operations)

    def _permit(
        self,
        worker: OrganizationWorker,
        *,
        regions: Sequence[str],
        detective_regions: Sequence[str],
        remove_on_delete: bool,
    ) -> None:
        worker.allow(["organizations:ListAccounts"])
        configuring = ["DescribeOrganizationConfiguration", "UpdateOrganizationConfiguration"]
        services = {"guardduty": ("ListDetectors", regions), "detective": ("ListGraphs", detective_regions)}
        for service, (finding, where) in services.items():
            if not where:
                continue
            enrolling = ["CreateMembers", "ListMembers", finding, *configuring]
            worker.allow([f"{service}:{one}" for one in enrolling], when={"aws:RequestedRegion": where})
            if remove_on_delete:
                # Also where the deployment is no more: a Region that was taken out is removed after the role has
                # changed.
                worker.allow([f"{service}:{one}" for one in (finding, *configuring)])

    def _watch(self, worker: OrganizationWorker, *, deployment: str, operations: Operations) -> None:
        """Say aloud what is no failure of the deployment and yet leaves somebody unseen."""
        meanings = {
            "LeftOutAccounts": (
                "left_out_accounts",
                "A Detective graph takes no more members, so accounts of the organization found no place in it. The "
                "function's log names them. GuardDuty watches them all the same.",
            ),
            "SilentAccounts": (
                "silent_accounts",
                "Detective takes no history of some members: their volume is too high, or not known. The function's "
                "log names them and the reason.",
            ),
        }
        for name, (field, says) in meanings.items():
            alarm_on_logged_number(
                self,
                name,
                function=worker.function,
                field=field,
                deployment=deployment,
                subject="Detective",
                says=says,
                operations=operations,
            )
