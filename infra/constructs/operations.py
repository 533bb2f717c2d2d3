"""Who hears of it when the stack itself is unwell."""

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.constructs.mail_topic import MailTopic


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
        self._action = actions.SnsAction(self.topic)

    def alarm_above(self, id_: str, *, metric: cloudwatch.IMetric, limit: float, says: str) -> None:
        """Alarm when one period of the metric is above the limit; no data is no alarm.

        Args:
            id_: Unique in this construct.
            metric: What to watch, with its period and statistic.
            limit: The highest value that is still fine.
            says: What it means and what to do, for the person who gets the message.
        """
        alarm = cloudwatch.Alarm(
            self,
            id_,
            metric=metric,
            threshold=limit,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=says,
        )
        alarm.add_alarm_action(self._action)
