"""The accounts of the organization, covered by GuardDuty and Detective in each Region."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from constructs import Construct

from infra.constructs.detector import AGENTS
from infra.constructs.logged_number import alarm_on_logged_number
from infra.constructs.operations import Operations
from infra.constructs.organization_worker import OrganizationWorker
from infra.service_principals import MALWARE_PROTECTION


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
        plans: GuardDuty's plans, by Region; the first is worked on before the others. None where they are left to
            whoever switches GuardDuty on.
        agents: Agents that GuardDuty may install on members' workloads.
        detective_enroll: Whom Detective covers.
        detective_regions: Where.
        tags_digest: Another text where the tags of the deployment are others; empty without any.
        malware_protection: Whether GuardDuty scans volumes of members.
        opt_in_regions: Regions that each account has to enable first: there it is no failure if none did.
        enroll_again: Anything; another text has everybody enrolled once more. Empty if nobody asked for it.
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
        plans: Mapping[str, MemberPlans | None],
        agents: Sequence[str],
        detective_enroll: str,
        detective_regions: Sequence[str],
        tags_digest: str,
        malware_protection: bool,
        opt_in_regions: Collection[str],
        enroll_again: str,
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
        if malware_protection:
            self._permit_volume_scans(worker)

        def everywhere(region: str) -> dict[str, str]:
            opt_in = {"OptIn": "true"} if region in opt_in_regions else {}
            again = {"EnrollAgain": enroll_again} if enroll_again else {}
            return {**opt_in, **again, "RemoveOnDelete": str(remove_on_delete).lower()}

        # CloudFormation updates a graph whose tags change, and may state its default for automatic enrolment with them.
        of_graph = {"GraphTags": tags_digest} if tags_digest else {}

        def stated(its: MemberPlans | None) -> dict[str, list[str]]:
            if its is None:
                return {}
            return {
                "MemberFeatures": list(its.on),
                "OtherFeatures": list(its.off),
                "Agents": [agent for agent in AGENTS if agent in agents],
                "OtherAgents": [agent for agent in AGENTS if agent not in agents],
            }

        worker.resources(
            "GuardDuty",
            "GuardDutyOrganization",
            {region: {"Enroll": enroll, **stated(its), **everywhere(region)} for region, its in plans.items()},
        )
        worker.resources(
            "Detective",
            "DetectiveOrganization",
            {region: {"Enroll": detective_enroll, **of_graph, **everywhere(region)} for region in detective_regions},
        )
        self._watch(worker, deployment=deployment, detective=bool(detective_regions), operations=operations)

    def _permit(
        self,
        worker: OrganizationWorker,
        *,
        regions: Sequence[str],
        detective_regions: Sequence[str],
        remove_on_delete: bool,
    ) -> None:
        # Detective asks the second in the caller's name (handlers of CloudFormation's schemas AWS::Detective::Graph and
        # OrganizationAdmin, cfn-lint 1.58.0).
        worker.allow(
            [
                "organizations:ListAccounts",
                *(["organizations:DescribeOrganization"] if detective_regions or remove_on_delete else []),
            ]
        )
        configuring = ["DescribeOrganizationConfiguration", "UpdateOrganizationConfiguration"]
        services = {"guardduty": ("ListDetectors", regions), "detective": ("ListGraphs", detective_regions)}
        for service, (finding, where) in services.items():
            if where:
                enrolling = ["CreateMembers", "ListMembers", finding, *configuring]
                worker.allow([f"{service}:{one}" for one in enrolling], when={"aws:RequestedRegion": where})
            if remove_on_delete:
                # Also where the deployment is no more, be it everywhere: a Region that was taken out is removed after
                # the role has changed.
                worker.allow([f"{service}:{one}" for one in (finding, *configuring)])

    def _permit_volume_scans(self, worker: OrganizationWorker) -> None:
        """What GuardDuty asks in the caller's name when the plan is switched on.

        Managed policy AmazonGuardDutyFullAccess_v2; AWS Security Reference Architecture, GuardDuty's organization role.
        """
        worker.allow(["organizations:DescribeOrganization", "organizations:ListDelegatedAdministrators"])
        worker.allow_service_role(MALWARE_PROTECTION)
        worker.allow_reading_service_role(MALWARE_PROTECTION)

    def _watch(self, worker: OrganizationWorker, *, deployment: str, detective: bool, operations: Operations) -> None:
        """Say aloud what is no failure of the deployment and yet leaves somebody unseen."""
        told = [
            (
                "Organization",
                "LeftOutAccounts",
                "left_out_accounts",
                "Accounts of the organization are not covered by GuardDuty or Detective in a Region: the service gave "
                "them back, they have not enabled the Region, or a Detective graph takes no more members. The "
                "function's log names them and the reason.",
            )
        ]
        if detective:
            told.append(
                (
                    "Detective",
                    "SilentAccounts",
                    "silent_accounts",
                    "Detective takes no history of some members: their volume is too high, or not known. The "
                    "function's log names them and the reason.",
                )
            )
        for subject, name, field_, says in told:
            alarm_on_logged_number(
                self,
                name,
                function=worker.function,
                field=field_,
                deployment=deployment,
                subject=subject,
                says=says,
                operations=operations,
            )
