"""Who hears of it when the stack itself is unwell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from aws_cdk import CfnOutput, CfnResource
from constructs import Construct

from infra.constructs.acknowledge import acknowledge_all
from infra.constructs.mail_topic import MailTopic
from infra.constructs.policy import Statement

PERIOD_SECONDS = 300
"""Length of an alarm's period unless it says otherwise."""

LATE_PERIODS = 3
"""Periods in which a late data point of a filled metric is still seen."""

METRICS_OF_AN_ALARM = 10
"""Metrics that one alarm can do its arithmetic with (CloudWatch user guide, limits of metric math alarms)."""

NoData = Literal["notBreaching", "breaching", "ignore"]
"""What a period without data means for an alarm."""


def metrics_namespace(deployment: str) -> str:
    """The CloudWatch namespace of a deployment's own metrics."""
    return f"DetectionStack/{deployment}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A CloudWatch metric of one resource.

    Plain data: each call into CDK's own metric classes costs as much as a resource.
    """

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    statistic: str = "Sum"


def in_alarms(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """The names in order, as many at a time as one alarm takes; sorted, so that one more moves few to another alarm."""
    ordered = sorted(names)
    for start in range(0, len(ordered), METRICS_OF_AN_ALARM):
        yield ordered[start : start + METRICS_OF_AN_ALARM]


class Operations(Construct):
    """The topic for alarms, apart from the topics for findings: a broken destination must be heard another way.

    An alarm reaches topics of its own Region only (CloudWatch user guide, alarm actions), so each Region has one.

    Args:
        emails: Who is told.
        chat: Whether a chat channel may be told as well, which is configured by hand.
        runbook_url: Where a person reads on.
        account: The account of the stack, whose alarms alone may use the topic.
    """

    def __init__(
        self, scope: Construct, id_: str, *, emails: Sequence[str], chat: bool, runbook_url: str, account: str
    ) -> None:
        super().__init__(scope, id_)
        self._runbook_url = runbook_url
        topic = MailTopic(self, "Topic", key_arn=None, publishers=[_alarms_of(account)])
        topic.send_to(emails)
        acknowledge_all(
            topic,
            {
                "Serverless-SNSRedrivePolicy": "Alarm mails only: an alarm on lost alarm mails would go the same way. "
                "The alarm itself stays red in the console.",
                "NIST.800.53.R5-SNSEncryptedKMS": "Carries alarm names and metric values only, never a finding, and "
                "must work when the key of the findings does not. CloudWatch cannot use the key that AWS manages for "
                "SNS.",
            },
        )
        self._topic_arn = topic.topic_arn
        if chat:
            CfnOutput(self, "AlarmTopicArn", value=topic.topic_arn, description="Alarms, for a chat channel")

    def alarm_above(
        self,
        id_: str,
        *,
        metric: Metric,
        limit: float,
        says: str,
        runbook: str,
        period_seconds: int = PERIOD_SECONDS,
        no_data: NoData = "notBreaching",
    ) -> None:
        """Alarm when one period of the metric is above the limit.

        Args:
            id_: Unique in this construct.
            metric: What to watch.
            limit: The highest value that is still fine.
            says: What it means and what to do, for the person who gets the message.
            runbook: The section of the runbook (docs/operations.md) that goes on from there.
            period_seconds: Length of the period.
            no_data: What a period without data means; `ignore` leaves the alarm as it is, for what is written once a
                day.
        """
        self._alarm(
            id_,
            {
                **_single(metric, period_seconds),
                "ComparisonOperator": "GreaterThanThreshold",
                "Threshold": limit,
                "TreatMissingData": no_data,
                "AlarmDescription": self._described(says, runbook),
            },
        )

    def alarm_without(self, id_: str, *, metric: Metric, says: str, runbook: str, period_seconds: int) -> None:
        """Alarm when a whole period passes without the metric: the dead man's switch of what runs on a schedule."""
        self._alarm(
            id_,
            {
                **_single(metric, period_seconds),
                "ComparisonOperator": "LessThanThreshold",
                "Threshold": 1,
                "TreatMissingData": "breaching",
                "AlarmDescription": self._described(says, runbook),
            },
        )

    def alarm_if_any_is_above(
        self,
        id_: str,
        *,
        metrics: Sequence[Metric],
        limit: float,
        says: str,
        runbook: str,
        period_seconds: int = PERIOD_SECONDS,
    ) -> None:
        """Alarm when one of up to ten metrics is above the limit (CloudWatch user guide, limits of metric math alarms).

        It looks at three periods and rings for one: what arrives late was filled with 0 at first, so that the newest
        period alone would be called fine and not looked at again.

        Raises:
            ValueError: More metrics than one alarm takes.
        """
        if len(metrics) > METRICS_OF_AN_ALARM:
            raise ValueError(f"{id_}: {len(metrics)} metrics, but one alarm takes {METRICS_OF_AN_ALARM}; make several")
        ids = [f"m{number}" for number in range(len(metrics))]
        # FILL: a filter that has never hidden anything has no data, and must not hide the flood of another.
        highest = ",".join(f"FILL({one},0)" for one in ids)
        expression = {
            "Id": "highest", "Expression": f"MAX([{highest}])", "Label": "the highest of them", "ReturnData": True
        }  # fmt: skip
        self._alarm(
            id_,
            {
                "Metrics": [
                    expression,
                    *(_query(one, metric, period_seconds) for one, metric in zip(ids, metrics, strict=True)),
                ],
                "ComparisonOperator": "GreaterThanThreshold",
                "Threshold": limit,
                "TreatMissingData": "notBreaching",
                "EvaluationPeriods": LATE_PERIODS,
                "DatapointsToAlarm": 1,
                "AlarmDescription": self._described(says, runbook),
            },
        )

    def _alarm(self, id_: str, properties: Mapping[str, Any]) -> None:
        """An alarm that tells the topic, after the first bad period unless the properties say otherwise.

        In CloudFormation's own words (docs/decisions/0037).
        """
        own = {"AlarmActions": [self._topic_arn], "EvaluationPeriods": 1, **properties}
        CfnResource(self, id_, type="AWS::CloudWatch::Alarm", properties=own)

    def _described(self, says: str, runbook: str) -> str:
        """What an alarm says in its mail: what is wrong, and where to read on."""
        return f"{says} Runbook: {self._runbook_url}#{runbook}"


def _alarms_of(account: str) -> Statement:
    """Lets the alarms of this account, and nobody else's, publish to a topic; without the topic."""
    return {
        "Sid": "Alarms",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Condition": {"StringEquals": {"aws:SourceAccount": account}},
    }


def _single(metric: Metric, period_seconds: int) -> dict[str, Any]:
    return {
        "Namespace": metric.namespace,
        "MetricName": metric.name,
        "Dimensions": _dimensions(metric),
        "Statistic": metric.statistic,
        "Period": period_seconds,
    }


def _query(id_: str, metric: Metric, period_seconds: int) -> dict[str, Any]:
    """One metric of several, by a name that an expression knows it by."""
    named = {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": _dimensions(metric)}
    stat = {"Metric": named, "Period": period_seconds, "Stat": metric.statistic}
    return {"Id": id_, "MetricStat": stat, "ReturnData": False}


def _dimensions(metric: Metric) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in metric.dimensions.items()]
