"""What one Region needs to detect, to keep our own egress quiet, and to send the rest home."""

from collections.abc import Sequence

from aws_cdk import CfnOutput
from constructs import Construct

from infra.config import Deployment, region_facts
from infra.config.stack_names import DETECTIVE_OWNERSHIP
from infra.constructs.behavior_graph import BehaviorGraph
from infra.constructs.detector import GuardDutyDetector
from infra.constructs.egress_suppression import EgressSuppression
from infra.constructs.finding_forwarder import FindingForwarder
from infra.constructs.findings_bus import findings_bus_arn
from infra.constructs.heartbeat import HeartbeatSchedule
from infra.constructs.trusted_list import TrustedList
from infra.constructs.watch import RegionWatch
from infra.stacks.deployment_stack import DeploymentStack
from infra.stacks.watching import watched_in_region
from infra.suppression import CompiledFilter, CompiledList


class DetectionStack(DeploymentStack):
    """GuardDuty, Detective where the Region has it, suppression, and the way home.

    Without a trusted list there are no assets: a Region is one file.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        deployment: Deployment,
        region: str,
        filters: Sequence[CompiledFilter],
        trusted: CompiledList | None,
    ) -> None:
        super().__init__(
            scope,
            id_,
            deployment=deployment,
            region=region,
            description=f"GuardDuty, Detective and suppression in {region} ({deployment.name})",
        )
        facts, table = deployment.region(region), region_facts(region)

        detector = None
        detector_id = deployment.existing_detector(region)
        if detector_id is None:
            detector = GuardDutyDetector(
                self,
                "GuardDuty",
                offered_features=facts.features,
                enabled_features=deployment.guardduty.features,
                runtime_monitoring_agents=deployment.guardduty.runtime_monitoring_agents,
                finding_publishing_frequency=deployment.guardduty.finding_publishing_frequency,
            )
            detector_id = detector.detector_id
        if region in deployment.detective_regions():
            if deployment.detective_ownership(region) == "create":
                graph = BehaviorGraph(self, "Detective", unlisted=not table.detective)
                if detector is not None:
                    # A detector that is there already is why a first deployment fails: then nothing is asked of
                    # Detective.
                    graph.node.add_dependency(detector)
            else:
                # For whoever looks later whether it is still there, with nothing at hand but the template.
                described = "Somebody else switches Detective on here; its graph is used"
                CfnOutput(self, DETECTIVE_OWNERSHIP, value="existing", description=described)

        operations = self.operations(deployment)
        if filters:
            EgressSuppression(
                self,
                "OwnEgress",
                detector_id=detector_id,
                filters=filters,
                observing={entry.name for entry in deployment.egress if entry.mode == "observe"},
                hidden_per_hour=deployment.suppression_review.hidden_per_hour,
                operations=operations,
            )
        trusted_file = None
        if trusted is not None:
            trusted_file = TrustedList(
                self,
                "TrustedList",
                detector_id=detector_id,
                compiled=trusted,
                name=f"{deployment.name_prefix}-trusted-list",
                trusted_entity_set=facts.trusted_entity_set,
                unlisted=not table.trusted_entity_set,
            ).file
        watched = watched_in_region(deployment, region, trusted_file=trusted_file)
        forwarder = FindingForwarder(
            self,
            "Forwarder",
            name_prefix=deployment.name_prefix,
            place=self.place,
            bus_arn=findings_bus_arn(
                self.place, name_prefix=deployment.name_prefix, home_region=deployment.hub_of(region)
            ),
            other_rules=list(watched),
            operations=operations,
        )
        if watched:
            RegionWatch(self, "Watch", patterns=watched, forwarder=forwarder, operations=operations)
        if deployment.heartbeat.enabled:
            HeartbeatSchedule(self, "Heartbeat", name_prefix=deployment.name_prefix, place=self.place)
        self.complete()
