"""The way of one Region's findings to the findings bus."""

from collections.abc import Sequence

from aws_cdk import CfnOutput
from aws_cdk import aws_events as events
from constructs import Construct

from infra.constructs.dead_letter_queue import DeadLetterQueue
from infra.constructs.event_rule import add_rule_alarms, from_rules, rule_arns
from infra.constructs.finding_pattern import findings_here
from infra.constructs.fixed_names import forwarder_name
from infra.constructs.operations import Operations
from infra.constructs.put_events_role import put_events_role
from infra.constructs.stack_location import StackLocation


class FindingForwarder(Construct):
    """Sends every GuardDuty finding on this Region's default bus to the findings bus.

    One hop is all that EventBridge forwards: from here a finding cannot travel on to a third Region or account.
    What cannot be forwarded within a day is kept in a queue of this Region, and an alarm says so.

    Attributes:
        target: The findings bus, as a target of a rule on this Region's default bus.

    Args:
        place: Where it is deployed.
        other_rules: Names of further rules that go the same way.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name_prefix: str,
        place: StackLocation,
        bus_arn: str,
        other_rules: Sequence[str] = (),
        operations: Operations,
    ) -> None:
        super().__init__(scope, id_)
        # A name, so that the queue can let the rule in before there is one.
        name = forwarder_name(name_prefix)
        undelivered = DeadLetterQueue(
            self,
            "Undelivered",
            label="Forwarder",
            says="Findings of this Region did not reach the findings bus and wait in the queue named in the metric. "
            "Check that the Response stack that takes them is deployed, then send them again.",
            runbook="forwarder-undelivered",
            operations=operations,
            senders=[from_rules(rule_arns(place, [name, *other_rules]), account=place.account)],
        )
        self._way_in = undelivered.policy
        CfnOutput(self, "UndeliveredUrl", value=undelivered.queue_url, description="Findings that did not get home")
        role = put_events_role(
            self,
            service="events.amazonaws.com",
            account=place.account,
            bus_arn=bus_arn,
            policy_name="PutFindings",
            description="Lets EventBridge put findings of this Region on the findings bus",
            users="the rules of one Region",
        )
        self.target = events.CfnRule.TargetProperty(
            id="findings-bus",
            arn=bus_arn,
            role_arn=role.attr_arn,
            dead_letter_config=events.CfnRule.DeadLetterConfigProperty(arn=undelivered.queue_arn),
        )
        rule = events.CfnRule(
            self,
            "Rule",
            name=name,
            description="Every GuardDuty finding, to the findings bus",
            event_pattern=findings_here(place.account),
            state="ENABLED",
            targets=[self.target],
        )
        self.let_in_before(rule)
        add_rule_alarms(
            rule_name=name,
            bus_name=None,
            label="Forwarder",
            remedy="Check that the Response stack that takes them is deployed and that this rule's role may put "
            "events on its bus, then send again what waits in the queue of undelivered findings.",
            operations=operations,
        )

    def let_in_before(self, rule: events.CfnRule) -> None:
        """Make the rule after the queue's policy: before it, the rule loses what it cannot deliver."""
        rule.add_resource_dependency(self._way_in)
