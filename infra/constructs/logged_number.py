"""What a function writes to its log, as a metric: lines that are counted, and a number with an alarm."""

from collections.abc import Mapping

from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs.operations import PERIOD_SECONDS, Metric, NoData, Operations, metrics_namespace
from infra.constructs.python_function import PythonFunction


def count_lines(
    scope: Construct,
    id_: str,
    *,
    log_group: logs.ILogGroup,
    field: str,
    namespace: str,
    metric: str,
    dimensions: Mapping[str, str],
) -> None:
    """Count the lines of a log, which are JSON, that have a field.

    Args:
        scope: Where the metric filter belongs.
        id_: Its id there.
        log_group: The log.
        field: The field that a line must have.
        namespace: The namespace of the metric.
        metric: Its name.
        dimensions: Its dimensions, each with the field that holds its value.
    """
    logs.CfnMetricFilter(
        scope,
        id_,
        log_group_name=log_group.log_group_name,
        filter_pattern=f'{{ $.{field} = "*" }}',
        metric_transformations=[
            logs.CfnMetricFilter.MetricTransformationProperty(
                metric_namespace=namespace,
                metric_name=metric,
                metric_value="1",
                dimensions=[
                    logs.CfnMetricFilter.DimensionProperty(key=key, value=f"$.{held}")
                    for key, held in dimensions.items()
                ],
            )
        ],
    )


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
