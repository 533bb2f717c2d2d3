"""One page that shows what is hidden, what is sent, and what is stuck."""

from collections.abc import Iterator, Sequence
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra.constructs.delivery import Delivery
from infra.constructs.finding_route import FindingRoute
from infra.constructs.heartbeat import OUTCOME, HeartbeatAlarms
from infra.constructs.investigation import Investigation
from infra.constructs.outcomes import DEGRADED, OutcomeMetrics

_HALF, _WHOLE, _HEIGHT = 12, 24, 6
_FIVE_MINUTES, _HOUR = 300, 3600

_TOLD = ("delivered", "deduplicated", "held-back")
_TROUBLE = ("retried", "deferred", "permanent", DEGRADED, "ledger-failed")

Metric = list[Any]


class FindingsDashboard(Construct):
    """A CloudWatch dashboard in the home Region for the whole deployment.

    Suppression has metrics of its own, in each Region: `FindingsMatchedByFilter` counts what a filter matched,
    `FindingsSuppressedByFilter` what it hid (GuardDuty user guide, suppression rule metrics). They are the only sign
    that a hidden finding gives, and the metrics of other Regions are shown here too.

    Written as the JSON that CloudWatch keeps: a search over the filters of every Region has no widget class.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        regions: Sequence[str],
        bus_name: str,
        routes: Sequence[FindingRoute],
        deliveries: Sequence[Delivery],
        outcomes: OutcomeMetrics,
        heartbeats: HeartbeatAlarms | None,
        investigation: Investigation | None,
    ) -> None:
        super().__init__(scope, id_)
        home = Stack.of(self).region
        widgets = [
            _graph("Findings by route", _routed(routes, bus_name), region=home, width=_HALF),
            _graph("Hidden, by filter and Region", _suppressed(regions), region=home, width=_HALF),
            _graph("Told", _became(deliveries, outcomes, _TOLD), region=home, width=_HALF),
            _graph("Not told, or not in full", _became(deliveries, outcomes, _TROUBLE), region=home, width=_HALF),
            _graph("Waiting, age in seconds", _age(deliveries), region=home, statistic="Maximum", width=_HALF),
            _graph("Dead letters", _dead(deliveries), region=home, statistic="Maximum", width=_HALF),
            _graph("Notifiers", _functions(deliveries), region=home, width=_WHOLE),
        ]
        if heartbeats:
            arrived = (_beats(heartbeats), _became(deliveries, outcomes, [OUTCOME]))
            widgets += [
                _graph("Heartbeats, by Region", arrived[0], region=home, width=_HALF, period=_HOUR),
                _graph("Heartbeats, by destination", arrived[1], region=home, width=_HALF, period=_HOUR),
            ]
        if investigation:
            widgets.append(_graph("Investigations", _investigated(investigation), region=home, width=_WHOLE))
        cloudwatch.CfnDashboard(self, "Resource", dashboard_body=Stack.of(self).to_json_string({"widgets": widgets}))


def _graph(
    title: str,
    metrics: Iterator[Metric],
    *,
    region: str,
    width: int,
    statistic: str = "Sum",
    period: int = _FIVE_MINUTES,
) -> dict[str, Any]:
    return {
        "type": "metric",
        "width": width,
        "height": _HEIGHT,
        "properties": {
            "title": title,
            "region": region,
            "stat": statistic,
            "period": period,
            "view": "timeSeries",
            "metrics": list(metrics),
        },
    }


def _routed(routes: Sequence[FindingRoute], bus_name: str) -> Iterator[Metric]:
    for route in routes:
        yield ["AWS/Events", "MatchedEvents", "EventBusName", bus_name, "RuleName", route.name, {"label": route.name}]


def _suppressed(regions: Sequence[str]) -> Iterator[Metric]:
    # A search rather than our filters by name: it also shows what filters of others hide, and one graph takes at most
    # 500 metrics (CloudWatch quotas).
    for metric, word in (("FindingsMatchedByFilter", "matched"), ("FindingsSuppressedByFilter", "hidden")):
        for region in regions:
            search = f"SEARCH('{{AWS/GuardDuty,FilterName}} MetricName=\"{metric}\"', 'Sum', {_HOUR})"
            yield [{"expression": search, "region": region, "label": f"{region} {word} ${{PROP('Dim.FilterName')}}"}]


def _became(deliveries: Sequence[Delivery], outcomes: OutcomeMetrics, words: Sequence[str]) -> Iterator[Metric]:
    for delivery in deliveries:
        for word in words:
            metric = outcomes.metric(delivery.name, word)
            pairs = [part for pair in metric.dimensions.items() for part in pair]
            yield [metric.namespace, metric.name, *pairs, {"label": f"{delivery.name} {word}"}]


def _beats(heartbeats: HeartbeatAlarms) -> Iterator[Metric]:
    for region, metric in heartbeats.regions.items():
        pairs = [part for pair in metric.dimensions.items() for part in pair]
        yield [metric.namespace, metric.name, *pairs, {"label": region}]


def _age(deliveries: Sequence[Delivery]) -> Iterator[Metric]:
    for delivery in deliveries:
        name = delivery.queue.queue_name
        yield ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", name, {"label": delivery.name}]


def _dead(deliveries: Sequence[Delivery]) -> Iterator[Metric]:
    for delivery in deliveries:
        name = delivery.dead_letters.queue_name
        yield ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", name, {"label": delivery.name}]


def _functions(deliveries: Sequence[Delivery]) -> Iterator[Metric]:
    for delivery in deliveries:
        name = delivery.notifier.name
        for metric in ("Invocations", "Errors"):
            yield ["AWS/Lambda", metric, "FunctionName", name, {"label": f"{delivery.name} {metric.lower()}"}]


def _investigated(investigation: Investigation) -> Iterator[Metric]:
    machine = investigation.machine.attr_arn
    for name in ("ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut"):
        label = name.removeprefix("Executions").lower()
        yield ["AWS/States", name, "StateMachineArn", machine, {"label": label}]
