"""A number that a function writes to its log, as a metric with an alarm."""

from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs.operations import PERIOD_SECONDS, Metric, NoData, Operations, metrics_namespace
from infra.constructs.python_function import PythonFunction


def alarm_on_logged_number(
    scope: Construct,
    name: str,
    *,
    function: PythonFunction,
    field: str,
    deployment: str,
    subject: str,
    says: str,
    operations: Operations,
    period_seconds: int = PERIOD_SECONDS,
    no_data: NoData = "notBreaching",
) -> None:
    """Alarm while the number is above zero.

    Args:
        scope: Where the metric filter belongs.
        name: Name of the metric, unique in the deployment.
        function: The function that writes the number.
        field: Where it stands in a line of the function's log, which is JSON.
        deployment: Name of the deployment.
        subject: First part of the names of the alarm and of its section of the runbook.
        says: What it means and what to do, for the person who gets the message.
        operations: Who is told.
        period_seconds: Length of the alarm's period.
        no_data: What a period without the number means.
    """
    namespace = metrics_namespace(deployment)
    logs.CfnMetricFilter(
        scope,
        name,
        log_group_name=function.log_group.log_group_name,
        filter_pattern=f"{{ $.{field} = * }}",
        metric_transformations=[
            logs.CfnMetricFilter.MetricTransformationProperty(
                metric_namespace=namespace, metric_name=name, metric_value=f"$.{field}"
            )
        ],
    )
    operations.alarm_above(
        f"{subject}-{name}",
        metric=Metric(namespace=namespace, name=name, dimensions={}, statistic="Maximum"),
        limit=0,
        says=says,
        runbook=f"{subject}-{name}".lower(),
        period_seconds=period_seconds,
        no_data=no_data,
    )
