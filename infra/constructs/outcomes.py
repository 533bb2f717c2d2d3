"""What became of messages: metrics of the notifiers' logs, and an alarm on what a person has to mend."""

from collections.abc import Sequence

from constructs import Construct

from infra.constructs.delivery import Delivery
from infra.constructs.logged_number import count_lines
from infra.constructs.operations import Metric, Operations, in_alarms, metrics_namespace

METRIC = "Outcomes"
"""Name of the metric; its dimensions are `Destination` and `Outcome`."""

DEGRADED = "degraded"
"""Sent, but in a plainer form."""


class OutcomeMetrics(Construct):
    """One metric filter for each destination, which counts every outcome that its notifier writes to its log.

    The dimensions are fields of the log line: an outcome that does not occur makes no metric and costs nothing, and
    a new one needs no new filter (CloudWatch Logs user guide, publishing dimensions with metrics). A line without one
    of the fields is not counted; the notifier writes the destination into every line.

    Attributes:
        namespace: The namespace of the metrics.
    """

    def __init__(
        self, scope: Construct, id_: str, *, deployment: str, deliveries: Sequence[Delivery], operations: Operations
    ) -> None:
        super().__init__(scope, id_)
        self.namespace = metrics_namespace(deployment)
        for delivery in deliveries:
            count_lines(
                self,
                delivery.name,
                log_group=delivery.notifier.log_group,
                field="outcome",
                namespace=self.namespace,
                metric=METRIC,
                dimensions={"Destination": "destination", "Outcome": "outcome"},
            )
        self._watch([delivery.name for delivery in deliveries], operations=operations)

    def metric(self, destination: str, outcome: str) -> Metric:
        """How often this became of a message to the destination."""
        return Metric(
            namespace=self.namespace, name=METRIC, dimensions={"Destination": destination, "Outcome": outcome}
        )

    def _watch(self, destinations: Sequence[str], *, operations: Operations) -> None:
        """Alarm on messages that could not be made in full: the finding arrived, and the fault is ours.

        One alarm for many destinations, as the same finding degrades in all of them. What was refused for good
        rings by the dead-letter queue, and what is tried again by the age of its queue.
        """
        for number, some in enumerate(in_alarms(destinations), start=1):
            operations.alarm_if_any_is_above(
                f"Degraded-{number:02}",
                metrics=[self.metric(name, DEGRADED) for name in some],
                limit=0,
                says=f"A message to one of {', '.join(some)} could not be made in full and was sent in a plainer "
                "form. Nothing is lost, but the reader misses details and next steps: read the finding in GuardDuty, "
                "and report the fault that the function's log names.",
                runbook="degraded",
            )
