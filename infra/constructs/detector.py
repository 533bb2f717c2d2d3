"""GuardDuty, switched on in one Region."""

from collections.abc import Collection, Sequence

from aws_cdk import RemovalPolicy
from aws_cdk import aws_guardduty as guardduty
from constructs import Construct

AGENTS = ("EKS_ADDON_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EC2_AGENT_MANAGEMENT")
"""What GuardDuty can install on workloads for RUNTIME_MONITORING (botocore guardduty 1.44.5)."""


class GuardDutyDetector(Construct):
    """The detector of this account and Region, with every feature stated.

    GuardDuty switches on whatever a new detector does not name, RUNTIME_MONITORING excepted (botocore guardduty,
    CreateDetector). So the template names each feature and says ENABLED or DISABLED, and a diff shows the whole state.

    The detector outlives its stack: taking the stack away must not switch protection off.

    Attributes:
        detector_id: Token for the id of the detector.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        offered_features: Sequence[str],
        enabled_features: Collection[str],
        runtime_monitoring_agents: Collection[str],
        finding_publishing_frequency: str,
    ) -> None:
        super().__init__(scope, id_)

        def status(name: str, enabled: Collection[str]) -> str:
            return "ENABLED" if name in enabled else "DISABLED"

        detector = guardduty.CfnDetector(
            self,
            "Resource",
            enable=True,
            finding_publishing_frequency=finding_publishing_frequency,
            features=[
                guardduty.CfnDetector.CFNFeatureConfigurationProperty(
                    name=feature,
                    status=status(feature, enabled_features),
                    additional_configuration=[
                        guardduty.CfnDetector.CFNFeatureAdditionalConfigurationProperty(
                            name=agent, status=status(agent, runtime_monitoring_agents)
                        )
                        for agent in AGENTS
                    ]
                    if feature == "RUNTIME_MONITORING"
                    else None,
                )
                for feature in offered_features
            ],
        )
        detector.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
        self.detector_id = detector.ref
