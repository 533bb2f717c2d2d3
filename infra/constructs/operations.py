"""Who hears of it when the stack itself is unwell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.constructs.mail_topic import MailTopic

PERIOD_SECONDS = 300
"""Length of every alarm's period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A CloudWatch metric of one resource.

    Plain data, and alarms of the lowest level: every Region has some, and each call into CDK's own metric classes
    costs as much as a resource.
    """

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    statistic: str = "Sum"


class Operations(Construct):
    """The topic for alarms, apart from the topics for findings: a broken destination must be heard another way.

    An alarm reaches topics of its own Region only (CloudWatch user guide, alarm actions), so each Region has one.

    Attributes:
        topic: Where every alarm of this stack goes.
    """

    def __init__(self, scope: Construct, id_: str, *, emails: Sequence[str]) -> None:
        super().__init__(scope, id_)
        self.topic = MailTopic(self, "Topic", emails=emails, key=None).topic
        acknowledge(
            self.topic,
            rule="Serverless-SNSRedrivePolicy",
            reason="Alarm mails only: an alarm on lost alarm mails would go the same way. The alarm itself stays "
            "red in the console.",
        )
        acknowledge(
            self.topic,
            rule="NIST.800.53.R5-SNSEncryptedKMS",
            reason="Carries alarm names and metric values only, never a finding, and must work when the key of the "
            "findings does not. CloudWatch cannot use the key that AWS manages for SNS.",
        )
        # A topic policy of any kind, and `enforce_ssl` makes one, replaces the default that let CloudWatch in.
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="Alarms",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )

    def alarm_above(self, id_: str, *, metric: Metric, limit: float, says: str) -> None:
        """Alarm when one period of the metric is above the limit; no data is no alarm.

        Args:
            id_: Unique in this construct.
            metric: What to watch.
            limit: The highest value that is still fine.
            says: What it means and what to do, for the person who gets the message.
        """
        cloudwatch.CfnAlarm(
            self,
            id_,
            alarm_actions=[self.topic.topic_arn],
            alarm_description=says,
            namespace=metric.namespace,
            metric_name=metric.name,
            dimensions=[
                cloudwatch.CfnAlarm.DimensionProperty(name=name, value=value)
                for name, value in metric.dimensions.items()
            ],
            statistic=metric.statistic,
            period=PERIOD_SECONDS,
            comparison_operator="GreaterThanThreshold",
            threshold=limit,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
        )
