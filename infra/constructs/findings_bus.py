"""The bus in the home Region where the findings of all Regions meet."""

from aws_cdk import CfnOutput, RemovalPolicy
from aws_cdk import aws_events as events
from constructs import Construct

from infra.constructs.fixed_names import findings_bus_name
from infra.constructs.stack_location import StackLocation


def findings_bus_arn(place: StackLocation, *, name_prefix: str, home_region: str) -> str:
    """The ARN of the findings bus, seen from any Region of the same account."""
    return place.arn("events", f"event-bus/{findings_bus_name(name_prefix)}", region=home_region)


class FindingsBus(Construct):
    """A bus with an archive of every finding that passed, for replay after an outage or a mistake in a route.

    The bus stays encrypted with a key that AWS owns: with a customer managed key a mistake in the key's policy stops
    every Region's findings at once, before any queue holds them. What leaves the bus is encrypted with the stack's key.

    Attributes:
        name: Name of the bus, as its metrics know it.
        place: Where it is.
        bus: The bus.
        archive_name: Name of its archive, which CloudFormation chooses; None without one.

    Args:
        archive_days: How long the archive keeps a finding; None for no archive, where EventBridge has none.
    """

    def __init__(
        self, scope: Construct, id_: str, *, name_prefix: str, archive_days: int | None, place: StackLocation
    ) -> None:
        super().__init__(scope, id_)
        self.name = findings_bus_name(name_prefix)
        self.place = place
        bus = events.EventBus(
            self, "Resource", event_bus_name=self.name, description="GuardDuty findings of every Region"
        )
        # The archive keeps a rule of its own on the bus, and a bus with a rule cannot be deleted: they stay together.
        bus.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
        self.bus = bus
        self.archive_name = self._archive(archive_days) if archive_days else None
        CfnOutput(self, "Arn", value=bus.event_bus_arn, description="The findings bus")

    def _archive(self, days: int) -> str:
        archive = events.CfnArchive(
            self,
            "Archive",
            source_arn=self.bus.event_bus_arn,
            description="Every finding, for replay",
            event_pattern={"source": ["aws.guardduty"]},
            retention_days=days,
        )
        archive.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
        CfnOutput(self, "ArchiveArn", value=archive.attr_arn, description="Its archive, for a replay")
        return archive.ref

    def rule_arn(self, name: str) -> str:
        """The ARN of the rule of that name, also before there is one: queues let rules in by their ARN."""
        return self.place.arn("events", f"rule/{self.name}/{name}")
